"""«Borte til»: a contact says when they are away, and names deputies for the meetings in that time."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.case.entities import Answer, Ask, DeclineReason
from bot.domain.case.file import CaseFile
from bot.domain.deputies import possible_deputies
from bot.domain.directory.entities import Contact, Person
from bot.usecases.authorization import could_act, enter_agency
from bot.usecases.deputies.naming import name_deputy
from bot.usecases.directory.agencies import Absence, checked_absence, today_of
from bot.usecases.ports import UnitOfWork, case_files

#: A meeting in the absence, with those who could stand in.
InAbsence = tuple[CaseFile, Ask, list[Contact]]


def set_absence(uow: UnitOfWork, actor: Person, contact_id: str, absence: Absence) -> None:
    """Note when a person is away, by one of their own contacts, for everything that they are a contact of."""
    contact = uow.get(Contact, contact_id)
    agency_id = contact.agency_id if contact is not None and not contact.retired else ""
    owner = contact.person_id if contact is not None else None
    agency, _ = enter_agency(uow, actor, Action.SET_ABSENCE, agency_id, owner=owner)
    first, last = checked_absence(absence, today_of(uow, agency))
    for each in uow.find(Contact, person_id=actor.id, retired=False):
        uow.change(each, away_from=first, away_until=last)


def see_absence(uow: UnitOfWork, actor: Person, contact_id: str) -> list[InAbsence]:
    """The meetings in a contact's absence for which the reader can name a deputy, soonest first.

    Of one's own absence those for every agency; of another's those for that contact's agency. Where a deputy
    has been named already, nothing is to be done.
    """
    contact = uow.get(Contact, contact_id)
    if contact is None or contact.away_until is None:
        return []
    files = case_files(uow, uow.cases_with(contact.person_id))
    found = [each for file in files for each in _in_file(uow, actor, file, contact)]
    return sorted(found, key=lambda each: each[0].meeting(each[1].meeting_id).starts_at)


def _in_file(uow: UnitOfWork, actor: Person, file: CaseFile, contact: Contact) -> list[InAbsence]:
    found: list[InAbsence] = []
    for ask in file.asks:
        meeting = file.meeting(ask.meeting_id)
        part = file.duty(ask.duty_id).involvement_id
        if ask.person_id != contact.person_id or not ask.live or ask.awaits_approval:
            continue
        if not meeting.live or meeting.starts_at <= uow.now or file.awaits_confidentiality(ask):
            continue
        deputies = (d for d in file.asks_of(ask.duty_id) if d.deputy_for == ask.id)
        if not contact.away(file.team.day_of(meeting.starts_at)):
            continue
        if any(deputy.answer is not Answer.DECLINED for deputy in deputies):
            continue
        own = actor.id == contact.person_id
        if not own and file.agency_of(part).id != contact.agency_id:
            continue
        if could_act(file, actor, Action.NAME_DEPUTY, owner=ask.person_id, part=part):
            found.append((file, ask, possible_deputies(file, ask, uow.now)))
    return found


def name_deputies(
    uow: UnitOfWork,
    actor: Person,
    deputies: Mapping[str, str],
    *,
    reason: DeclineReason | None,
    decides: bool,
) -> None:
    """Name for each question (by id) the contact who stands in: all of them, or none."""
    for ask_id, deputy in deputies.items():
        name_deputy(uow, actor, ask_id, deputy=deputy, reason=reason, decides=decides)
