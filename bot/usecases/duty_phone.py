"""Somebody else than whoever is asked answers an agency's duty phone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.case.duty import OnDuty, PhoneAnswer
from bot.domain.case.entities import Via
from bot.domain.directory.entities import Person
from bot.domain.duty_phone import has_duty_phone, others_on_phone
from bot.domain.errors import Invalid, NotAColleague, Problem
from bot.usecases.answers import RecordAnswer, enter_call, record_answer
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement.acknowledgement import check_spoken
from bot.usecases.involvement.summons import add_seat, create_ask
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class RecordPhoneAnswer:
    """An answer, by another contact of the agency (its id), else by somebody on duty, as a function."""

    said: RecordAnswer
    contact_id: str | None = None
    function: OnDuty | None = None


def record_phone_answer(uow: UnitOfWork, actor: Person, command: RecordPhoneAnswer) -> None:
    """Record what another than whoever is asked has said; of that one nothing is recorded.

    A contact is asked from now on, and has answered. Somebody on duty gets no seat: it is on record that they
    confirmed taushetsplikt, and what they said for the agency.
    """
    said = command.said
    here, ask = enter_call(uow, actor, said.ask_id, said.sequence)
    if said.told_via is not Via.PHONE or not has_duty_phone(here.file, ask):
        raise Invalid(Problem("via", "invalid.duty-phone"))
    if not said.acknowledged:
        raise Invalid(Problem("acknowledged", "invalid.duty-phone-confidentiality"))
    check_spoken(here, "at", said.at)
    note_acting(here)
    file, duty = here.file, here.file.duty(ask.duty_id)
    if command.contact_id is not None:
        other = next((c for c in others_on_phone(file, ask) if c.id == command.contact_id), None)
        if other is None:
            raise NotAColleague
        theirs = next((a for a in file.asks_of(duty.id) if a.person_id == other.person_id), None)
        if theirs is None:
            add_seat(uow, file, duty, other.person_id)
            meeting = file.meeting(ask.meeting_id)
            theirs = create_ask(uow, file, meeting, duty, other.person_id, escalated_from=ask.id)
        record_answer(uow, actor, replace(said, ask_id=theirs.id, sequence=theirs.sequence))
        return
    if command.function is None:
        raise NotAColleague
    uow.add(
        PhoneAnswer(
            uow.ids.new(),
            ask.case_id,
            duty.id,
            file.meeting(ask.meeting_id).sequence,
            command.function,
            said.at or uow.now,
            actor.id,
            said.answer,
        )
    )
