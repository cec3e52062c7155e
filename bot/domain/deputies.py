"""Deputies and successors: who can be named, who has been approved before, and which of them wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.answers import principals
from bot.domain.case.entities import Answer, Approval, Ask, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_order
from bot.domain.directory.entities import Contact
from bot.domain.escalation import pace, times
from bot.domain.notifications import USEFUL, Kind, Reminder


def possible_deputies(file: CaseFile, ask: Ask, now: datetime) -> list[Contact]:
    """Return the agency's contacts, in order on call, who are not already asked for this meeting.

    None once the meeting is registered. Contacts who are away now or on the day of the meeting are left out.
    A silent colleague who was asked too can be a deputy: naming one withdraws their own ask.
    """
    meeting = file.meeting(ask.meeting_id)
    if not meeting.live:
        return []
    silent = {a.id for a in principals(file, ask.duty_id) if a.open and a.id != ask.id}
    asked = {a.person_id for a in file.asks_of(ask.duty_id) if a.id not in silent}
    return file.free_contacts(file.part_of(ask), asked, now, meeting.starts_at)


def proposed_deputy(deputies: list[Contact]) -> Contact | None:
    """Return the deputy to propose: the next on call; a leader only if there is nobody else."""
    return min(deputies, key=lambda c: (c.leader, c.position, c.id), default=None)


def approved_before(file: CaseFile, duty_id: str, person_id: str) -> str | None:
    """Return who approved this person as a deputy for the same meeting before, whatever came of it."""
    approvals = (
        a.approved_by
        for a in file.asks
        if a.duty_id == duty_id and a.person_id == person_id and a.approval is Approval.APPROVED
    )
    return next(approvals, None)


def said_no(file: CaseFile, contact: Contact) -> bool:
    """Return whether the contact declined or passed on an ask, for their agency, to a live meeting."""
    own = (s for s in file.seats if s.person_id == contact.person_id)
    passed_on = [(s.involvement_id, s.ended_at) for s in own if s.end is SeatEnd.PASSED_ON]
    return any(
        a.answer is Answer.DECLINED or (file.part_of(a), a.withdrawn_at) in passed_on
        for a in file.asks
        if a.person_id == contact.person_id
        and file.meeting(a.meeting_id).live
        and file.agency_of_ask(a).id == contact.agency_id
    )


def awaits_decision(file: CaseFile, ask: Ask, now: datetime) -> bool:
    """Return whether a coordinator can still approve or refuse a deputy: until the meeting begins."""
    ahead = file.meeting(ask.meeting_id).starts_at > now
    return ask.awaits_approval and ahead and file.duty_stands(file.duty(ask.duty_id))


def colleagues(file: CaseFile, seat: Seat, now: datetime) -> list[Contact]:
    """Return the contacts to whom a seat can go: not away, and with no seat for the agency of their own.

    A deputy can take over its seat, and a deputy at one meeting be one at another, if not away on its day.
    """
    if seat.involvement_id is None:
        return []
    others = (s for s in file.seats if s.live and s.involvement_id == seat.involvement_id)
    taken = {
        s.person_id
        for s in others
        if s.takes_over != seat.id and (s.role is SeatRole.AGENCY or s.meeting_id == seat.meeting_id)
    }
    moments = [now] if seat.meeting_id is None else [now, file.meeting(seat.meeting_id).starts_at]
    return file.free_contacts(seat.involvement_id, taken, *moments)


def deputy_reminders(file: CaseFile) -> Iterator[Reminder]:
    """Yield the reminders to the coordinators, at the times of a chain's first two steps."""
    for ask in file.asks:
        if not awaits_decision(file, ask, ask.asked_at):
            continue
        begins = file.meeting(ask.meeting_id).starts_at
        half, end, *_ = times(file.team, ask.asked_at, begins)
        for step, at in (("half", half), ("end", end)):
            yield Reminder(Kind.DEPUTY_WAITS, ask, at, begins, step)


def successor_reminders(file: CaseFile) -> Iterator[Reminder]:
    """Yield the reminders to a successor, if the bot can write to them, and then to the coordinators.

    Where a case has no coordinator left, all who are asked to have it are reminded at both times.
    """
    for seat in file.seats if not in_order(file) else ():
        if seat.role is SeatRole.COORDINATOR and seat.live:
            asked_at = file.last_asked_to_confirm(seat)
            until = asked_at + USEFUL
            for step, at in zip(("half", "end"), pace(file, asked_at, until), strict=True):
                yield Reminder(Kind.SUCCESSOR_UNCONFIRMED, seat, at, until, step)
    for seat in file.seats:
        if not waits_to_take_over(file, seat):
            continue
        until = seat.asked_at + USEFUL
        half, end = pace(file, seat.asked_at, until)
        yield Reminder(Kind.SUCCESSOR_UNCONFIRMED, seat, half, until, "half")
        yield Reminder(Kind.SUCCESSOR_SILENT, seat, end, until, "end")


def waits_to_take_over(file: CaseFile, seat: Seat) -> bool:
    """Return whether the previous holder keeps the seat until this person has confirmed taushetsplikt.

    If the previous holder had not confirmed either, the new one is asked at once, and has a chain.
    """
    if seat.takes_over is None or seat.involvement_id is None or not seat.live or seat.confirmed:
        return False
    old = file.seat(seat.takes_over)
    return old is not None and old.live and file.involvement(seat.involvement_id).live


def successor_of(file: CaseFile, seat: Seat) -> Seat | None:
    """Return the seat of whoever is asked to take this one over; it stays the holder's until they confirm."""
    return next((s for s in file.seats if s.takes_over == seat.id and waits_to_take_over(file, s)), None)
