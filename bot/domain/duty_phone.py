"""An agency's duty phone: who may answer it, and what somebody on duty answered."""

from __future__ import annotations

from bot.domain.case.entities import Ask, Duty, PhoneAnswer
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact


def on_duty(file: CaseFile, duty: Duty) -> PhoneAnswer | None:
    """Return the last answer of somebody on duty about the meeting at its present time and place.

    None if somebody who was asked has answered since.
    """
    held = file.meeting(duty.meeting_id).sequence
    said = [a for a in file.phone_answers if (a.duty_id, a.sequence) == (duty.id, held)]
    asks = file.asks_of(duty.id) if said else []
    if not said or any(a.answered_at is not None and a.answered_at > said[-1].at for a in asks):
        return None
    return said[-1]


def answered_on_duty(file: CaseFile, duty: Duty) -> bool:
    said = on_duty(file, duty)
    return said is not None and said.answer is not None


def has_duty_phone(file: CaseFile, ask: Ask) -> bool:
    """Return whether the number shown for an ask is the agency's duty line, which anybody may answer."""
    agency = file.agency_of_ask(ask)
    own = file.own_line(agency.id, ask.person_id)
    return bool(agency.duty_line) and own is None and ask.deputy_for is None


def others_on_phone(file: CaseFile, ask: Ask) -> list[Contact]:
    """Return the agency's other contacts, who may have answered its duty phone."""
    return [c for c in file.contacts_of(file.agency_of_ask(ask).id) if c.person_id != ask.person_id]
