"""Somebody else than whoever is asked answers an agency's duty phone."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.case.entities import OnDuty, PhoneAnswer, Via
from bot.domain.directory.entities import Person
from bot.domain.duty_phone import has_duty_phone, others_on_phone
from bot.domain.errors import Invalid, NotAColleague, Problem
from bot.usecases.answers import RecordAnswer, enter_call, record_answer
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement.acknowledgement import check_spoken
from bot.usecases.involvement.summons import add_seat, create_ask
from bot.usecases.ports import UnitOfWork


def record_phone_answer(uow: UnitOfWork, actor: Person, said: RecordAnswer, by: str | OnDuty) -> None:
    """Record what another than whoever is asked has said; of that one nothing is recorded.

    It was said `by` another contact of the agency (its id), who is asked from now on, and has answered; or by
    somebody on duty, who gets no seat: it is on record that they confirmed taushetsplikt, and what they said
    for the agency.
    """
    here, ask = enter_call(uow, actor, said.ask_id, said.sequence)
    if said.told_via is not Via.PHONE or not has_duty_phone(here.file, ask):
        raise Invalid(Problem("via", "invalid.duty-phone"))
    if not said.acknowledged:
        raise Invalid(Problem("acknowledged", "invalid.duty-phone-confidentiality"))
    check_spoken(here, "at", said.at)
    note_acting(here)
    file, duty = here.file, here.file.duty(ask.duty_id)
    if not isinstance(by, OnDuty):
        other = next((c for c in others_on_phone(file, ask) if c.id == by), None)
        if other is None:
            raise NotAColleague
        theirs = next((a for a in file.asks_of(duty.id) if a.person_id == other.person_id), None)
        if theirs is None:
            add_seat(uow, file, duty, other.person_id)
            meeting = file.meeting(ask.meeting_id)
            theirs = create_ask(uow, file, meeting, duty, other.person_id, escalated_from=ask.id)
        record_answer(uow, actor, replace(said, ask_id=theirs.id, sequence=theirs.sequence))
        return
    uow.add(
        PhoneAnswer(
            uow.ids.new(),
            ask.case_id,
            duty.id,
            file.meeting(ask.meeting_id).sequence,
            by,
            said.at or uow.now,
            actor.id,
            said.answer,
        )
    )
