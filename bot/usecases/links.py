"""Cases that belong together, and people from outside: links, persons split off, liaisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, timedelta

from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry
from bot.domain.case.entities import Case, Seat, SeatEnd, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, Link, LinkKind, leaves_at
from bot.domain.directory.entities import Agency, Person
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.links import Linked, can_link, linked_to
from bot.usecases.authorization import CaseContext, enter, enter_case, get_or_make_person
from bot.usecases.case import OpenCase, Review, open_case, review_case
from bot.usecases.involvement.summons import Chosen, add_seat, shelters
from bot.usecases.persons import check_closable, end_person, parts_covering
from bot.usecases.ports import UnitOfWork, case_files
from bot.usecases.profile import stored
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import ChosenPerson, FreeText, MeetingPlan


def see_linkable(
    uow: UnitOfWork, actor: Person, channel_id: str
) -> tuple[CaseContext, list[Linked], list[CaseFile]]:
    """The case, its links, and the cases that it can be linked to: those that the actor coordinates too."""
    here = enter_case(uow, actor, Action.LINK_CASES, channel_id)
    known = case_files(uow, uow.cases_with(actor.id), closed_too=True)
    files = [f for f in known if actor.id in f.confirmed_coordinators()]
    return here, linked_to(here.file(), files), [f for f in files if can_link(here.file(), f)]


def link_cases(uow: UnitOfWork, actor: Person, case_id: str, *, other: str) -> CaseFile:
    """Link two cases, and return the other; if that is closed, this one is marked as its repeat.

    Only their coordinators see it, in Home.
    """
    file = enter_case(uow, actor, Action.LINK_CASES, case_id).file()
    second = enter_case(uow, actor, Action.LINK_CASES, other, closed_too=True).file()
    if not can_link(file, second):
        raise Refused(Refusal.NO_LONGER_ASKED)
    add_link(uow, case_id, other, LinkKind.LINKED if second.open else LinkKind.REPEAT)
    return second


def add_link(uow: UnitOfWork, case_id: str, other_id: str, kind: LinkKind) -> None:
    """Add the two halves of a link. The caller checks that the cases may be linked."""
    token = uow.ids.new()
    for each in sorted((case_id, other_id)):
        uow.add(Link(uow.ids.new(), each, kind, token))


def unlink_cases(uow: UnitOfWork, actor: Person, link_id: str) -> None:
    """Undo a link, by one case's half of it; it can be done from either case."""
    _, half = enter(uow, actor, Action.UNLINK_CASES, Link, link_id)
    for other in uow.find(Link, token=half.token):
        if other.case_id != half.case_id:
            enter_case(uow, actor, Action.UNLINK_CASES, other.case_id, closed_too=True)
    cut(uow, half)


def cut(uow: UnitOfWork, half: Link) -> None:
    """Remove both halves of a link."""
    for link in uow.find(Link, token=half.token):
        uow.remove(link)


# --- splitting a person off ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SplitOff:
    """The person, by their letter in this case, where they are A in the new one, and its agencies, by id."""

    letter: str
    case_id: str
    _: KW_ONLY
    agencies: tuple[str, ...]
    expected: tuple[str, ...] = ()
    meeting: MeetingPlan


@dataclass(frozen=True, slots=True)
class SplitReview:
    """A split as shown before anything is sent: the new case, and what becomes of this one."""

    file: CaseFile
    opening: OpenCase
    review: Review


def see_splittable(
    uow: UnitOfWork, actor: Person, case_id: str, letter: str
) -> tuple[CaseContext, str, list[Agency], list[str]]:
    """The case and the person; the team's agencies, and the ids of those that are in it for this person."""
    here = enter_case(uow, actor, Action.SPLIT_OFF, case_id)
    check_closable(here.file(), letter)
    agencies = uow.agencies(here.file().team.id)
    there = {part.agency_id for part in parts_covering(here.file(), letter)}
    return here, letter, agencies, [a.id for a in agencies if a.id in there]


def review_split(uow: UnitOfWork, actor: Person, command: SplitOff) -> SplitReview:
    """Check what is filled in and name the humans who would now be told. Changes nothing."""
    here, *_ = see_splittable(uow, actor, command.case_id, command.letter)
    file = here.file()
    opening = OpenCase(
        team_id=file.team.id,
        phase=file.case.phase,
        persons=1,
        agencies=command.agencies,
        expected=command.expected,
        meeting=command.meeting,
        chosen=tuple(_leads(file, command.letter)),
    )
    return SplitReview(file, opening, review_case(uow, actor, opening))


def _leads(file: CaseFile, letter: str) -> Iterator[tuple[str, Chosen]]:
    """Yield, by agency, its confirmed lead in the case for this person: they are asked before who is on call.

    Somebody who is a contact for this case only is chosen again in the review.
    """
    for part in parts_covering(file, letter):
        lead = file.lead(part.id)
        for contact in file.contacts_of(part.agency_id):
            if lead is not None and lead.confirmed and contact.person_id == lead.person_id:
                yield part.agency_id, Chosen(contact.id)


def split_off(uow: UnitOfWork, actor: Person, command: SplitOff, split: SplitReview) -> Case:
    """Open the new case, link it to this one, and close this one for the person.

    Taushetsplikt is asked of everybody again. This case's room is told only that it is closed for the person.
    """
    case = open_case(uow, actor, split.opening, split.review)
    add_link(uow, command.case_id, case.id, LinkKind.LINKED)
    here = enter_case(uow, actor, Action.SPLIT_OFF, command.case_id)
    end_person(here, command.letter)
    return case


SPLIT_OFF = ReviewedCommand(SplitOff, review_split, split_off)


# --- liaisons ------------------------------------------------------------------------------------


#: The longest time of a liaison in a case; a later day is taken for a slip of the picker.
LONGEST = timedelta(days=366)
TITLE = FreeText("titles", 80)


def name_liaison(
    uow: UnitOfWork,
    actor: Person,
    case_id: str,
    *,
    until: date,
    someone: ChosenPerson | None = None,
    title: str = "",
    via: Via | None = None,
) -> Liaison:
    """Name a liaison until a day: `someone` of this workspace, or a title only.

    `someone` (a Slack id) is asked for taushetsplikt, and sees the room once it is confirmed. Otherwise `via`
    is how taushetsplikt was confirmed outside Slack.
    """
    here = enter_case(uow, actor, Action.NAME_LIAISON, case_id)
    team, problems = here.file().team, list[Problem]()
    if not uow.now < leaves_at(until, team) < uow.now + LONGEST:
        problems.append(Problem("until", "invalid.contact-on"))
    if someone is None and not title.strip():
        problems.append(Problem("someone", "invalid.liaison-who"))
    elif someone is None and via in (None, Via.SLACK):
        problems.append(Problem("via", "invalid.liaison-via"))
    title = TITLE.checked("title", title, uow.now, problems)
    if problems:
        raise Invalid(*problems)
    seat = _seat_of_liaison(here, someone) if someone is not None else None
    seat_id, by = (seat.id, None) if seat is not None else (None, via)
    return uow.add(Liaison(uow.ids.new(), here.file().case.id, until, uow.now, title, seat_id, by))


def _seat_of_liaison(here: CaseContext, slack_id: str) -> Seat:
    uow = here.uow
    person = get_or_make_person(uow, slack_id)
    if here.file().seats_of(person.id):
        raise Invalid(Problem("someone", "invalid.liaison-is-in"))
    if shelters(uow, person):
        raise Invalid(Problem("someone", "invalid.liaison-not-in-room"))
    return add_seat(uow, here.file().case.id, stored(uow, person).id, SeatRole.LIAISON)


def end_liaison(uow: UnitOfWork, actor: Person, liaison_id: str) -> None:
    """End a liaison's time before its day."""
    here, liaison = enter(uow, actor, Action.END_LIAISON, Liaison, liaison_id)
    if liaison not in here.file().live_liaisons():
        raise Refused(Refusal.NO_LONGER_ASKED)
    _end_liaison(uow, here.file(), liaison, SeatEnd.PART_OVER)


def liaison_over(uow: UnitOfWork, liaison_id: str, due_at: datetime | None = None) -> None:
    """End a liaison's time, on its day or when the bot next runs after it.

    At `due_at` the time was over, even if our clock has been put back since.
    """
    now = max(uow.now, due_at or uow.now)
    liaison = uow.get(Liaison, liaison_id)
    file = uow.case_file(liaison.case_id) if liaison is not None else None
    if liaison is None or file is None or liaison not in file.live_liaisons():
        return
    if leaves_at(liaison.until, file.team) <= now:
        uow.audit(AuditEntry(Action.END_LIAISON, BOT, file.case.id))
        _end_liaison(uow, file, liaison, SeatEnd.UNTIL_REACHED)


def _end_liaison(uow: UnitOfWork, file: CaseFile, liaison: Liaison, end: SeatEnd) -> None:
    uow.change(liaison, ended_at=uow.now)
    seat = file.seat(liaison.seat_id)
    if seat is not None:
        uow.change(seat, ended_at=uow.now, end=end)
