"""An agency's part in a case: involve it, change why and for whom, end it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, SeatEnd
from bot.domain.directory.entities import Agency, Ground, Person, Reason
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed, NothingHere, Problem
from bot.usecases.authorization import CaseContext, enter_case, enter_involvement, enter_room
from bot.usecases.involvement import summons
from bot.usecases.involvement.choosing import WillBeTold, told_as_shown, who_is_asked
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import check_persons


@dataclass(frozen=True, slots=True)
class InviteAgency:
    case_id: str
    choice: AgencyChoice


def see_invitable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, list[Agency]]:
    """The agencies that could be involved now: those not in the case, those that are only expected, and
    those in which nobody is left to ask.
    """
    here = enter_room(uow, actor, Action.INVITE_AGENCY, channel_id)
    agencies = _invitable(here)
    if not agencies:
        raise NothingHere(what="agency")
    return here, agencies


def _invitable(here: CaseContext) -> list[Agency]:
    file = here.file
    asked = {i.agency_id for i in file.current() if file.seats_for(i.id)}
    asked |= {i.agency_id for i in file.involvements if i.ended_at is None and i.not_ours is not None}
    return [a for a in here.uow.agencies(here.file.team.id) if a.id not in asked]


def review_invitation(
    uow: UnitOfWork, actor: Person, command: InviteAgency
) -> tuple[CaseContext, WillBeTold | None]:
    """Return the human who would now be told; None for an agency that is only expected. Changes nothing."""
    here = enter_case(uow, actor, Action.INVITE_AGENCY, command.case_id)
    agency = here.file.agencies.get(command.choice.agency_id)
    if agency is None:
        raise NotAllowed
    if agency.id not in {a.id for a in _invitable(here)}:
        raise Invalid(Problem("agency", "invalid.already-in"))
    check_persons(here.file.open_letters, command.choice.persons)
    if command.choice.expected:
        return here, None
    return here, who_is_asked(uow, here.file.team, agency, command.choice.chosen, here.file)


def invite_agency(
    uow: UnitOfWork,
    actor: Person,
    command: InviteAgency,
    review: tuple[CaseContext, WillBeTold | None],
) -> None:
    """Involve the agency: its contact on call is asked, and it gets the duty to attend the next meeting."""
    here, told_first = review
    choice = command.choice
    expected = here.file.involvement_of_agency(choice.agency_id)
    if expected is not None and expected.ended_at is None:
        involvement = _ask_expected(here, expected, choice, told_first)
    else:
        involvement = summons.involve(uow, here.file.team, here.file.case.id, choice, told_first)
    file = here.file
    for meeting in () if choice.expected else file.meetings:
        if meeting.live and meeting.starts_at > uow.now:
            summons.summon_agency(uow, file, meeting, involvement)


def _ask_expected(
    here: CaseContext, expected: Involvement, choice: AgencyChoice, told: WillBeTold | None
) -> Involvement:
    involvement = here.uow.change(
        expected,
        persons=choice.persons,
        reason=choice.reason,
        ground=choice.ground,
        asked_at=expected.asked_at if choice.expected else here.uow.now,
    )
    if not choice.expected:
        summons.offer_seat(here.uow, here.file.team, involvement, told)
    return involvement


INVITE_AGENCY = ReviewedCommand(
    InviteAgency,
    review_invitation,
    invite_agency,
    lambda review: [told_as_shown(review[1])] if review[1] is not None else [],
)


def see_involvement(uow: UnitOfWork, actor: Person, involvement_id: str) -> tuple[CaseContext, Involvement]:
    here, involvement = enter_involvement(uow, actor, Action.CHANGE_INVOLVEMENT, involvement_id)
    if involvement.ended_at is not None:
        raise NoLongerAsked
    return here, involvement


def change_involvement(
    uow: UnitOfWork,
    actor: Person,
    involvement_id: str,
    *,
    persons: tuple[str, ...],
    reason: Reason,
    ground: Ground,
) -> None:
    """Record the change; nobody is told but by the card."""
    here, involvement = see_involvement(uow, actor, involvement_id)
    checked = check_persons(here.file.open_letters, "".join(persons))
    uow.change(involvement, persons=checked, reason=reason, ground=ground)


def see_releasable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, list[Involvement]]:
    """The agencies whose part can be ended: asked, active or only expected."""
    here = enter_room(uow, actor, Action.RELEASE_AGENCY, channel_id)
    parts = [i for i in here.file.involvements if i.ended_at is None]
    if not parts:
        raise NothingHere(what="part", room=here.file.room.channel_id or "")
    return here, parts


def release_agency(uow: UnitOfWork, actor: Person, involvement_id: str) -> None:
    """End the agency's part at once; the others see only that it left."""
    here, involvement = enter_involvement(uow, actor, Action.RELEASE_AGENCY, involvement_id)
    if involvement.ended_at is not None:
        raise NoLongerAsked
    end_part(here, involvement, SeatEnd.PART_OVER)


def end_part(here: CaseContext, involvement: Involvement, end: SeatEnd) -> None:
    """End an involvement with its seats, duties and asks, and leave what follows.

    The duty to attend a meeting that has begun stays, for attendance to be registered.
    """
    uow, file = here.uow, here.file
    uow.change(involvement, ended_at=uow.now)
    for seat in file.seats:
        if seat.involvement_id == involvement.id and seat.live:
            uow.change(seat, ended_at=uow.now, end=end)
    for duty in file.duties:
        meeting = file.meeting(duty.meeting_id)
        if duty.involvement_id != involvement.id or duty.withdrawn_at is not None or not meeting.live:
            continue
        if meeting.starts_at > uow.now:
            uow.change(duty, withdrawn_at=uow.now)
        for ask in file.asks_of(duty.id):
            uow.change(ask, withdrawn_at=uow.now)
