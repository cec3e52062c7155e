"""Somebody of an agency is gone from Slack: the next contact is asked, as when nobody answers."""

from __future__ import annotations

from bot.domain.answers import principals
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Answer, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory import on_call
from bot.usecases.involvement.choosing import told_by
from bot.usecases.involvement.summons import confirmation_among, create_ask, offer_seat
from bot.usecases.news import is_waited_for
from bot.usecases.ports import UnitOfWork


def replace_gone(uow: UnitOfWork, file: CaseFile, gone: Seat) -> None:
    """Ask for an agency whose person has lost this seat.

    Who is asked is whoever is in the case for the agency, else its contact on call, those before others whom
    the bot can write to. They are asked to each meeting ahead for which nobody of the agency is asked, or
    comes in another's place; the chain of that question begins anew. What is said is what a chain says:
    taushetsplikt first.
    """
    if gone.involvement_id is None or not is_waited_for(file, gone.involvement_id, gone.role):
        return
    part = file.involvement(gone.involvement_id)
    if file.lead(part.id) is None:
        contacts = [c for c in file.contacts_of(part.agency_id) if c.person_id != gone.person_id]
        direct = [c for c in contacts if not c.leader and file.reached_directly(c.person_id, part.id)]
        first = on_call.first_to_ask(direct or contacts, file.persons, now=uow.now, team=file.team)
        if first is not None:
            person = file.persons[first.contact.person_id]
            new = offer_seat(
                uow, file.team, part, told_by(uow, person, file.agency_of(part.id), first.contact)
            )
            theirs = [s for s in file.seats_of(person.id) if s.involvement_id == part.id]
            if new is not None and theirs:  # a deputy has confirmed for this agency's part already
                uow.change(new, **confirmation_among(theirs))
            uow.audit(AuditEntry(Event.ESCALATED, BOT, file.case.id, subject=person.id))
    _summon(uow, uow.current(file), part.id)


def _summon(uow: UnitOfWork, file: CaseFile, part_id: str) -> None:
    """Ask the lead of an agency to its meetings ahead at which nobody stands for it."""
    lead = file.lead(part_id)
    for duty in file.duties:
        meeting = file.meeting(duty.meeting_id)
        ahead = meeting.live and duty.withdrawn_at is None and meeting.starts_at > uow.now
        if lead is None or duty.involvement_id != part_id or not ahead:
            continue
        comes = any(
            a.deputy_for is not None and a.answer is not Answer.DECLINED for a in file.asks_of(duty.id)
        )
        if not comes and not principals(file, duty.id):
            create_ask(uow, file, meeting, duty, lead.person_id)
