"""Mail from the outbox: a person's calendar is brought in line with the state, one word after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, PartStat, build_cancel, build_request, description_of
from bot.calendar.mail import Envelope, address_for_answers, build_invite_mail, build_mail
from bot.domain.calendar.entry import entries_of, mail_alone
from bot.domain.case.calendar import MailedEntry, Trouble
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import CaseFile
from bot.texts.words import Words, words
from bot.usecases.calendar.delivery import (
    OutgoingInvite,
    invite_kept,
    invite_refused,
    invite_sent,
    next_invite,
)
from bot.usecases.joint.calendar import (
    OutgoingJointInvite,
    joint_invite_kept,
    joint_invite_refused,
    joint_invite_sent,
    next_joint_invite,
)
from bot.usecases.ports import Claim, Database, UnitOfWork
from handlers.delivery.calls import NotReady, RetryAfter
from handlers.joint.messages import news
from handlers.mail.smtp import AddressRefused, MailTrouble

#: How long what could not be sent waits.
TRY_AGAIN = timedelta(seconds=60)
#: Mails under way at once: a server that hangs must not hold up what goes to Slack.
AT_ONCE = 2
#: Seconds of real time that a mail waits for its turn before it goes back.
TURN = 2.0
#: What a calendar is told of an answer to a joint meeting: whether the person comes, None for not known.
_STANDS: Mapping[bool | None, PartStat] = {True: "ACCEPTED", False: "DECLINED", None: "NEEDS-ACTION"}


class Sender(Protocol):
    """What hands a mail to a server (`Smtp`)."""

    async def send(self, mail: EmailMessage) -> None:
        """Hand it over; its errors are those of `handlers.mail.smtp`."""
        ...


class Sealed(Protocol):
    """A letter, of whatever kind."""

    @property
    def entry(self) -> MailedEntry: ...


L = TypeVar("L", bound=Sealed)


@dataclass(frozen=True, slots=True)
class MailHandlers(Generic[L]):
    """How one kind of letter comes about, reads, and ends."""

    next: Callable[[UnitOfWork], L | None]
    written: Callable[[L], EmailMessage]
    sent: Callable[[UnitOfWork, L], None]
    kept: Callable[[UnitOfWork, L, Trouble], None]
    refused: Callable[[UnitOfWork, str, int], None]


class MailDelivery:
    """Everything that leaves by mail. `counted` tells whether answers from calendars are read."""

    def __init__(self, sender: Sender, database: Database, *, organizer: str, counted: bool) -> None:
        self._sender = sender
        self._database = database
        self._organizer = organizer
        self._counted = counted
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def reconcile(self, claim: Claim) -> None:
        """Tell the calendar of the person of an ask or an invitation whatever it has not been told.

        Raises:
            Later: it waits. OutcomeUnknown: it may have left; the same is sent once more.
        """
        case_id, asked_id = claim.intent.case_id or "", claim.intent.subject
        following = partial(next_invite, case_id=case_id, asked_id=asked_id)
        await self._empty(MailHandlers(following, self._invite, invite_sent, invite_kept, invite_refused))

    async def reconcile_joint(self, claim: Claim) -> None:
        """The same for somebody invited to a joint meeting.

        Raises:
            RetryAfter, OutcomeUnknown: as `align`.
        """
        following = partial(next_joint_invite, invitation_id=claim.intent.subject)
        desk = MailHandlers(
            *(following, self._joint_invite, joint_invite_sent, joint_invite_kept, joint_invite_refused)
        )
        await self._empty(desk)

    async def _empty(self, desk: MailHandlers[L]) -> None:
        async with self._turn():
            while True:
                letter = await self._database.write(desk.next)
                if letter is None:
                    return
                await self._post(desk, letter)

    async def _post(self, desk: MailHandlers[L], letter: L) -> None:
        try:
            await self._sender.send(desk.written(letter))
        except MailTrouble as error:
            trouble = error.trouble
            await self._database.write(lambda uow: desk.kept(uow, letter, trouble))
            raise RetryAfter(TRY_AGAIN) from error
        except AddressRefused:
            await self._database.write(lambda uow: desk.refused(uow, letter.entry.id, letter.entry.sequence))
        else:
            await self._database.write(lambda uow: desk.sent(uow, letter))

    async def ask_to_ring(self, claim: Claim) -> None:
        """Ask somebody who has declined by mail to ring, never why.

        Raises:
            RetryAfter, OutcomeUnknown: as `align`.
        """
        mail = await self._database.read(lambda uow: self._ring(uow, claim))
        if mail is None:
            return
        async with self._turn():
            try:
                await self._sender.send(mail)
            except MailTrouble as error:
                raise RetryAfter(TRY_AGAIN) from error
            except AddressRefused:
                # Of this person's address the coordinators have been told by the invite.
                return

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN):
                await self._turns.acquire()
        except TimeoutError:
            raise NotReady from None
        try:
            yield
        finally:
            self._turns.release()

    # --- what the mails say ----------------------------------------------------------------------------

    def _invite(self, letter: OutgoingInvite) -> EmailMessage:
        file, ask, entry = letter.file, letter.ask, letter.entry
        meeting = file.meeting(ask.meeting_id)
        reader = _words(file, ask.person_id)
        alone = mail_alone(file, ask)
        invite = Invite(
            uid=entry.uid,
            sequence=entry.sequence,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            stamped_at=entry.stamped_at,
            zone=ZoneInfo(file.team.zone),
            organizer=address_for_answers(self._organizer, entry.token),
            language=reader.language,
            place=_place(meeting) if alone and not entry.cancelled else None,
            cancelled=entry.cancelled,
            attendee=entry.address,
            on_slack=not alone,
            counted=self._counted,
            required=isinstance(ask, Ask),
            asked=isinstance(ask, Ask),
        )
        kind = "withdrawn" if entry.cancelled else "moved" if entry.sequence > 0 else "invited"
        if not invite.asked and not entry.cancelled:
            kind = f"{kind}-unasked"
        return self._mail(reader, entry, invite, reader(f"mail.{kind}"))

    def _joint_invite(self, letter: OutgoingJointInvite) -> EmailMessage:
        """As neutral as a case's: neither topic nor agenda, since a mail cannot be taken back."""
        now, entry, meeting = letter.now, letter.entry, letter.now.meeting
        reader = words(now.persons[letter.invitation.person_id].language or now.team.language)
        invite = Invite(
            uid=entry.uid,
            sequence=entry.sequence,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            stamped_at=entry.stamped_at,
            zone=ZoneInfo(now.team.zone),
            organizer=address_for_answers(self._organizer, entry.token),
            language=reader.language,
            place=_place(meeting) if not entry.cancelled else None,
            cancelled=entry.cancelled,
            attendee=entry.address,
            on_slack=False,
            counted=self._counted,
            required=False,
            answered=_STANDS[letter.invitation.comes],
        )
        what = "invited" if entry.sequence == 0 else news(meeting, letter.invitation)
        said = reader("mail.withdrawn" if entry.cancelled else f"mail.joint-{what}")
        return self._mail(reader, entry, invite, said)

    def _mail(self, reader: Words, entry: MailedEntry, invite: Invite, said: str) -> EmailMessage:
        calendar = build_cancel(invite) if entry.cancelled else build_request(invite)
        kind = "-withdrawn" if entry.cancelled else "-moved" if entry.sequence > 0 else ""
        envelope = self._envelope(entry, reader(f"mail.subject{kind}"), str(entry.sequence))
        text = _text(reader, invite, said)
        return build_invite_mail(envelope, text, calendar, "CANCEL" if entry.cancelled else "REQUEST")

    def _envelope(self, entry: MailedEntry, subject: str, mark: str) -> Envelope:
        return Envelope(
            sender=address_for_answers(self._organizer, entry.token),
            recipient=entry.address,
            subject=subject,
            message_id=f"{entry.uid[:20]}.{mark}@{self._organizer.rpartition('@')[2]}",
            written_at=entry.stamped_at,
        )

    def _ring(self, uow: UnitOfWork, claim: Claim) -> EmailMessage | None:
        file = uow.case_file(claim.intent.case_id or "")
        ask = file.ask(claim.intent.subject) if file is not None else None
        if file is None or ask is None or not file.open or not ask.live:
            return None
        entry = next((e for e in entries_of(file, ask) if not e.cancelled), None)
        if entry is None or ask.answer is not Answer.DECLINED or ask.reason is not None:
            return None
        reader = _words(file, ask.person_id)
        envelope = self._envelope(entry, reader("mail.call-subject"), f"r{claim.intent.mark}")
        return build_mail(envelope, f"{reader('mail.call')}\n")


def _words(file: CaseFile, person_id: str) -> Words:
    return words(file.persons[person_id].language or file.team.language)


class Placed(Protocol):
    """A meeting, of a case or a joint one."""

    @property
    def place(self) -> str | None: ...
    @property
    def link(self) -> str | None: ...


def _place(meeting: Placed) -> str | None:
    return ", ".join(where for where in (meeting.place, meeting.link) if where) or None


def _text(reader: Words, invite: Invite, said: str) -> str:
    """The mail in words, for clients that know no calendar; `said` is what it is about."""
    when = f"{reader.when(invite.starts_at, invite.zone)}–{reader.clock(invite.ends_at, invite.zone)}"
    lines = [said, "", reader("mail.when", when=when)]
    if invite.place is not None:
        lines.append(reader("mail.where", where=invite.place))
    if not invite.cancelled:
        asked = invite.counted and invite.asked
        lines.extend(["", *([reader("mail.answer")] if asked else []), description_of(invite)])
    return "\n".join(lines) + "\n"
