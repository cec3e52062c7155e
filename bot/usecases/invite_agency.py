"""Involve one more agency in a case, or ask one that was expected."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import Involvement
from bot.domain.directory import Agency, Person
from bot.domain.errors import Invalid, NotAllowed, NothingHere, Problem
from bot.usecases import asking
from bot.usecases.asking import AgencyChoice, WillBeTold
from bot.usecases.consequences import about_calls, settle
from bot.usecases.door import Here, enter_case, enter_room
from bot.usecases.guarded import check_persons
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class InviteAgency:
    """One agency, new to the case or expected in it."""

    case_id: str
    choice: AgencyChoice


def see_invitable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[Here, list[Agency]]:
    """The agencies that could be involved now: those not in the case, those that are only expected, and
    those in which nobody is left to ask.

    Raises:
        NothingHere: every agency is in the case.
    """
    here = enter_room(uow, actor, Action.INVITE_AGENCY, channel_id)
    agencies = _invitable(here)
    if not agencies:
        raise NothingHere(what="agency")
    return here, agencies


def _invitable(here: Here) -> list[Agency]:
    asked = {i.agency_id for i in here.file.current() if here.file.seats_for(i.id)}
    return [a for a in here.uow.agencies(here.file.team.id) if a.id not in asked]


def review_invitation(
    uow: UnitOfWork, actor: Person, command: InviteAgency
) -> tuple[Here, WillBeTold | None]:
    """Which human would now be told; None for an agency that is only expected. Changes nothing.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        Invalid: the agency is in the case already, or is to come for a person whom the case does not have.
    """
    here = enter_case(uow, actor, Action.INVITE_AGENCY, command.case_id)
    agency = here.file.agencies.get(command.choice.agency_id)
    if agency is None:
        raise NotAllowed
    if agency.id not in {a.id for a in _invitable(here)}:
        raise Invalid(Problem("agency", "invalid.already-in"))
    check_persons(here.file.open_letters, command.choice.persons)
    if command.choice.expected:
        return here, None
    return here, asking.who_is_asked(uow, here.file.team, agency)


def invite_agency(uow: UnitOfWork, actor: Person, command: InviteAgency) -> None:
    """Involve the agency: its contact on call is asked, and it gets the duty to attend the next meeting.

    Raises:
        As `review_invitation`.
    """
    here, _ = review_invitation(uow, actor, command)
    choice = command.choice
    expected = here.file.involvement_of_agency(choice.agency_id)
    if expected is not None and expected.ended_at is None:
        involvement = _ask_expected(here, expected, choice)
    else:
        involvement = asking.involve(uow, here.file.team, here.file.case.id, choice)
    fresh = here.again().file
    if choice.expected:
        settle(uow, here.file.case.id)
        return
    for meeting in fresh.meetings:
        if meeting.live and meeting.starts_at > uow.now:
            asking.summon_agency(uow, fresh, meeting, involvement)
    fresh = here.again().file
    mine = {s.person_id for s in fresh.seats_for(involvement.id)}
    settle(
        uow,
        here.file.case.id,
        *(i for i in asking.tell_all(fresh) if i.recipient in mine),
        *(i for m in fresh.meetings if m.live for i in about_calls(fresh, m)),
    )


def _ask_expected(here: Here, expected: Involvement, choice: AgencyChoice) -> Involvement:
    involvement = here.uow.change(
        expected,
        persons=choice.persons,
        reason=choice.reason,
        ground=choice.ground,
        asked_at=expected.asked_at if choice.expected else here.uow.now,
    )
    if not choice.expected:
        asking.offer_seat(here.uow, here.file.team, involvement)
    return involvement
