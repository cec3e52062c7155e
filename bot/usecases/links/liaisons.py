"""Take a liaison into a case until a date, end it earlier, and end it on the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry
from bot.domain.case.entities import Seat, SeatEnd, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, leaves_at
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, NoLongerAsked, Problem
from bot.usecases.authorization import CaseContext, enter_case, get_or_make_person
from bot.usecases.involvement.choosing import shelters
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import stored
from bot.usecases.validation import check_text

#: How long a liaison can be in a case at most; further is taken for a slip of the picker.
LONGEST = timedelta(days=366)
LONGEST_TITLE = 80


def see_liaison_form(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    return enter_case(uow, actor, Action.NAME_LIAISON, case_id)


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
    """Name a liaison: a human of this workspace, by Slack id, who is asked for taushetsplikt, and sees the
    room when it is confirmed; or by a title, with how taushetsplikt was confirmed outside Slack.
    """
    here = enter_case(uow, actor, Action.NAME_LIAISON, case_id)
    file = here.file
    title = _check(here, until, someone, title, via)
    seat = _seat(here, someone) if someone is not None else None
    liaison = Liaison(
        id=uow.ids.new(),
        case_id=file.case.id,
        until=until,
        since=uow.now,
        named_by=actor.id,
        title=title,
        seat_id=seat.id if seat is not None else None,
        acknowledged_via=via if seat is None else None,
    )
    uow.add(liaison)
    return liaison


def _check(here: CaseContext, until: date, someone: str | None, title: str, via: Via | None) -> str:
    """Return the title, checked."""
    now, team = here.uow.now, here.file.team
    problems: list[Problem] = []
    if not now < leaves_at(until, team) < now + LONGEST:
        problems.append(Problem("until", "invalid.liaison-until"))
    checked = ""
    try:
        checked = check_text("title", title, now, LONGEST_TITLE)
    except Invalid as error:
        problems.extend(error.problems)
    if someone is None and not title.strip():
        problems.append(Problem("someone", "invalid.liaison-who"))
    elif someone is None and via in (None, Via.SLACK):
        problems.append(Problem("via", "invalid.liaison-via"))
    if problems:
        raise Invalid(*problems)
    return checked


def _seat(here: CaseContext, slack_id: str) -> Seat:
    uow = here.uow
    person = get_or_make_person(uow, slack_id)
    if here.file.seats_of(person.id):
        raise Invalid(Problem("someone", "invalid.liaison-is-in"))
    if shelters(uow, person):
        raise Invalid(Problem("someone", "invalid.liaison-not-in-room"))
    seat = Seat(
        id=uow.ids.new(),
        case_id=here.file.case.id,
        person_id=stored(uow, person).id,
        role=SeatRole.LIAISON,
        asked_at=uow.now,
    )
    uow.add(seat)
    return seat


def end_liaison(uow: UnitOfWork, actor: Person, case_id: str, liaison_id: str) -> None:
    """End a liaison's time before the day."""
    here = enter_case(uow, actor, Action.END_LIAISON, case_id)
    liaison = _live(here.file, liaison_id)
    if liaison is None:
        raise NoLongerAsked
    _end(uow, here.file, liaison, SeatEnd.PART_OVER)


def _live(file: CaseFile, liaison_id: str) -> Liaison | None:
    return next((x for x in file.live_liaisons() if x.id == liaison_id), None)


def liaison_over(uow: UnitOfWork, liaison_id: str, due_at: datetime | None = None) -> None:
    """End a liaison's time, on the day or when the bot next runs after it.

    What was due at `due_at` is due, though our clock has been put back since.
    """
    now = max(uow.now, due_at or uow.now)
    found = uow.get(Liaison, liaison_id)
    file = uow.case_file(found.case_id) if found is not None else None
    liaison = _live(file, liaison_id) if file is not None else None
    if file is None or liaison is None or leaves_at(liaison.until, file.team) > now:
        return
    uow.audit(AuditEntry(Action.END_LIAISON, BOT, file.case.id))
    _end(uow, file, liaison, SeatEnd.UNTIL_REACHED)


def _end(uow: UnitOfWork, file: CaseFile, liaison: Liaison, end: SeatEnd) -> None:
    uow.change(liaison, ended_at=uow.now)
    seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
    if seat is not None:
        uow.change(seat, ended_at=uow.now, end=end)
