"""Open a closed case again, before it is deleted: everybody who had left is asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Phase, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory import on_call
from bot.domain.directory.entities import Agency, Contact, Person
from bot.domain.errors import NothingHere, Problem
from bot.usecases.authorization import CaseContext, enter_case, enter_room
from bot.usecases.case import coordinator_seat
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement import summons
from bot.usecases.involvement.choosing import Chosen, WillBeTold, told_as_shown, who_is_asked
from bot.usecases.outside import people_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.room.new_room import replace_room
from bot.usecases.validation import MeetingPlan, Warn, check_meeting, warnings


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """The parts that are asked anew, by involvement id, and the first meeting after it.

    `chosen` is whom of an agency (its id) to ask, where the coordinator has said so.
    """

    case_id: str
    phase: Phase
    parts: tuple[str, ...]
    meeting: MeetingPlan
    chosen: tuple[tuple[str, Chosen], ...] = ()


@dataclass(frozen=True, slots=True)
class ReopenReview:
    """A reopening as shown before anything is sent.

    `told` are by part; `coordinators` those who are asked for taushetsplikt anew, `stay` those who have kept
    the room since it was closed. `new_room`: the old one cannot be used.
    """

    here: CaseContext
    told: dict[str, WillBeTold]
    coordinators: tuple[Person, ...]
    stay: tuple[Person, ...]
    expected: tuple[Agency, ...]
    meeting: MeetingPlan
    warnings: tuple[Warn, ...]
    new_room: bool


def in_at_closing(file: CaseFile) -> list[Involvement]:
    """The parts that ended by the closing and by nothing else, of agencies that still are the team's."""
    return [
        i
        for i in file.involvements
        if i.ended_at is not None
        and i.ended_at == file.case.closed_at
        and i.not_ours is None
        and not file.agencies[i.agency_id].retired
    ]


def see_reopenable(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    return _check(enter_case(uow, actor, Action.REOPEN_CASE, case_id, closed_too=True))


def see_reopenable_here(uow: UnitOfWork, actor: Person, channel_id: str) -> CaseContext:
    """The same for the case whose room the channel is."""
    return _check(enter_room(uow, actor, Action.REOPEN_CASE, channel_id, closed_too=True))


def _check(here: CaseContext) -> CaseContext:
    if here.file.open:
        raise NothingHere(what="closed")
    if here.file.case.is_being_erased:
        raise NothingHere(what="erased")
    if not any(i.asked_at is not None for i in in_at_closing(here.file)):
        raise NothingHere(what="in-at-closing")
    return here


def review_reopening(uow: UnitOfWork, actor: Person, command: ReopenCase) -> ReopenReview:
    """Check the meeting, and name the humans who would be asked. Changes nothing."""
    here = see_reopenable(uow, actor, command.case_id)
    file = here.file
    asked = [i for i in in_at_closing(file) if i.asked_at is not None and i.id in command.parts]
    problems = [] if asked else [Problem("parts", "invalid.no-agency")]
    plan = check_meeting(file.team, command.meeting, uow.now, *problems)
    coordinators, persons = people_of(uow, file.team.id)
    stay = set(file.confirmed_coordinators())
    return ReopenReview(
        here,
        {i.id: _who_is_asked(uow, file, i, dict(command.chosen).get(i.agency_id)) for i in asked},
        tuple(persons[id] for id in coordinators if id not in stay),
        tuple(persons[id] for id in coordinators if id in stay and id != actor.id),
        tuple(file.agency_of(i.id) for i in in_at_closing(file) if i.asked_at is None),
        plan,
        tuple(warnings(uow, file.team, plan, file=file, coordinator_id=actor.id, phase=command.phase)),
        file.room.trouble is not None,
    )


def _who_is_asked(uow: UnitOfWork, file: CaseFile, part: Involvement, chosen: Chosen | None) -> WillBeTold:
    """The one who is chosen, else whoever answered for the agency when it was closed, if they take calls now.

    Without either, as in a new case.
    """
    had_it = next((Chosen(contact.id) for contact in _who_had_it(uow, file, part)), None)
    return who_is_asked(uow, file.team, file.agency_of(part.id), chosen or had_it, file)


def _who_had_it(uow: UnitOfWork, file: CaseFile, part: Involvement) -> Iterator[Contact]:
    contacts = {c.person_id: c for c in file.contacts_of(part.agency_id)}
    for seat in file.seats:
        contact = contacts.get(seat.person_id)
        if (
            contact is not None
            and file.left_by_closing(seat)
            and (seat.involvement_id, seat.role) == (part.id, SeatRole.AGENCY)
            and seat.acknowledged_at is not None
            and file.can_be_asked(seat.person_id)
            and on_call.available(contact, file.team.day_of(uow.now))
            and on_call.within_hours(contact, uow.now, file.team)
        ):
            yield contact


def reopen_case(uow: UnitOfWork, actor: Person, command: ReopenCase, review: ReopenReview) -> None:
    """Open the case again, and ask everybody anew, taushetsplikt first.

    The agencies' parts go on, with their needs, actions and dates. Whom nobody asks stays out; those that
    were only expected are so again. No pause and no liaison is left. The coordinators who kept the room have
    been bound all along; the others are asked.
    """
    file = review.here.file
    before = file.case
    parts = in_at_closing(file)
    revived = [i for i in parts if i.asked_at is None or i.id in review.told]
    since = before.phase_since if before.phase is command.phase else uow.now
    uow.change(before, closed_at=None, delete_on=None, phase=command.phase, phase_since=since)
    if file.pause is not None:
        uow.change(file.pause, ended_at=uow.now)
    for liaison in file.liaisons:
        if liaison.ended_at is None:
            uow.change(liaison, ended_at=before.closed_at)
    for part in revived:
        asked_at = None if part.asked_at is None else uow.now
        again = uow.change(part, ended_at=None, asked_at=asked_at, on_record=None)
        if part.id in review.told:
            summons.offer_seat(uow, file.team, again, review.told[part.id])
    for person in review.coordinators:
        uow.add(coordinator_seat(uow, before.id, person.id, opener=None))
    note_acting(review.here)
    meeting = summons.add_meeting(uow, before.id, review.meeting, actor.id)
    summons.summon(uow, uow.current(file), meeting)
    if review.new_room:
        replace_room(uow, uow.current(file))


REOPEN_CASE = ReviewedCommand(
    ReopenCase,
    review_reopening,
    reopen_case,
    lambda review: [*map(told_as_shown, review.told.values()), *(p.id for p in review.coordinators)],
)


def choosing(command: ReopenCase, agency_id: str, chosen: Chosen) -> ReopenCase:
    """The command with this one of the agency asked."""
    return replace(command, chosen=tuple({**dict(command.chosen), agency_id: chosen}.items()))
