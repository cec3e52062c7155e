"""The duty report: what is counted, for which period, and what of it may be shared. Pure.

It counts the duties of meetings whose attendance is registered, but not withdrawn duties or meetings that
were called off. Each duty is in exactly one class of attendance and one class of answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import TypeVar

from bot.domain.case.entities import Answer, Ask, Attendance, Duty, Measure
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Team
from bot.domain.escalation import answer_window

CAME = (Measure.PRESENT, Measure.LATE, Measure.DEPUTY_PRESENT)
ABSENT = (Measure.ABSENT_WITH_NOTICE, Measure.ABSENT_WITHOUT_NOTICE, Measure.NOT_REACHED)
ATTENDANCE = (*CAME, *ABSENT)
_WITHIN = (
    (timedelta(minutes=15), Measure.ANSWERED_IN_15_MINUTES),
    (timedelta(hours=1), Measure.ANSWERED_IN_1_HOUR),
    (timedelta(days=1), Measure.ANSWERED_IN_1_DAY),
)
ANSWERED = (*(measure for _, measure in _WITHIN), Measure.ANSWERED_LATER)
ANSWERS = (*ANSWERED, Measure.NOT_ANSWERED)
#: How actions ended. «Not possible» and «not done» are separate.
ACTIONS = (Measure.ACTION_DONE, Measure.ACTION_NOT_POSSIBLE, Measure.ACTION_NOT_DONE)
#: Numbers by agency id, first day of the month, and measure.
Tally = Counter[tuple[str, date, Measure]]
Part = TypeVar("Part", bound=str)


def tally(file: CaseFile) -> Tally:
    """Count the numbers of one case. Months are in the team's zone."""
    counted: Tally = Counter()
    for duty in file.duties:
        meeting = file.meeting(duty.meeting_id)
        if duty.attendance is None or duty.withdrawn_at or meeting.cancelled_at or not meeting.registered_at:
            continue
        month = file.team.day_of(meeting.starts_at).replace(day=1)
        agency_id = file.agency_of(duty.involvement_id).id
        for measure in _measures(file, duty, duty.attendance):
            counted[agency_id, month, measure] += 1
    for action in file.actions:
        # One that another agency took over counts for the agency that had it at the end.
        if action.outcome is not None and action.ended_at is not None:
            month = file.team.day_of(action.ended_at).replace(day=1)
            agency_id = file.agency_of(action.involvement_id).id
            counted[agency_id, month, Measure(f"action_{action.outcome}")] += 1
    return counted


def _measures(file: CaseFile, duty: Duty, attendance: Attendance) -> Iterator[Measure]:
    asks = _asks(file, duty)
    yield Measure.SUMMONED
    yield Measure(attendance.value)
    yield answer_class(asks)
    if confirmed_in_time(file, duty, asks):
        yield Measure.CONFIRMED_IN_TIME
    if duty.written_report:
        yield Measure.WRITTEN_REPORT


def _asks(file: CaseFile, duty: Duty) -> list[Ask]:
    """Return all asks to the agency about the meeting as it was held, without those from before a move.

    Asks that were later passed on, handed over or taken back are included. What was answered on the duty
    phone is added as an answer to the first of them; if somebody asked has answered since, that is the
    agency's answer, but the first is still that on the phone.
    """
    held = (duty.id, file.meeting(duty.meeting_id).sequence)
    asks = [a for a in file.asks if (a.duty_id, a.sequence) == held]
    said = [a for a in file.phone_answers if (a.duty_id, a.sequence) == held and a.answer]
    if not said or not asks:
        return asks
    given = [(a.at, a.answer) for a in said] + [(a.answered_at, a.answer) for a in asks if a.answered_at]
    first, last = min(asks, key=lambda a: (a.asked_at, a.id)), max(given, key=lambda each: each[0])
    return [*asks, replace(first, answer=last[1], first_answered_at=min(a.at for a in said))]


def answer_class(asks: Sequence[Ask]) -> Measure:
    """Return the class of the time from the agency's first ask to its first answer, by any of its people."""
    answers = [at for a in asks if (at := _first_answer(a)) is not None]
    if not answers:
        return Measure.NOT_ANSWERED
    took = min(answers) - min(a.asked_at for a in asks)
    return next((measure for most, measure in _WITHIN if took <= most), Measure.ANSWERED_LATER)


def confirmed_in_time(file: CaseFile, duty: Duty, asks: Sequence[Ask]) -> bool:
    """Return whether somebody of the agency confirmed within the answer window, and kept to it.

    A person asked because a colleague was silent has no more time than the one who was asked first.
    """
    by_id, starts_at = {a.id: a for a in asks}, file.meeting(duty.meeting_id).starts_at

    def due(ask: Ask) -> datetime:
        seen = {ask.id}
        while ask.escalated_from in by_id and ask.escalated_from not in seen:
            ask = by_id[ask.escalated_from]
            seen.add(ask.id)
        return answer_window(file.team, ask.asked_at, starts_at)

    return any(
        a.answer is Answer.CONFIRMED and (at := _first_answer(a)) is not None and at <= due(a) for a in asks
    )


def _first_answer(ask: Ask) -> datetime | None:
    """Return when an ask was first answered. A forfall kept over a move is no answer to the new time."""
    at = ask.first_answered_at or ask.answered_at
    return None if at is not None and ask.asked_anew and at < ask.asked_at else at


@dataclass(frozen=True, slots=True)
class Period:
    """A range of whole months, both ends included, each given as its first day."""

    first: date
    last: date

    def __contains__(self, month: date) -> bool:
        return self.first <= month <= self.last


def month_after(month: date, by: int) -> date:
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def in_order(agencies: Iterable[Agency]) -> list[Agency]:
    return sorted(agencies, key=lambda a: (not a.core, a.shown_name, a.id))


# --- what is shown: all of it, or what may be shared
#
# A shared report hides each class below five. Every sum is made of the classes that are shown, and says so.
# An agency's duties add up in two ways; if those would give a hidden number away, its whole line is withheld.
# That is decided only from what is shown, so that withholding itself tells nothing.

LEAST = 5
_MOST_HIDDEN = LEAST - 1


class Hidden(StrEnum):
    SMALL = "small"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A sum of the shown numbers that leaves out a hidden one."""

    number: int


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a number, both included."""

    least: int
    most: int


Cell = int | Hidden | AtLeast | Range
Line = Mapping[Measure, Cell]
_BLOCKS = (CAME, ABSENT, ANSWERED, (Measure.NOT_ANSWERED,))


def least(cell: Cell) -> int:
    """Return the lower bound of a number, as it is shown."""
    match cell:
        case int():
            return cell
        case AtLeast(number=number) | Range(least=number):
            return number
    return 0


def added(cells: Iterable[Cell]) -> int | AtLeast:
    listed = list(cells)
    number = sum(map(least, listed))
    return number if all(isinstance(cell, int) for cell in listed) else AtLeast(number)


def small_hidden(numbers: Mapping[Part, int]) -> dict[Part, Cell]:
    return {part: n if n >= LEAST else Hidden.SMALL for part, n in numbers.items()}


@dataclass(frozen=True)
class Report:
    """The numbers of a team's agencies in a period, also as they are shown.

    From a `shared` report no number below five can be worked out. `directory` are all agencies, in the order
    in which they are listed.
    """

    team: Team
    period: Period
    directory: Sequence[Agency]
    numbers: Mapping[tuple[str, date, Measure], int]
    shared: bool = False

    @cached_property
    def agencies(self) -> tuple[Agency, ...]:
        """The agencies that were summoned, or have ended an action."""
        counted = {agency_id for agency_id, month, _ in self.numbers if month in self.period}
        return tuple(a for a in self.directory if a.id in counted)

    def number(self, agency_id: str, measure: Measure) -> int:
        theirs = {month: n for (id, month, m), n in self.numbers.items() if (id, m) == (agency_id, measure)}
        return sum(n for month, n in theirs.items() if month in self.period)

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """Each agency's line, by its id."""
        exact = {a.id: {m: self.number(a.id, m) for m in Measure} for a in self.agencies}
        return {agency_id: line(each) for agency_id, each in exact.items()} if self.shared else exact

    def total(self, measure: Measure) -> int | AtLeast:
        return added(line[measure] for line in self.lines.values())


def line(numbers: Mapping[Measure, int]) -> Line:
    """Return one agency's line as it may be shared. Its sum is made of the shown numbers."""
    cells = small_hidden(numbers)
    if _gives_away(cells):
        cells = dict.fromkeys(cells, Hidden.WITHHELD)
    sums = [added(cells[m] for m in group) for group in (ATTENDANCE, ANSWERS)]
    return cells | {Measure.SUMMONED: max(sums, key=lambda s: (least(s), isinstance(s, int)))}


def _gives_away(cells: Line) -> bool:
    """Return whether a hidden number follows from those shown.

    It tries all sums of the hidden numbers of each block with which attendance and answers are equal, no more
    duties are confirmed than answered, and no more written reports came than there were absences.
    """
    known = [least(added(cells[m] for m in block)) for block in _BLOCKS]
    hidden = [sum(cells[m] is Hidden.SMALL for m in block) for block in _BLOCKS]
    confirmed, written = (least(cells[m]) for m in (Measure.CONFIRMED_IN_TIME, Measure.WRITTEN_REPORT))
    possible: list[set[int]] = [set() for _ in _BLOCKS]
    for sums in product(*(range(_MOST_HIDDEN * n + 1) for n in hidden)):
        came, absent, answered, silent = (k + s for k, s in zip(known, sums, strict=True))
        if came + absent == answered + silent and confirmed <= answered and written <= absent:
            for found, each in zip(possible, sums, strict=True):
                found.add(each)
    return any(is_certain(found, n) for found, n in zip(possible, hidden, strict=True))


def is_certain(sums: set[int], hidden: int) -> bool:
    """Return whether the `hidden` numbers of a block are certain, given their possible `sums`."""
    if not hidden or len(sums) > 1:
        return False
    return hidden == 1 or sums <= {0, _MOST_HIDDEN * hidden}
