"""Reconciliation of a case's room: the database says who belongs in it, and Slack is changed to match.

Running it twice is harmless: `name_taken`, `already_in_channel`, `not_in_channel` and `already_archived` mean
that Slack already has what was wanted. Slack is asked each time what the room is: people can have made it
something else than the closed room of the case (docs/slack-facts.md 11).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import FormerRoom, Room, RoomTrouble
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, Occurrence
from bot.domain.overview.told import tell
from bot.domain.room import READ_BY_OTHERS, WITHOUT_BOT, SeenRoom, trouble_of
from bot.usecases.involvement.summons import note_return
from bot.usecases.notifications import standing_notification
from bot.usecases.ports import Claim, Database, UnitOfWork
from bot.usecases.room import (
    intruder_alerts,
    note_inside,
    note_left,
    note_trouble,
    room_made,
    tell_of_left_out,
)
from handlers.delivery.calls import (
    OUT_OF_ORDER_CODES,
    NotDeleted,
    NotReady,
    RetryAfter,
    SlackRefused,
    Unusable,
    call,
    pages,
    refused,
)

log = structlog.get_logger(__name__)
#: Suffixes tried when a room's name is taken by a channel that is not the bot's.
NAME_TRIES = ("", "-2", "-3", "-4")
NOT_THERE = frozenset({"not_in_channel", "user_not_found", "user_not_in_channel"})
#: Codes about the room itself, not a person in it: it is no longer what was checked.
ROOM_CHANGED = frozenset({"channel_not_found", "is_archived"})
#: Delay before the room is checked again after such a code.
LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RoomWanted:
    """The wanted state of a room: its case, and the person ids of its people by Slack id."""

    file: CaseFile
    people: dict[str, str]


class Rooms:
    """Creates rooms, invites and removes people, archives."""

    def __init__(self, client: AsyncWebClient, database: Database) -> None:
        self._client = client
        self._database = database
        self._me = ""

    async def reconcile(self, claim: Claim, wanted: RoomWanted | None) -> Room | None:
        """Reconcile the room and its people; return the room, or None if there is none to keep.

        An unchanged room is returned as the object in `wanted`. A room in trouble is emptied of people as far
        as that helps, and nobody is let in.

        Raises:
            RetryAfter, OutcomeUnknown, SlackRefused: from Slack.
        """
        if wanted is None or wanted.file.room.archived:
            return None
        room = wanted.file.room
        if room.channel_id is None:
            if not wanted.people:
                return None
            room = await self._create(claim, wanted.file)
        else:
            trouble = await self.trouble(room)
            if trouble is not room.trouble:
                room = await self._database.write(partial(note_trouble, room=room, trouble=trouble))
            if trouble is not None:
                return await self._empty(room, trouble, wanted)
        return await self._reconcile_people(room, wanted)

    # --- the channel --------------------------------------------------------------------------------

    async def _create(self, claim: Claim, file: CaseFile) -> Room:
        for suffix in NAME_TRIES:
            name = f"rom-{file.case.code}{suffix}"
            channel = await self._own_channel(name) if claim.attempts > 1 else None
            if channel is None:
                try:
                    answer = await call(self._client.conversations_create(name=name, is_private=True))
                    channel = str(answer["channel"]["id"])
                except SlackRefused as refusal:
                    if refusal.code != "name_taken":
                        raise
                    channel = await self._own_channel(name)
            if channel is not None:
                return await self._note_channel(file.room, channel, name, new=claim.attempts == 1)
        raise SlackRefused("name_taken")

    async def _own_channel(self, name: str) -> str | None:
        """Return a closed channel of this name that the bot made in an attempt that was cut off."""
        me = await self._own_id()
        ask = self._client.users_conversations
        async for answer in pages(partial(ask, types="private_channel", exclude_archived=True, limit=200)):
            for channel in answer.get("channels", []):
                seen = replace(_seen(channel), member=True)
                if seen.creator == me and trouble_of(Room("", "", name=name), seen) is None:
                    return str(channel["id"])
        return None

    async def _note_channel(self, room: Room, channel: str, name: str, *, new: bool) -> Room:
        def note(uow: UnitOfWork) -> Room:
            stored = uow.get(Room, room.id)
            if stored is None:
                raise NotReady
            made = uow.change(stored, channel_id=channel, name=name, doubts=stored.doubts + (0 if new else 1))
            room_made(uow, room.case_id)
            return made

        return await self._database.write(note)

    async def _own_id(self) -> str:
        self._me = self._me or str((await call(self._client.auth_test()))["user_id"])
        return self._me

    async def trouble(self, room: Room) -> RoomTrouble | None:
        """Return the room's trouble. A new name is undone here: a bot may rename a channel that it made."""
        trouble = trouble_of(room, await self._look(str(room.channel_id)))
        if trouble is RoomTrouble.RENAMED:
            named = self._client.conversations_rename(channel=str(room.channel_id), name=str(room.name))
            code = await refused(named)
            if not code:
                return None
            log.warning("room.rename_refused", code=code)
        return trouble

    async def _look(self, channel: str) -> SeenRoom | None:
        """Return what Slack says about a channel; None if the bot cannot see it."""
        try:
            answer = await call(self._client.conversations_info(channel=channel))
        except SlackRefused as refusal:
            if refusal.code == "missing_scope":
                # The scope for private channels is there, as the room was made with it; so it is public now.
                return SeenRoom("", "", private=False, shared=False, archived=False, member=True)
            if refusal.code in (*ROOM_CHANGED, *NOT_THERE):
                return None
            raise
        return _seen(answer["channel"])

    # --- its people -----------------------------------------------------------------------------------

    async def _reconcile_people(self, room: Room, wanted: RoomWanted) -> Room:
        channel = str(room.channel_id)
        slack_ids = {person: slack_id for slack_id, person in wanted.people.items()}
        if room.doubts:
            there = await self._members(channel)
        else:
            there = set(by_slack_id(wanted.file, room.members))
        stay = await self._remove_all(room, there - set(wanted.people))
        away = {s for p, s in slack_ids.items() if s not in there and wanted.file.has_left(p)}
        absent = await self._invite(channel, sorted(set(wanted.people) - there - away))
        members = tuple(sorted(p for p, s in slack_ids.items() if s not in absent | away))
        left_out = tuple(sorted(p for p, s in slack_ids.items() if s in absent)) or None
        if (room.members, room.left_out, room.doubts) == (members, left_out, 0) and not (
            stay or room.kick_refused
        ):
            return room
        return await self._note_people(room, members, left_out, refused=bool(stay))

    async def _empty(self, room: Room, trouble: RoomTrouble, wanted: RoomWanted) -> Room:
        """Remove people as far as possible, everybody if others can read; note who is inside, if known."""
        there = None if trouble in WITHOUT_BOT else await self._known_members(room)
        if there is not None and trouble is not RoomTrouble.ARCHIVED:
            out = there if trouble in READ_BY_OTHERS else there - set(wanted.people)
            there = there - out | await self._remove_all(room, out)
        return await self._database.write(partial(note_inside, room=room, slack_ids=there))

    async def _known_members(self, room: Room) -> set[str] | None:
        """Return who is in a room; None if the bot lacks the scope for what the room has become."""
        try:
            return await self._members(str(room.channel_id))
        except Unusable as refusal:
            if refusal.code != "missing_scope":
                raise
            return None

    async def _members(self, channel: str) -> set[str]:
        members: set[str] = set()
        me = await self._own_id()
        async for answer in pages(partial(self._client.conversations_members, channel=channel, limit=200)):
            members.update(answer.get("members", []))
        return members - {me}

    async def _invite(self, channel: str, slack_ids: Iterable[str]) -> set[str]:
        """Invite all at once, or one by one if Slack refuses, to know whom. Return those refused."""
        people = list(slack_ids)
        if not people:
            return set()
        try:
            await call(self._client.conversations_invite(channel=channel, users=people))
        except Unusable:
            raise
        except SlackRefused as refusal:
            if refusal.code in (*ROOM_CHANGED, "not_in_channel"):
                raise RetryAfter(LOOK_AGAIN) from refusal
            if len(people) == 1:
                if refusal.code == "already_in_channel":
                    return set()
                log.warning("room.invite_refused", code=refusal.code)
                return set(people)
            absent = [await self._invite(channel, [slack_id]) for slack_id in people]
            return set().union(*absent)
        return set()

    async def _remove_all(self, room: Room, slack_ids: set[str]) -> set[str]:
        """Remove people and note that; return those whom Slack does not let the bot remove."""
        stay = set()
        for slack_id in sorted(slack_ids):
            code = await self._kick(str(room.channel_id), slack_id)
            if code in ROOM_CHANGED:
                raise RetryAfter(LOOK_AGAIN)
            if code:
                stay.add(slack_id)
            else:
                await self._database.write(partial(_note_removed, room=room, slack_id=slack_id))
        return stay

    async def _kick(self, channel: str, slack_id: str) -> str:
        """Remove a person. Return Slack's code if it refuses only that call; empty if they are out."""
        code = await refused(self._client.conversations_kick(channel=channel, user=slack_id))
        if not code or code in NOT_THERE:
            return ""
        log.warning("room.kick_refused", code=code)
        return code

    async def _note_people(
        self, room: Room, members: tuple[str, ...], left_out: tuple[str, ...] | None, *, refused: bool
    ) -> Room:
        def note(uow: UnitOfWork) -> Room:
            stored = uow.get(Room, room.id)
            if stored is None:
                raise NotReady
            same = (stored.members, stored.left_out) == (members, left_out)
            if same and stored.doubts == room.doubts == 0 and stored.kick_refused == refused:
                return stored
            noted = uow.change(
                room, members=members, left_out=left_out, doubts=1 if refused else 0, kick_refused=refused
            )
            file = uow.case_file(room.case_id)
            if file is not None:
                for person in members:
                    note_return(uow, file, person)
                tell_of_left_out(uow, file, stored.left_out or ())
                if (stored.members, stored.kick_refused) != (members, refused):
                    uow.enqueue(standing_notification(room.case_id))
                if refused and not stored.kick_refused:
                    refusal = Occurrence(str(int(uow.now.timestamp() * 1000)))
                    uow.enqueue(*tell(file, Kind.KICK_REFUSED, file.case, refusal))
            return noted

        return await self._database.write(note)

    # --- its end --------------------------------------------------------------------------------------

    async def archive(self, room: Room, *, anyway: bool = False) -> None:
        """Empty and archive the room of a deleted case; with `anyway`, even if people stay in it.

        Raises:
            RetryAfter, OutcomeUnknown: from Slack.
            SlackRefused: the room is not in trouble; for one in trouble the cause is known.
            NotDeleted: Slack does not let the bot remove people, who could go on reading.
        """
        if room.channel_id is None or room.archived:
            return
        everybody_out, refusal = await self._close(room.channel_id, anyway=anyway)
        if not everybody_out and not anyway:
            raise NotDeleted
        if refusal is not None and room.trouble is None and await self.trouble(room) is None:
            raise refusal
        await self._database.write(lambda uow: _note_archived(uow, room))

    async def leave(self, former: FormerRoom, *, cleared: bool) -> None:
        """Empty and archive a room that has been replaced, as far as Slack allows.

        `cleared` tells whether the bot's messages there are gone.
        """
        everybody_out, refusal = await self._close(former.channel_id, anyway=True)
        emptied = cleared and everybody_out and refusal is None
        inside = set[str]() if emptied else await self._members(former.channel_id)
        await self._database.write(partial(note_left, former=former, inside=inside, emptied=emptied))

    async def reaches(self, channel: str) -> bool:
        """Return whether the bot is in the channel."""
        seen = await self._look(channel)
        return seen is not None and seen.member

    async def empty(self, channel: str, stay: Set[str] = frozenset()) -> bool:
        """Remove everybody but `stay`, by Slack id; return whether all others are out."""
        out = [not await self._kick(channel, each) for each in sorted(await self._members(channel) - stay)]
        return all(out)

    async def _close(self, channel: str, *, anyway: bool) -> tuple[bool, SlackRefused | None]:
        """Remove everybody and archive the channel; with `anyway`, archive it even if people stay.

        Return whether everybody is out, and the refusal that kept the channel open.
        """
        everybody_out = True
        try:
            everybody_out = await self.empty(channel)
            if everybody_out or anyway:
                await call(self._client.conversations_archive(channel=channel))
        except SlackRefused as refusal:
            if refusal.code in OUT_OF_ORDER_CODES:
                raise
            gone = refusal.code in ("already_archived", *ROOM_CHANGED)
            return everybody_out, None if gone else refusal
        return everybody_out, None


def _seen(channel: dict[str, Any]) -> SeenRoom:
    return SeenRoom(
        name=str(channel.get("name", "")),
        creator=str(channel.get("creator", "")),
        private=bool(channel.get("is_private")),
        shared=any(channel.get(how) for how in ("is_shared", "is_ext_shared", "is_org_shared")),
        archived=bool(channel.get("is_archived")),
        member=bool(channel.get("is_member")),
    )


def wanted_room(uow: UnitOfWork, case_id: str) -> RoomWanted | None:
    """Return who should be in a case's room; None if the room is no longer reconciled."""
    file = uow.case_file(case_id)
    if file is None or file.case.is_being_erased:
        return None
    return RoomWanted(file, by_slack_id(file, file.room_people()))


def by_slack_id(file: CaseFile, people: Iterable[str]) -> dict[str, str]:
    known = [person for id in people if (person := file.persons.get(id)) is not None]
    return {person.slack_id: person.id for person in known if person.slack_id is not None}


def _note_removed(uow: UnitOfWork, room: Room, slack_id: str) -> None:
    person = uow.person_by_slack(slack_id)
    subject = person.id if person is not None else None
    uow.audit(AuditEntry(Event.REMOVED, BOT, room.case_id, subject=subject))
    # A person whom the bot did not let in came while it was outside or not listening, so no event told of it.
    file = uow.case_file(room.case_id)
    if file is not None and subject not in room.members and room.trouble not in READ_BY_OTHERS:
        uow.enqueue(*intruder_alerts(uow, file))


def _note_archived(uow: UnitOfWork, room: Room) -> None:
    stored = uow.get(Room, room.id)
    if stored is not None and not stored.archived:
        uow.change(stored, archived=True, members=())
