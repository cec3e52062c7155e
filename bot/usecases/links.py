"""Cases that belong together, and people from outside: links, persons split off, liaisons."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry
from bot.domain.case.entities import Case, Seat, SeatEnd, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, Link, LinkKind, leaves_at
from bot.domain.directory.entities import Agency, Person
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.links import Linked, can_link, linked_to
from bot.usecases.authorization import CaseContext, enter_case, get_or_make_person
from bot.usecases.case import OpenCase, Review, open_case, review_case
from bot.usecases.involvement.summons import AskPreview, add_seat, shelters, told_by
from bot.usecases.persons import check_closable, end_person, parts_covering
from bot.usecases.ports import UnitOfWork, case_files
from bot.usecases.profile import stored
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import FreeText, MeetingPlan


def see_linkable(
    uow: UnitOfWork, actor: Person, channel_id: str
) -> tuple[CaseContext, list[Linked], list[CaseFile]]:
    """The case, its links, and the cases that it can be linked to: those that the actor coordinates too."""
    here = enter_case(uow, actor, Action.LINK_CASES, channel_id)
    known = case_files(uow, uow.cases_with(actor.id), closed_too=True)
    files = [f for f in known if actor.id in f.confirmed_coordinators()]
    return here, linked_to(here.file(), files), [f for f in files if can_link(here.file(), f)]


def link_cases(uow: UnitOfWork, actor: Person, case_id: str, other_id: str) -> CaseFile:
    """Link two cases, and return the other; if that is closed, this one is marked as its repeat.

    Only their coordinators see it, in Home.
    """
    file = enter_case(uow, actor, Action.LINK_CASES, case_id).file()
    other = enter_case(uow, actor, Action.LINK_CASES, other_id, closed_too=True).file()
    if not can_link(file, other):
        raise Refused(Refusal.NO_LONGER_ASKED)
    add_link(uow, case_id, other_id, LinkKind.LINKED if other.open else LinkKind.REPEAT)
    return other


def add_link(uow: UnitOfWork, case_id: str, other_id: str, kind: LinkKind) -> None:
    """Add the two halves of a link. The caller checks that the cases may be linked."""
    token = uow.ids.new()
    for each in sorted((case_id, other_id)):
        uow.add(Link(uow.ids.new(), each, kind, token))


def unlink_cases(uow: UnitOfWork, actor: Person, case_id: str, link_id: str) -> None:
    """Undo a link, by this case's half of it; it can be done from either case."""
    named = uow.get(Link, link_id)
    others = [x.case_id for x in uow.find(Link, token=named.token) if x != named] if named else []
    here = enter_case(uow, actor, Action.UNLINK_CASES, case_id)
    half = next((link for link in here.file().links if link.id == link_id), None)
    if half is None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    for other_id in others:
        enter_case(uow, actor, Action.UNLINK_CASES, other_id, closed_too=True)
    cut(uow, half)


def cut(uow: UnitOfWork, half: Link) -> None:
    """Remove both halves of a link."""
    for link in uow.find(Link, token=half.token):
        uow.remove(link)


# --- splitting a person off ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SplitOff:
    """The person, by their letter in this case; in the new case the person is A."""

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
) -> tuple[CaseContext, list[Agency], list[str]]:
    """The team's agencies, and the ids of those that are in the case for this person."""
    here = enter_case(uow, actor, Action.SPLIT_OFF, case_id)
    check_closable(here.file(), letter)
    agencies = uow.agencies(here.file().team.id)
    there = {part.agency_id for part in parts_covering(here.file(), letter)}
    return here, agencies, [a.id for a in agencies if a.id in there]


def review_split(uow: UnitOfWork, actor: Person, command: SplitOff) -> SplitReview:
    """Check what is filled in and name the humans who would now be told. Changes nothing."""
    here = enter_case(uow, actor, Action.SPLIT_OFF, command.case_id)
    file = here.file()
    check_closable(file, command.letter)
    opening = OpenCase(
        team_id=file.team.id,
        phase=file.case.phase,
        persons=1,
        agencies=command.agencies,
        expected=command.expected,
        meeting=command.meeting,
    )
    review = review_case(uow, actor, opening)
    told = tuple(_told(uow, file, command.letter, each) for each in review.told)
    return SplitReview(file, opening, replace(review, told=told))


def _told(uow: UnitOfWork, file: CaseFile, letter: str, on_call: AskPreview) -> AskPreview:
    """Return the agency's confirmed lead in the case for this person, otherwise its contact on call.

    Somebody who is a contact for this case only is chosen again in the review.
    """
    agency = on_call.agency
    for part in parts_covering(file, letter):
        lead = file.lead(part.id)
        if part.agency_id != agency.id or lead is None or not lead.confirmed:
            continue
        listed = (c for c in uow.contacts(agency.id) if c.person_id == lead.person_id and not c.waits)
        contact = next(listed, None)
        if contact is not None and file.can_be_asked(lead.person_id):
            return told_by(uow, file.persons[lead.person_id], agency, contact)
    return on_call


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
    someone: str | None = None,
    title: str = "",
    via: Via | None = None,
) -> Liaison:
    """Name a liaison until a day: `someone` of this workspace, or a title only.

    `someone` (a Slack id) is asked for taushetsplikt, and sees the room once it is confirmed. Otherwise `via`
    is how taushetsplikt was confirmed outside Slack.
    """
    here = enter_case(uow, actor, Action.NAME_LIAISON, case_id)
    file = here.file()
    title = _check_liaison(here, until, someone, title, via)
    seat = _seat_of_liaison(here, someone) if someone is not None else None
    liaison = Liaison(
        id=uow.ids.new(),
        case_id=file.case.id,
        until=until,
        since=uow.now,
        title=title,
        seat_id=seat.id if seat is not None else None,
        acknowledged_via=via if seat is None else None,
    )
    uow.add(liaison)
    return liaison


def _check_liaison(here: CaseContext, until: date, someone: str | None, title: str, via: Via | None) -> str:
    now, team = here.uow.now, here.file().team
    problems: list[Problem] = []
    if not now < leaves_at(until, team) < now + LONGEST:
        problems.append(Problem("until", "invalid.contact-on"))
    checked = TITLE.checked("title", title, now, problems)
    if someone is None and not title.strip():
        problems.append(Problem("someone", "invalid.liaison-who"))
    elif someone is None and via in (None, Via.SLACK):
        problems.append(Problem("via", "invalid.liaison-via"))
    if problems:
        raise Invalid(*problems)
    return checked


def _seat_of_liaison(here: CaseContext, slack_id: str) -> Seat:
    uow = here.uow
    person = get_or_make_person(uow, slack_id)
    if here.file().seats_of(person.id):
        raise Invalid(Problem("someone", "invalid.liaison-is-in"))
    if shelters(uow, person):
        raise Invalid(Problem("someone", "invalid.liaison-not-in-room"))
    return add_seat(uow, here.file().case.id, stored(uow, person).id, SeatRole.LIAISON)


def end_liaison(uow: UnitOfWork, actor: Person, case_id: str, liaison_id: str) -> None:
    """End a liaison's time before its day."""
    here = enter_case(uow, actor, Action.END_LIAISON, case_id)
    liaison = _live_liaison(here.file(), liaison_id)
    if liaison is None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    _end_liaison(uow, here.file(), liaison, SeatEnd.PART_OVER)


def _live_liaison(file: CaseFile, liaison_id: str) -> Liaison | None:
    return next((x for x in file.live_liaisons() if x.id == liaison_id), None)


def liaison_over(uow: UnitOfWork, liaison_id: str, due_at: datetime | None = None) -> None:
    """End a liaison's time, on its day or when the bot next runs after it.

    At `due_at` the time was over, even if our clock has been put back since.
    """
    now = max(uow.now, due_at or uow.now)
    found = uow.get(Liaison, liaison_id)
    file = uow.case_file(found.case_id) if found is not None else None
    liaison = _live_liaison(file, liaison_id) if file is not None else None
    if file is None or liaison is None or leaves_at(liaison.until, file.team) > now:
        return
    uow.audit(AuditEntry(Action.END_LIAISON, BOT, file.case.id))
    _end_liaison(uow, file, liaison, SeatEnd.UNTIL_REACHED)


def _end_liaison(uow: UnitOfWork, file: CaseFile, liaison: Liaison, end: SeatEnd) -> None:
    uow.change(liaison, ended_at=uow.now)
    seat = file.seat(liaison.seat_id)
    if seat is not None:
        uow.change(seat, ended_at=uow.now, end=end)
