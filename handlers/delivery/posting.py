"""Reconciliation of one message of the bot's in Slack: post, update, or delete (docs/reliability.md 3).

People see it once: a message carries the opaque `op_id` of its outbox row as metadata, what has been
posted is remembered by the row's key, and after an uncertain attempt Slack is read back before anything
is posted again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.case.entities import Case
from bot.domain.directory.entities import Person
from bot.domain.errors import Overtaken
from bot.domain.notifications import Kind, Notification
from bot.usecases.notifications import refresh
from bot.usecases.ports import Claim, Clock, Database, Posted, UnitOfWork
from handlers.blocks.context import File, Message
from handlers.delivery.calls import NotReady, OutcomeUnknown, RateLimited, SlackRefused, Unusable, call
from handlers.delivery.pace import Pace

log = structlog.get_logger(__name__)
#: The type of the metadata event; its payload is the opaque op_id alone.
EVENT_TYPE = "tot"
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=10)
#: How far before a row's birth the read-back begins: clocks differ.
MARGIN = timedelta(minutes=10)
#: Gone already: what was to be taken away is not there, and what was to be updated must be posted anew.
GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, or a person's direct messages (`channel` may not be known yet)."""

    channel: str | None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The wanted state for one claim (None: no message), the place, and the message posted now."""

    wanted: Message | File | None
    place: Place
    posted: Posted | None
    key: str


def find_posted(uow: UnitOfWork, notification: Notification, key: str) -> Posted | None:
    """Return what stands under this key, of what the notification is of."""
    found = uow.find(Posted, key=key, case_id=notification.case_id, item=notification.item)
    return next(iter(found), None)


def digest(wanted: Message | File) -> str:
    """A hash of all that a reader sees."""
    if isinstance(wanted, File):
        shown = wanted.content + wanted.text.encode()
    else:
        shown = json.dumps([wanted.text, wanted.blocks], sort_keys=True).encode()
    return hashlib.sha256(shown).hexdigest()


class Posting:
    """Reconciles single messages."""

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, database: Database, clock: Clock
    ) -> None:
        self._client = client
        self._session = session
        self._database = database
        self._pace = Pace(clock)

    async def reconcile(self, claim: Claim, target: Target) -> bool:
        """Post, update or delete so that Slack shows what is wanted; whether to look again what that is.

        Whoever changes what a message shows asks for each that is remembered, and its row is delivered once
        more. One that is remembered only now could not be asked for by what changed on its way.

        Raises:
            NotReady: the room is not there yet.
            RetryAfter, OutcomeUnknown, SlackRefused: from Slack.
        """
        posted = target.posted
        if posted is None and claim.attempts > 1:
            posted = await self._read_back(claim, target)
        remembered_now = posted is not target.posted
        if target.wanted is None:
            if posted is not None:
                await self.take_away(posted)
            return remembered_now
        stands = posted is not None and posted.digest == digest(target.wanted)
        if stands or (posted is not None and await self._update(posted, target.wanted)):
            return remembered_now
        if isinstance(target.wanted, File):
            await self._upload(claim, target, target.wanted)
        else:
            await self._post(claim, target, target.wanted)
        return True

    # --- posting ---------------------------------------------------------------------------------

    async def _post(self, claim: Claim, target: Target, message: Message) -> Posted | None:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"op_id": claim.op_id}}
        address = _address(target.place)
        self._pace.wait_for_turn(address, claim.op_id)
        try:
            answer = await call(
                self._client.chat_postMessage(
                    channel=address,
                    text=message.text,
                    blocks=message.blocks or None,
                    metadata=metadata,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
        except RateLimited as error:
            raise self._pace.refused(address, claim.op_id, error.after) from error
        return await self._remember(claim, target, answer["channel"], answer["ts"], digest(message))

    async def _upload(self, claim: Claim, target: Target, file: File) -> Posted | None:
        channel = target.place.channel or await self._open(target.place)
        name = _file_name(claim, file)
        ticket = await call(
            self._client.files_getUploadURLExternal(
                filename=name, length=len(file.content), alt_txt=file.alt or None
            )
        )
        await self._send_bytes(ticket["upload_url"], file.content)
        answer = await call(
            self._client.files_completeUploadExternal(
                files=[{"id": ticket["file_id"], "title": name}],
                channel_id=channel,
                initial_comment=file.text,
            )
        )
        ts = _share_ts(answer, channel)
        return await self._remember(claim, target, channel, ts, digest(file), file_id=ticket["file_id"])

    async def _send_bytes(self, url: str, content: bytes) -> None:
        """The bytes, to the address that Slack has given for them; it is outside the Web API."""
        try:
            async with self._session.post(url, data=content, timeout=UPLOAD_TIMEOUT) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(type(error).__name__) from error
        if status != 200:
            raise OutcomeUnknown(str(status))

    async def _update(self, posted: Posted, wanted: Message | File) -> bool:
        """Update the posted message. Return False if it has to be posted anew."""
        if isinstance(wanted, File):
            await self.take_away(posted)
            return False
        try:
            await call(
                self._client.chat_update(
                    channel=posted.channel_id,
                    ts=posted.ts,
                    text=wanted.text,
                    blocks=wanted.blocks,
                )
            )
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                raise
            await self._database.write(lambda uow: _forget(uow, posted))
            return False
        shown = digest(wanted)
        await self._database.write(lambda uow: _note_digest(uow, posted, shown))
        return True

    async def clear(self, case_id: str, channel: str, *, again: bool = False) -> bool:
        """Take away what stands in a room, as far as Slack lets the bot; return whether nothing is left.

        With `again` it is asked for anew, for when the room is a closed one.
        """
        stands = await self._database.read(lambda uow: uow.find(Posted, case_id=case_id))
        left = False
        for posted in (each for each in stands if each.channel_id == channel):
            then = (refresh(posted),) if again and posted.kind is not Kind.ROOM else ()
            try:
                await self.take_away(posted, *then)
            except Unusable:
                raise
            except SlackRefused as refusal:
                log.warning("room.message_left", code=refusal.code)
                left = True
                if refusal.code == "is_archived":
                    break
        return not left

    async def take_away(self, posted: Posted, *then: Notification) -> None:
        """Delete a message, and its file, from Slack and then from memory; `then` is left in the outbox."""
        ts = posted.ts or await self._ts_of_file(posted)
        if ts:
            await self._unless_gone(self._client.chat_delete(channel=posted.channel_id, ts=ts))
        if posted.file_id is not None:
            await self._unless_gone(self._client.files_delete(file=posted.file_id))
        await self._database.write(lambda uow: _forget(uow, posted, *then))

    async def delete_orphans(self, claim: Claim, target: Target) -> None:
        """Delete what this claim's row has posted and nobody remembers: its lease was lost on the way."""
        channel = target.place.channel
        if channel is None and target.place.person is not None:
            channel = await self._open(target.place)
        if channel is None:
            return
        try:
            history = self._history(channel, claim.enqueued_at - MARGIN)
            found = [m async for m in history if _is_of(claim, m) or _file_of(claim, m)]
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                raise
            return
        kept = target.posted
        for message in found:
            file_id = _file_of(claim, message)
            if kept is not None and (message["ts"] == kept.ts or (file_id and file_id == kept.file_id)):
                continue
            await self._unless_gone(self._client.chat_delete(channel=channel, ts=message["ts"]))
            if file_id is not None:
                await self._unless_gone(self._client.files_delete(file=file_id))

    async def _unless_gone(self, request: Awaitable[AsyncSlackResponse]) -> None:
        try:
            await call(request)
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                raise

    async def _ts_of_file(self, posted: Posted) -> str:
        """The message that carries a file; Slack does not tell when the upload is completed."""
        try:
            async for message in self._history(posted.channel_id, posted.posted_at - MARGIN):
                if any(f.get("id") == posted.file_id for f in message.get("files", [])):
                    return str(message["ts"])
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                raise
        return ""

    # --- remembering and reading back ----------------------------------------------------------------

    async def _remember(
        self, claim: Claim, target: Target, channel: str, ts: str, shown: str, file_id: str | None = None
    ) -> Posted | None:
        """Remember what has been posted. Of a case that is being erased nothing is: it is deleted instead."""
        notification = claim.notification

        def remember(uow: UnitOfWork) -> Posted | None:
            if notification.case_id is not None:
                # A change that did not see this message is over now, and is seen by the next look.
                uow.lock_case(notification.case_id)
                case = uow.get(Case, notification.case_id)
                if case is None or case.going:
                    return None
            if notification.item is not None:
                uow.lock_item(notification.item)
            posted = Posted(
                id=uow.ids.new(),
                key=target.key,
                kind=notification.kind,
                subject=notification.subject,
                op_id=claim.op_id,
                channel_id=channel,
                ts=ts,
                digest=shown,
                posted_at=uow.now,
                case_id=notification.case_id,
                person_id=target.place.person.id if target.place.person else None,
                file_id=file_id,
                item=notification.item,
                params=notification.params,
            )
            other = find_posted(uow, notification, target.key)
            if other is not None:
                return other
            uow.add(posted)
            person = target.place.person
            stored = uow.get(Person, person.id) if person is not None else None
            if stored is not None and stored.dm_channel != channel:
                uow.change(stored, dm_channel=channel)
            return posted

        try:
            kept = await self._database.write(remember)
        except Overtaken:
            other = await self._database.write(lambda uow: find_posted(uow, notification, target.key))
            if other is None:
                raise
            kept = other
        if ts and (kept is None or kept.ts != ts):
            await self._unless_gone(self._client.chat_delete(channel=channel, ts=ts))
        if kept is None and file_id is not None:
            await self._unless_gone(self._client.files_delete(file=file_id))
        return kept

    async def _read_back(self, claim: Claim, target: Target) -> Posted | None:
        """Remember and return what an earlier, uncertain attempt left in Slack, if anything."""
        if target.place.channel is None and target.place.person is None:
            return None
        channel = target.place.channel or await self._open(target.place)
        since = claim.enqueued_at - MARGIN
        async for message in self._history(channel, since):
            if _is_of(claim, message):
                return await self._remember(claim, target, channel, message["ts"], "")
            file_id = _file_of(claim, message)
            if file_id is not None:
                return await self._remember(claim, target, channel, message["ts"], "", file_id)
        return None

    async def _history(self, channel: str, since: datetime) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        while True:
            answer = await call(
                self._client.conversations_history(
                    channel=channel,
                    oldest=f"{since.astimezone(UTC).timestamp():.6f}",
                    include_all_metadata=True,
                    cursor=cursor or None,
                    limit=100,
                )
            )
            for message in answer.get("messages", []):
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _open(self, place: Place) -> str:
        if place.person is None or place.person.slack_id is None:
            raise NotReady
        answer = await call(self._client.conversations_open(users=place.person.slack_id))
        return str(answer["channel"]["id"])


def _address(place: Place) -> str:
    """A channel, or the person's own id: Slack posts that to the direct message."""
    if place.channel is not None:
        return place.channel
    if place.person is None or place.person.slack_id is None:
        raise NotReady
    return place.person.slack_id


def _is_of(claim: Claim, message: dict[str, Any]) -> bool:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return bool(payload.get("op_id") == claim.op_id)


def _file_of(claim: Claim, message: dict[str, Any]) -> str | None:
    """The id of the file that the claim's row has posted with this message."""
    return next((f["id"] for f in message.get("files", []) if _op_name(claim) in f.get("name", "")), None)


def _op_name(claim: Claim) -> str:
    return hashlib.sha256(claim.op_id.encode()).hexdigest()[:12]


def _file_name(claim: Claim, file: File) -> str:
    """Opaque, and found again by the read-back: made from the row's own key."""
    stem, _, ending = file.name.rpartition(".")
    return f"{stem.split('-')[0]}-{_op_name(claim)}.{ending}"


def _share_ts(answer: dict[str, Any], channel: str) -> str:
    for file in answer.get("files", []):
        for shares in (file.get("shares") or {}).values():
            for share in shares.get(channel, []):
                return str(share["ts"])
    return ""


def _forget(uow: UnitOfWork, posted: Posted, *then: Notification) -> None:
    stored = uow.get(Posted, posted.id)
    if stored is not None:
        uow.remove(stored)
        uow.enqueue(*then)


def _note_digest(uow: UnitOfWork, posted: Posted, shown: str) -> None:
    stored = uow.get(Posted, posted.id)
    if stored is not None:
        uow.change(stored, digest=shown)
