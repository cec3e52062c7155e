"""The duty report: what is counted, for which period, and what of it may be shared. Pure.

Counted are the duties of meetings whose attendance has been registered; a duty that was withdrawn and a
meeting that was called off are not. Each is in exactly one class of attendance and one of answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import product

from bot.domain.actions import action_counts
from bot.domain.case.entities import Answer, Ask, Attendance, Count, Duty, Measure
from bot.domain.case.file import CaseFile
from bot.domain.convening import NotConvened
from bot.domain.directory.entities import Agency, Team
from bot.domain.duty_phone import on_duty
from bot.domain.guidance import GuidanceOutcome

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
#: How actions ended. The last two are kept apart.
ACTIONS = (Measure.ACTION_DONE, Measure.ACTION_NOT_POSSIBLE, Measure.ACTION_NOT_DONE)
#: What is counted, by agency id, first day of the meeting's month, and measure.
Tally = Counter[tuple[str, date, Measure]]


def tally(file: CaseFile) -> Tally:
    """The numbers of one case. Months are those of the team's zone."""
    counted: Tally = Counter()
    for duty in file.duties:
        if duty.attendance is None or not is_counted(file, duty):
            continue
        month = file.team.day_of(file.meeting(duty.meeting_id).starts_at).replace(day=1)
        agency_id = file.involvement(duty.involvement_id).agency_id
        for measure in _measures(file, duty, duty.attendance):
            counted[agency_id, month, measure] += 1
    for (agency_id, month, outcome), number in action_counts(file).items():
        counted[agency_id, month, Measure(f"action_{outcome}")] += number
    return counted


def is_counted(file: CaseFile, duty: Duty) -> bool:
    """Return whether the report counts a duty: it stands, and who came has been registered."""
    meeting = file.meeting(duty.meeting_id)
    registered = meeting.registered_at is not None and duty.attendance is not None
    return registered and meeting.cancelled_at is None and duty.withdrawn_at is None


def _measures(file: CaseFile, duty: Duty, attendance: Attendance) -> Iterator[Measure]:
    asks = _with_phone(file, duty, asks_counted(file, duty))
    yield Measure.SUMMONED
    yield Measure(attendance.value)
    yield answer_class(asks)
    if confirmed_in_time(asks):
        yield Measure.CONFIRMED_IN_TIME
    if duty.written_report:
        yield Measure.WRITTEN_REPORT


def asks_counted(file: CaseFile, duty: Duty) -> list[Ask]:
    """All that the agency was asked about the meeting as it was held: not what a move has overtaken.

    What was passed on, handed over or taken back since is part of it.
    """
    held = file.meeting(duty.meeting_id).sequence
    return [a for a in file.asks if a.duty_id == duty.id and a.sequence == held]


def _with_phone(file: CaseFile, duty: Duty, asks: list[Ask]) -> list[Ask]:
    """The asks, with what was said on the duty phone as the answer of whoever was asked first."""
    spoken = on_duty(file, duty)
    if spoken is None or spoken.answer is None or not asks:
        return asks
    first = min(asks, key=lambda a: (a.asked_at, a.id))
    return [*asks, replace(first, answer=spoken.answer, first_answered_at=spoken.at)]


def answer_class(asks: Sequence[Ask]) -> Measure:
    """The time from the agency's first ask to its first answer, whoever gave it."""
    answers = [at for a in asks if (at := _first_answer(a)) is not None]
    if not answers:
        return Measure.NOT_ANSWERED
    took = min(answers) - min(a.asked_at for a in asks)
    return next((measure for most, measure in _WITHIN if took <= most), Measure.ANSWERED_LATER)


def confirmed_in_time(asks: Sequence[Ask]) -> bool:
    """Return whether somebody of the agency confirmed within the answer window, and kept to it.

    Who was asked because another was silent has no more time than the one who was asked first.
    """
    by_id = {a.id: a for a in asks}

    def due(ask: Ask) -> datetime:
        seen = {ask.id}
        while ask.escalated_from in by_id and ask.escalated_from not in seen:
            ask = by_id[ask.escalated_from]
            seen.add(ask.id)
        return ask.window_ends_at

    return any(
        a.answer is Answer.CONFIRMED and (at := _first_answer(a)) is not None and at <= due(a) for a in asks
    )


def _first_answer(ask: Ask) -> datetime | None:
    """A forfall that stands after a move, since the deputy is asked, is no answer to the new time."""
    at = ask.first_answered_at or ask.answered_at
    return None if at is not None and ask.asked_anew and at < ask.asked_at else at


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, both included, each as its first day."""

    first: date
    last: date

    @property
    def months(self) -> tuple[date, ...]:
        """Every month of it; none if it ends before it begins."""
        number = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1
        return tuple(month_after(self.first, n) for n in range(number))

    def __contains__(self, month: date) -> bool:
        return self.first <= month <= self.last


def month_after(month: date, by: int) -> date:
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def this_year(today: date) -> Period:
    return Period(date(today.year, 1, 1), today.replace(day=1))


@dataclass(frozen=True, slots=True)
class GuidanceCount:
    """Guidance of one theme in one month (its first day). `outcome` is None for what is open."""

    month: date
    theme: str
    outcome: GuidanceOutcome | None
    in_time: bool | None
    number: int


@dataclass(frozen=True, slots=True)
class ConvenedCount:
    """Requests of one month, and what came of them. `convened` is None for the undecided."""

    month: date
    agency_id: str | None
    convened: bool | None
    reason: NotConvened | None
    number: int


@dataclass(frozen=True)
class Report:
    """The numbers of a team's agencies in a period. `unregistered`: meetings held that are not counted yet.

    `agencies` are those that were summoned, in the order of the directory. `convened` (by the agencies
    `askers`) and `guidance` lie outside cases, and are for the coordinators alone.
    """

    team: Team
    period: Period
    agencies: tuple[Agency, ...]
    numbers: Mapping[tuple[str, date, Measure], int]
    unregistered: int = 0
    convened: tuple[ConvenedCount, ...] = ()
    guidance: tuple[GuidanceCount, ...] = ()
    askers: tuple[Agency, ...] = ()

    def number(self, agency_id: str, measure: Measure, month: date | None = None) -> int:
        """Of one month or of the whole period."""
        months = self.period.months if month is None else (month,)
        return sum(self.numbers.get((agency_id, m, measure), 0) for m in months)

    def total(self, measure: Measure) -> int:
        return sum(self.number(a.id, measure) for a in self.agencies)

    def met(self, agency_id: str, month: date | None = None) -> tuple[int, int]:
        """Duties met, in person or by deputy, and of how many."""
        met = sum(self.number(agency_id, m, month) for m in CAME)
        return met, self.number(agency_id, Measure.SUMMONED, month)


def build(
    team: Team,
    period: Period,
    agencies: Sequence[Agency],
    tallies: Sequence[Tally],
    counts: Sequence[Count],
    unregistered: int = 0,
) -> Report:
    """From what cases hold now and what is left of those that were deleted."""
    numbers: Tally = Counter()
    for each in tallies:
        numbers.update({key: n for key, n in each.items() if key[1] in period})
    for count in counts:
        if count.month in period:
            numbers[count.agency_id, count.month, count.measure] += count.number
    summoned = {agency_id for agency_id, _, _ in numbers}
    listed = sorted((a for a in agencies if a.id in summoned), key=lambda a: (not a.core, a.shown_name, a.id))
    return Report(team, period, tuple(listed), numbers, unregistered)


# --- what of it may be shared: numbers below five are hidden, and cannot be worked out either
#
# A class below five is hidden; every sum is made of the classes that are shown, and says so; and where the
# two ways in which an agency's duties add up would give a hidden number away, all of its line is withheld.
# Whether they would is told from what is shown alone, so that the withholding tells nothing.

LEAST = 5
_MOST_HIDDEN = LEAST - 1


class Hidden(StrEnum):
    SMALL = "small"
    WITHHELD = "withheld"


Shown = int | Hidden
#: The classes and the numbers that belong to no sum: everything but the sum itself.
_CELLS = (Measure.CONFIRMED_IN_TIME, *ATTENDANCE, Measure.WRITTEN_REPORT, *ANSWERS, *ACTIONS)
_BLOCKS = (CAME, ABSENT, ANSWERED, (Measure.NOT_ANSWERED,))


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A sum of what is shown. Not `whole` when something that is hidden is left out."""

    number: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One agency's numbers as they may be shared, and how many duties those add up to."""

    cells: Mapping[Measure, Shown]
    summoned: AtLeast


@dataclass(frozen=True)
class Shareable:
    """A report of which nothing below five can be read or worked out."""

    report: Report
    lines: Mapping[str, Line]

    def total(self, measure: Measure) -> AtLeast:
        if measure is Measure.SUMMONED:
            summed = [line.summoned for line in self.lines.values()]
            return AtLeast(sum(s.number for s in summed), all(s.whole for s in summed))
        return _sum(line.cells[measure] for line in self.lines.values())

    def met(self, agency: Agency) -> tuple[float, float] | None:
        """The least and the greatest share of duties that can have been met, as what is shown has it.

        None where nothing is shown.
        """
        cells = self.lines[agency.id].cells
        came, absent = (_sum(cells[m] for m in block).number for block in (CAME, ABSENT))
        if Hidden.WITHHELD in cells.values() or not came + absent:
            return None
        more, fewer = (
            _MOST_HIDDEN * sum(cells[m] is Hidden.SMALL for m in block) for block in (CAME, ABSENT)
        )
        return came / (came + absent + fewer), (came + more) / (came + more + absent)


def shareable(report: Report) -> Shareable:
    numbers = {a.id: {m: report.number(a.id, m) for m in _CELLS} for a in report.agencies}
    return Shareable(report, {agency_id: line(each) for agency_id, each in numbers.items()})


def line(numbers: Mapping[Measure, int]) -> Line:
    """One agency's line, from all of its numbers but the sum."""
    cells: dict[Measure, Shown] = {m: n if n >= LEAST else Hidden.SMALL for m, n in numbers.items()}
    if _gives_away(cells):
        cells = dict.fromkeys(cells, Hidden.WITHHELD)
    sums = [_sum(cells[m] for m in group) for group in (ATTENDANCE, ANSWERS)]
    return Line(cells, AtLeast(max(s.number for s in sums), any(s.whole for s in sums)))


def _sum(cells: Iterable[Shown]) -> AtLeast:
    listed = list(cells)
    shown = [cell for cell in listed if isinstance(cell, int)]
    return AtLeast(sum(shown), len(shown) == len(listed))


def _gives_away(cells: Mapping[Measure, Shown]) -> bool:
    """Return whether a hidden number follows from those shown.

    Tried are all sums that the hidden numbers of each block can have so that attendance and answers come to
    the same, nobody confirmed who has not answered, and nobody reported in writing who was there.
    """
    known = [_sum(cells[m] for m in block).number for block in _BLOCKS]
    hidden = [sum(cells[m] is Hidden.SMALL for m in block) for block in _BLOCKS]
    possible: list[set[int]] = [set() for _ in _BLOCKS]
    for sums in product(*(range(_MOST_HIDDEN * n + 1) for n in hidden)):
        came, absent, answered, silent = (k + s for k, s in zip(known, sums, strict=True))
        confirmed, written = (_least(cells[m]) for m in (Measure.CONFIRMED_IN_TIME, Measure.WRITTEN_REPORT))
        if came + absent == answered + silent and confirmed <= answered and written <= absent:
            for found, each in zip(possible, sums, strict=True):
                found.add(each)
    return any(is_certain(found, n) for found, n in zip(possible, hidden, strict=True))


def _least(cell: Shown) -> int:
    return cell if isinstance(cell, int) else 0


def is_certain(sums: set[int], hidden: int) -> bool:
    """Return whether the numbers in a block are certain, from the sums that they may have."""
    if not hidden or len(sums) > 1:
        return False
    return hidden == 1 or sums <= {0, _MOST_HIDDEN * hidden}
