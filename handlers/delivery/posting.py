"""Reconciliation of one of the bot's messages in Slack: post, update, or delete (docs/reliability.md 3).

People see a message once: it carries the opaque `op_id` of its outbox entry as metadata, it is remembered by
the entry's key once posted, and after an uncertain attempt Slack is read back before it is posted again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.case.entities import Case, Room
from bot.domain.directory.entities import Person
from bot.domain.errors import Overtaken
from bot.domain.notifications import CHAIN_KINDS, Kind, Notification
from bot.usecases.delivery import look_for_copies, missed, still_posted
from bot.usecases.ports import LANDS_WITHIN, Claim, Clock, Database, Posted, UnitOfWork
from bot.usecases.room import room_changed
from handlers.blocks.context import File, Message
from handlers.delivery.calls import (
    NotReady,
    OutcomeUnknown,
    RateLimited,
    RetryAfter,
    SlackRefused,
    call,
)
from handlers.delivery.deleting import (
    EVENT_TYPE,
    GONE,
    Copy,
    Deleting,
    copy_of,
    file_mark,
    forget,
    is_alike,
)
from handlers.delivery.pace import Pace
from handlers.delivery.slack_time import SlackTime
from handlers.delivery.target import SOONEST, Place, Target, digest, find_posted

UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=10)
#: Time between two messages to a channel that was written to too fast (docs/slack-facts.md 12).
GAP = timedelta(seconds=1)
#: Codes for a channel that is closed to the bot. Direct messages are then opened again, in another channel.
CHANNEL_CLOSED = frozenset({"channel_not_found", "is_archived", "is_inactive", "not_in_channel"})
#: The workspace allows edits only for a time, or the message is from an earlier installation of the app.
NOT_TO_BE_CHANGED = frozenset({"edit_window_closed", "cant_update_message"})


#: Ends an entry in the transaction that remembers what Slack shows now, if what was posted (True) or updated
#: (False) is still wanted; returns whether it is.
Conclude = Callable[[UnitOfWork, bool], bool]


class _Updated(Enum):
    """The result of an update: as is wanted now, no longer so, or the message has to be posted again."""

    AS_WANTED = auto()
    OUTDATED = auto()
    POST_AGAIN = auto()


class Posting(Deleting):
    """Reconciles single messages."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        database: Database,
        clock: Clock,
        slack_time: SlackTime,
    ) -> None:
        super().__init__(client, database, slack_time)
        self._session = session
        self._clock = clock
        self._pace = Pace(clock)

    async def reconcile(self, claim: Claim, target: Target, conclude: Conclude | None = None) -> bool:
        """Post, update or delete so that Slack shows what is wanted; return whether to check that again.

        A change enqueues each remembered message that it affects, so its entry is delivered again. A change
        during the delivery cannot enqueue a message that is not remembered yet: `conclude` checks it in the
        transaction that remembers it. If it is given, only this message is left to do for the entry.

        Raises:
            NotReady: the room is not there yet.
            RetryAfter: a message that a dead process sent may still arrive, or Slack asks for it.
            OutcomeUnknown, SlackRefused: from Slack.
        """
        try:
            return await self._reconcile(claim, target, conclude)
        except SlackRefused as refusal:
            channel = target.place.channel
            if target.place.person is None and channel is not None and refusal.code in CHANNEL_CLOSED:
                if target.wanted is None and target.posted is None:
                    return False
                # Nobody has been told yet what became of the room: the message waits for a closed one.
                await self._database.write(lambda uow: room_changed(uow, channel))
                raise RetryAfter(SOONEST) from refusal
            if refusal.code not in CHANNEL_CLOSED or target.place.person is None or target.wanted is None:
                raise
            anew = await self._opened_anew(target)
        return await self._reconcile(claim, anew, conclude)

    async def _opened_anew(self, target: Target) -> Target:
        """Return the target in the person's direct messages as they are now.

        A message in the earlier channel stays there.
        """
        posted, opened = target.posted, await self.opened(target.place)
        if posted is not None and posted.channel_id != opened:
            old = posted
            await self._database.write(lambda uow: forget(uow, old))
            posted = None
        return replace(target, place=Place(opened, target.place.person), posted=posted)

    async def _reconcile(self, claim: Claim, target: Target, conclude: Conclude | None) -> bool:
        posted = target.posted
        if posted is None and claim.attempts > 1:
            posted = await self._read_back(claim, target, conclude)
            if posted is None and claim.may_arrive and target.wanted is not None and conclude is not None:
                raise RetryAfter(LANDS_WITHIN)
        remembered_now = posted is not target.posted
        if target.wanted is None:
            if posted is None:
                return remembered_now
            return await self.take_away(posted) or remembered_now
        # What Slack shows after an uncertain attempt is unknown; but a file cannot have been changed.
        known = claim.attempts == 1 or isinstance(target.wanted, File)
        if posted is not None and known and posted.digest == digest(target.wanted):
            return remembered_now
        if posted is not None:
            updated = await self._update(claim, posted, target, None if remembered_now else conclude)
            if updated is not _Updated.POST_AGAIN:
                return remembered_now or updated is _Updated.OUTDATED
        if isinstance(target.wanted, File):
            return await self._upload(claim, target, target.wanted, conclude)
        return await self._post(claim, target, target.wanted, conclude)

    async def stands(self, claim: Claim, target: Target) -> bool:
        """Remember what an earlier attempt left in Slack; return whether there was anything."""
        return target.posted is None and await self._read_back(claim, target) is not None

    # --- posting ---------------------------------------------------------------------------------

    async def _post(self, claim: Claim, target: Target, message: Message, conclude: Conclude | None) -> bool:
        """Post a message; return whether to check again what is wanted."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"op_id": claim.op_id}}
        address, name = _address(target.place), _pace_key(target.place)
        self._check_pace(name, claim)
        try:
            answer = await call(
                self._client.chat_postMessage(
                    channel=address,
                    text=target.lock_screen,
                    blocks=message.blocks,
                    metadata=metadata,
                    unfurl_links=False,
                    unfurl_media=False,
                ),
                posts=True,
            )
        except RateLimited as error:
            self._pace.close(name, error.after)
            self._check_pace(name, claim)
            raise
        _, concluded = await self._remember(
            claim, target, answer["channel"], answer["ts"], digest(message), conclude=conclude
        )
        return not concluded

    def _check_pace(self, name: str, claim: Claim) -> None:
        """Raise RetryAfter if Slack has said that a channel is written to too fast."""
        after = self._pace.wait(name, GAP, urgent=claim.notification.kind.urgent)
        if after > timedelta(0):
            raise RetryAfter(after)

    async def _upload(self, claim: Claim, target: Target, file: File, conclude: Conclude | None) -> bool:
        """As `_post`, for a file."""
        channel = target.place.channel or await self.opened(target.place)
        name = _file_name(claim, file)
        ticket = await call(self._client.files_getUploadURLExternal(filename=name, length=len(file.content)))
        await self._send_bytes(ticket["upload_url"], file.content)
        await call(
            self._client.files_completeUploadExternal(
                files=[{"id": ticket["file_id"], "title": name}],
                channel_id=channel,
                initial_comment=target.lock_screen,
            ),
            posts=True,
        )
        shown, file_id = digest(file), ticket["file_id"]
        _, concluded = await self._remember(
            claim, target, channel, "", shown, file_id=file_id, conclude=conclude
        )
        return not concluded

    async def _send_bytes(self, url: str, content: bytes) -> None:
        """Send a file's bytes to the address that Slack has given; it is outside the Web API."""
        try:
            async with self._session.post(url, data=content, timeout=UPLOAD_TIMEOUT) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(type(error).__name__) from error
        if status != 200:
            raise OutcomeUnknown(str(status))

    async def _update(
        self, claim: Claim, posted: Posted, target: Target, conclude: Conclude | None
    ) -> _Updated:
        wanted = target.wanted
        if not isinstance(wanted, Message):
            await self._delete_or_free_key(posted)
            return _Updated.POST_AGAIN
        try:
            await call(
                self._client.chat_update(
                    channel=posted.channel_id,
                    ts=posted.ts,
                    text=target.lock_screen,
                    blocks=wanted.blocks,
                ),
                posts=True,
            )
        except SlackRefused as refusal:
            if refusal.code in NOT_TO_BE_CHANGED:
                await self._delete_or_free_key(posted)
                return _Updated.POST_AGAIN
            if refusal.code not in GONE - CHANNEL_CLOSED:
                raise
            is_missed = await self._database.write(lambda uow: missed(uow, posted))
            return _Updated.POST_AGAIN if is_missed else _Updated.AS_WANTED
        shown = digest(wanted)

        def note(uow: UnitOfWork) -> bool:
            stored = still_posted(uow, posted)
            if stored is not None:
                uow.change(stored, digest=shown)
            if claim.inherited:
                # A call that the dead process had sent may still land on this update.
                later = uow.now + LANDS_WITHIN
                uow.enqueue(look_for_copies(claim, posted.channel_id, later, changed=True))
            return conclude is None or conclude(uow, False)

        return _Updated.AS_WANTED if await self._database.write(note) else _Updated.OUTDATED

    async def _delete_or_free_key(self, posted: Posted) -> None:
        """Delete a message that cannot be changed, so that another one can replace it."""
        if not await self.take_away(posted):
            await self._database.write(lambda uow: _free_key(uow, posted))

    # --- remembering and reading back ----------------------------------------------------------------

    async def _remember(
        self,
        claim: Claim,
        target: Target,
        channel: str,
        ts: str,
        shown: str,
        file_id: str | None = None,
        conclude: Conclude | None = None,
    ) -> tuple[Posted | None, bool]:
        """Remember what was posted, and conclude; delete it if its case is being erased or its key is taken.

        Return the message that is remembered (None if its case is being erased), and whether the entry has
        ended.
        """
        notification = claim.notification

        def remember(uow: UnitOfWork) -> tuple[Posted | None, bool]:
            if not _owner_stands(uow, notification):
                return None, False
            other = find_posted(uow, notification, target.key)
            if other is not None:
                return other, False
            posted = Posted(
                id=uow.ids.new(),
                key=target.key,
                kind=notification.kind,
                subject=notification.subject,
                op_id=claim.op_id,
                channel_id=channel,
                ts=ts,
                digest=shown,
                # Only the day: by the exact time, events of a case at that time would tell whose case it is.
                posted_at=_day_of(uow.now) if notification.has_no_owner else uow.now,
                case_id=notification.case_id,
                person_id=target.place.person.id if target.place.person else None,
                file_id=file_id,
                item=notification.item,
                params=notification.params,
            )
            person = target.place.person
            if person is None:
                posted = _in_its_room(uow, posted)
            if person is not None and person.dm_channel != channel:
                # Two messages to somebody new may be posted at once.
                stored = uow.get(Person, person.id)
                if stored is not None and stored.dm_channel != channel:
                    uow.change(stored, dm_channel=channel)
            uow.add(posted)
            return posted, conclude is not None and conclude(uow, True)

        concluded = False
        try:
            kept, concluded = await self._database.note(remember)
        except Overtaken:
            other = await self._database.write(lambda uow: find_posted(uow, notification, target.key))
            if other is None:
                # It is posted but not remembered: the retry reads back before it posts again.
                raise OutcomeUnknown from None
            kept = other
        if kept is None or (ts and kept.ts != ts):
            copy = Copy(ts, file_id if kept is None else None)
            await self.delete_copies(notification, channel, [copy])
        return kept, concluded

    async def _read_back(
        self, claim: Claim, target: Target, conclude: Conclude | None = None
    ) -> Posted | None:
        """Remember and return what an earlier, uncertain attempt left in Slack, if anything.

        A killed process may have sent a call that lands later: unless the only message that can exist was
        found, the channel is checked once more afterwards.
        """
        if target.place.channel is None and target.place.person is None:
            return None
        channel = target.place.channel or await self.opened(target.place)
        since = self._slack_time.since(claim.enqueued_at)
        known = await self._database.read(lambda uow: _known(uow, claim))
        found = alike = None
        async for message in self._history(channel, since):
            found = copy_of(claim.op_id, message)
            if found is not None:
                break
            if alike is None and known is not None and message["ts"] not in known:
                alike = Copy(message["ts"]) if is_alike(claim.op_id, message) else None
        found = found or alike
        if found is None or claim.attempts > 2:
            await self._database.write(
                lambda uow: uow.enqueue(look_for_copies(claim, channel, uow.now + LANDS_WITHIN))
            )
        if found is None:
            return None
        remembered, _ = await self._remember(
            claim, target, channel, found.ts, "", found.file_id, conclude=conclude
        )
        return remembered

    async def opened(self, place: Place) -> str:
        """Return the channel of a person's direct messages."""
        if place.person is None or place.person.slack_id is None:
            raise NotReady
        answer = await call(self._client.conversations_open(users=place.person.slack_id))
        return str(answer["channel"]["id"])


def _address(place: Place) -> str:
    """Return the channel, or the person's own id, which Slack takes for the direct messages."""
    if place.channel is not None:
        return place.channel
    if place.person is None or place.person.slack_id is None:
        raise NotReady
    return place.person.slack_id


def _pace_key(place: Place) -> str:
    """Return the name in `Pace`: the person's for direct messages, known channel or not."""
    return place.person.id if place.person is not None else place.channel or ""


def _file_name(claim: Claim, file: File) -> str:
    """Return an opaque name, made from the entry's key so that reading back finds the file."""
    stem, _, ending = file.name.rpartition(".")
    return f"{stem.split('-')[0]}-{file_mark(claim.op_id)}.{ending}"


def _owner_stands(uow: UnitOfWork, notification: Notification) -> bool:
    """Return whether the case or item of a message stands; only what was not deleted is told after that."""
    if notification.case_id is not None:
        case = uow.get(Case, notification.case_id)
        if case is None or case.purged_at is not None:
            return False
        if case.is_being_erased and notification.kind is not Kind.NOT_DELETED:
            return False
    return notification.item is None or uow.item_stands(notification.item)


def _day_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _known(uow: UnitOfWork, claim: Claim) -> set[str] | None:
    """Return the remembered timestamps of a chain that a restore repeats; other messages may belong to it."""
    if not claim.restored or claim.notification.kind not in CHAIN_KINDS:
        return None
    return {posted.ts for posted in uow.find(Posted, case_id=claim.notification.case_id)}


def _free_key(uow: UnitOfWork, posted: Posted) -> None:
    """Let another message take the key of one that stays; that is deleted with the case."""
    stored = still_posted(uow, posted)
    if stored is not None:
        uow.change(stored, key=f"undeleted:{stored.id}")


def _in_its_room(uow: UnitOfWork, posted: Posted) -> Posted:
    """If something happened to the room during the delivery, enqueue the room with all that is posted in it.

    A message in a room that has been replaced is remembered as such, and posted again in the new room.
    """
    room = next(iter(uow.find(Room, case_id=posted.case_id)), None)
    if room is None or (room.trouble is None and room.channel_id == posted.channel_id):
        return posted
    uow.enqueue(Notification(Kind.ROOM, room.case_id, case_id=room.case_id))
    return posted if room.channel_id == posted.channel_id else replace(posted, key=f"former:{posted.id}")
