"""Mail from the outbox: a person's calendar is brought in line with the case, one word after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, build_cancel, build_request, description_of
from bot.calendar.mail import Envelope, address_for_answers, build_invite_mail, build_mail
from bot.domain.calendar_entry import CalendarEntry, entries_of, mail_alone
from bot.domain.case import Answer, Meeting
from bot.domain.case_file import CaseFile
from bot.texts import Words, words
from bot.usecases.calendar_post import Letter, letter_kept, letter_refused, letter_sent, next_letter
from bot.usecases.ports import Claim, Database, UnitOfWork
from handlers.deliveries.slack import Later, NotYet
from handlers.deliveries.smtp import AddressRefused, MailTrouble

#: How long what could not be sent waits.
TRY_AGAIN = timedelta(seconds=60)
#: Mails under way at once: a server that hangs must not hold up what goes to Slack.
AT_ONCE = 2
#: Seconds of real time that a mail waits for its turn before it goes back.
TURN = 2.0


class Sender(Protocol):
    """What hands a mail to a server (`Smtp`)."""

    async def send(self, mail: EmailMessage) -> None:
        """Hand it over; its errors are those of `handlers.deliveries.smtp`."""
        ...


class MailRoom:
    """Everything that leaves by mail. `counted` tells whether answers from calendars are read."""

    def __init__(self, sender: Sender, database: Database, *, organizer: str, counted: bool) -> None:
        self._sender = sender
        self._database = database
        self._organizer = organizer
        self._counted = counted
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def align(self, claim: Claim) -> None:
        """Tell the calendar of an ask's person whatever it has not been told.

        Raises:
            Later: it waits. Uncertain: it may have left; the same is sent once more.
        """
        case_id, ask_id = claim.intent.case_id or "", claim.intent.subject
        async with self._turn():
            while True:
                letter = await self._database.write(lambda uow: next_letter(uow, case_id, ask_id))
                if letter is None:
                    return
                await self._post(letter)

    async def _post(self, letter: Letter) -> None:
        try:
            await self._sender.send(self._invite(letter))
        except MailTrouble as error:
            trouble = error.trouble
            await self._database.write(lambda uow: letter_kept(uow, letter, trouble))
            raise Later(TRY_AGAIN) from error
        except AddressRefused:
            await self._database.write(
                lambda uow: letter_refused(uow, letter.entry.id, letter.entry.sequence)
            )
        else:
            await self._database.write(lambda uow: letter_sent(uow, letter))

    async def ask_to_ring(self, claim: Claim) -> None:
        """Ask somebody who has declined by mail to ring, never why.

        Raises:
            Later, Uncertain: as `align`.
        """
        mail = await self._database.read(lambda uow: self._ring(uow, claim))
        if mail is None:
            return
        async with self._turn():
            try:
                await self._sender.send(mail)
            except MailTrouble as error:
                raise Later(TRY_AGAIN) from error
            except AddressRefused:
                # Of this person's address the coordinators have been told by the invite.
                return

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN):
                await self._turns.acquire()
        except TimeoutError:
            raise NotYet from None
        try:
            yield
        finally:
            self._turns.release()

    # --- what the mails say ----------------------------------------------------------------------------

    def _invite(self, letter: Letter) -> EmailMessage:
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
            place=_place(meeting) if alone and entry.ends_at == meeting.ends_at else None,
            cancelled=entry.cancelled,
            attendee=entry.address,
            on_slack=not alone,
            counted=self._counted,
        )
        build, method = (build_cancel, "CANCEL") if entry.cancelled else (build_request, "REQUEST")
        kind = "-withdrawn" if entry.cancelled else "-moved" if entry.sequence > 0 else ""
        envelope = self._envelope(entry, reader(f"mail.subject{kind}"), str(entry.sequence))
        text = _text(reader, invite)
        return build_invite_mail(envelope, text, build(invite), method)  # type: ignore[arg-type]

    def _envelope(self, entry: CalendarEntry, subject: str, mark: str) -> Envelope:
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


def _place(meeting: Meeting) -> str | None:
    return ", ".join(where for where in (meeting.place, meeting.link) if where) or None


def _text(reader: Words, invite: Invite) -> str:
    """The mail in words, for clients that know no calendar."""
    kind = "withdrawn" if invite.cancelled else "moved" if invite.sequence > 0 else "invited"
    when = f"{reader.when(invite.starts_at, invite.zone)}–{reader.clock(invite.ends_at, invite.zone)}"
    lines = [reader(f"mail.{kind}"), "", reader("mail.when", when=when)]
    if invite.place is not None:
        lines.append(reader("mail.where", where=invite.place))
    if not invite.cancelled:
        lines.extend(["", *([reader("mail.answer")] if invite.counted else []), description_of(invite)])
    return "\n".join(lines) + "\n"
