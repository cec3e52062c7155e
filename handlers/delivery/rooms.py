"""The room of a case, reconciled: the database says who belongs in it, Slack is changed to it.

Running it twice is harmless. What Slack already has (`name_taken`, `already_in_channel`,
`not_in_channel`, `already_archived`) is what was wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Room
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notification_params import Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Claim, Database, UnitOfWork
from bot.usecases.room import alert
from handlers.delivery.calls import NotReady, SlackRefused, call

#: Suffixes tried when a room's name is taken by a channel that is not the bot's.
NAME_TRIES = ("", "-2", "-3", "-4")
#: Slack's codes for a removal that the workspace's settings do not allow the bot.
KICK_REFUSED = frozenset({"restricted_action", "cant_kick_from_general", "not_allowed"})
NOT_THERE = frozenset({"not_in_channel", "user_not_found", "user_not_in_channel"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wanted state of a room: its case, and person id by Slack id of its people."""

    file: CaseFile
    people: dict[str, str]


class Rooms:
    """Creates rooms, invites and removes people, archives."""

    def __init__(self, client: AsyncWebClient, database: Database) -> None:
        self._client = client
        self._database = database

    async def reconcile(self, claim: Claim) -> Room | None:
        """Reconcile the room and its people; the room, or None when there is none to keep.

        Raises:
            RateLimited, OutcomeUnknown, SlackRefused: from Slack.
            Overtaken: membership changed meanwhile; to be run again.
        """
        wanted = await self._database.read(lambda uow: _wanted(uow, claim.notification.subject))
        if wanted is None or wanted.file.room.archived:
            return None
        room = wanted.file.room
        if room.channel_id is None:
            if not wanted.people:
                return None
            room = await self._create(claim, wanted.file)
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
        """A private channel of this name that the bot is in: left by an attempt that was cut off."""
        cursor = ""
        while True:
            answer = await call(
                self._client.users_conversations(
                    types="private_channel", exclude_archived=True, limit=200, cursor=cursor or None
                )
            )
            for channel in answer.get("channels", []):
                if channel.get("name") == name:
                    return str(channel["id"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def _note_channel(self, room: Room, channel: str, name: str, *, new: bool) -> Room:
        def note(uow: UnitOfWork) -> Room:
            stored = uow.get(Room, room.id)
            if stored is None:
                raise NotReady
            return uow.change(stored, channel_id=channel, name=name, doubts=stored.doubts + (0 if new else 1))

        return await self._database.write(note)

    # --- its people -----------------------------------------------------------------------------------

    async def _reconcile_people(self, room: Room, wanted: Wanted) -> Room:
        slack_ids = {person: slack_id for slack_id, person in wanted.people.items()}
        if room.doubts:
            there = await self._members(room)
        else:
            there = {
                slack_id
                for person_id in room.members
                if (slack_id := _slack_id(wanted.file, person_id)) is not None
            }
        refused = False
        for slack_id in sorted(there - set(wanted.people)):
            if await self._remove(room, slack_id):
                await self._database.write(partial(_note_removed, room=room, slack_id=slack_id))
            else:
                refused = True
        missing = sorted(set(wanted.people) - there)
        absent = await self._invite(room, missing)
        members = tuple(sorted(p for p, s in slack_ids.items() if s not in absent))
        return await self._note_people(room, members, refused=refused)

    async def _members(self, room: Room) -> set[str]:
        members: set[str] = set()
        cursor = ""
        me = str((await call(self._client.auth_test()))["user_id"])
        while True:
            answer = await call(
                self._client.conversations_members(
                    channel=str(room.channel_id), limit=200, cursor=cursor or None
                )
            )
            members.update(answer.get("members", []))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return members - {me}

    async def _invite(self, room: Room, slack_ids: Iterable[str]) -> set[str]:
        """Invite all at once; one by one when Slack refuses, to know whom. Return those refused."""
        people = list(slack_ids)
        if not people:
            return set()
        try:
            await call(self._client.conversations_invite(channel=str(room.channel_id), users=people))
        except SlackRefused as refusal:
            if refusal.code == "already_in_channel" and len(people) == 1:
                return set()
            if len(people) == 1:
                if refusal.code in ("user_not_found", "cant_invite", "user_disabled", "ura_max_channels"):
                    return set(people)
                raise
            absent = [await self._invite(room, [slack_id]) for slack_id in people]
            return set().union(*absent)
        return set()

    async def _remove(self, room: Room, slack_id: str) -> bool:
        """Remove somebody. Return False if the workspace does not let the bot remove anyone."""
        try:
            await call(self._client.conversations_kick(channel=str(room.channel_id), user=slack_id))
        except SlackRefused as refusal:
            if refusal.code in KICK_REFUSED:
                return False
            if refusal.code not in NOT_THERE:
                raise
        return True

    async def _note_people(self, room: Room, members: tuple[str, ...], *, refused: bool) -> Room:
        def note(uow: UnitOfWork) -> Room:
            # In the order of all who change a case, so that two never wait for each other.
            uow.lock_case(room.case_id)
            stored = uow.get(Room, room.id)
            if stored is None:
                raise NotReady
            if (
                stored.members == members
                and stored.doubts == room.doubts == 0
                and stored.kick_refused == refused
            ):
                return stored
            noted = uow.change(room, members=members, doubts=1 if refused else 0, kick_refused=refused)
            file = uow.case_file(room.case_id)
            if refused and not stored.kick_refused and file is not None:
                refusal = Occurrence(str(int(uow.now.timestamp() * 1000)))
                uow.enqueue(
                    Notification(Kind.KICK_REFUSED, room.case_id, case_id=room.case_id, params=refusal),
                    *alert(file, Kind.KICK_REFUSED, refusal),
                )
            return noted

        return await self._database.write(note)

    async def archive(self, room: Room) -> None:
        if room.channel_id is None or room.archived:
            return
        try:
            for slack_id in sorted(await self._members(room)):
                await self._remove(room, slack_id)
            await call(self._client.conversations_archive(channel=room.channel_id))
        except SlackRefused as refusal:
            if refusal.code not in ("already_archived", "channel_not_found", "is_archived"):
                raise
        await self._database.write(lambda uow: _note_archived(uow, room))


def _wanted(uow: UnitOfWork, case_id: str) -> Wanted | None:
    file = uow.case_file(case_id)
    if file is None or file.case.purged_at is not None:
        return None
    people = {}
    for person_id in file.room_people():
        slack_id = _slack_id(file, person_id)
        if slack_id is not None:
            people[slack_id] = person_id
    return Wanted(file, people)


def _slack_id(file: CaseFile, person_id: str) -> str | None:
    person: Person | None = file.persons.get(person_id)
    return person.slack_id if person is not None else None


def _note_removed(uow: UnitOfWork, room: Room, slack_id: str) -> None:
    person = uow.person_by_slack(slack_id)
    subject = person.id if person is not None else None
    uow.audit(AuditEntry(Event.REMOVED, BOT, room.case_id, subject=subject))


def _note_archived(uow: UnitOfWork, room: Room) -> None:
    # Those who have just been taken out are being noted as gone.
    uow.lock_case(room.case_id)
    stored = uow.get(Room, room.id)
    if stored is not None and not stored.archived:
        uow.change(stored, archived=True, members=())
