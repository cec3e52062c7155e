"""A shared report reveals no number below five, directly or by computation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.domain.case.entities import Measure
from bot.domain.report.figures import ABSENT, ANSWERED, ANSWERS, ATTENDANCE, AtLeast, Hidden, least, line

Numbers = dict[Measure, int]
SMALL_OR_LARGE = st.one_of(st.integers(0, 4), st.integers(5, 9), st.integers(10, 40))


def possible(numbers: Mapping[Measure, int]) -> bool:
    return (
        sum(numbers[m] for m in ATTENDANCE) == sum(numbers[m] for m in ANSWERS)
        and numbers[Measure.CONFIRMED_IN_TIME] <= sum(numbers[m] for m in ANSWERED)
        and numbers[Measure.WRITTEN_REPORT] <= sum(numbers[m] for m in ABSENT)
    )


@st.composite
def agencies(draw: st.DrawFn) -> Numbers:
    """Return the numbers of an agency. The last class is set to match the sums."""
    numbers = {m: draw(SMALL_OR_LARGE) for m in (*ATTENDANCE, *ANSWERS)}
    more = sum(numbers[m] for m in ATTENDANCE) - sum(numbers[m] for m in ANSWERS)
    into = draw(st.sampled_from(ANSWERS if more > 0 else ATTENDANCE))
    numbers[into] += abs(more)
    answered, absent = (sum(numbers[m] for m in group) for group in (ANSWERED, ABSENT))
    numbers[Measure.CONFIRMED_IN_TIME] = draw(st.integers(0, answered))
    numbers[Measure.WRITTEN_REPORT] = draw(st.integers(0, absent))
    return numbers


def others(numbers: Numbers, shown: Mapping[Measure, object]) -> Iterator[Numbers]:
    """Yield all numbers of an agency that would be shown the same."""
    hidden = [m for m, cell in shown.items() if cell is Hidden.SMALL]
    assume(len(hidden) <= 7)
    for values in product(range(5), repeat=len(hidden)):
        other = numbers | dict(zip(hidden, values, strict=True))
        if possible(other):
            yield other


@settings(deadline=None)
@given(agencies())
def test_a_hidden_number_may_always_be_another(numbers: Numbers) -> None:
    assert possible(numbers)
    shown = line(numbers)
    unsettled = {m for m, cell in shown.items() if cell is Hidden.SMALL}
    for other in others(numbers, shown):
        differs = {m for m in unsettled if other[m] != numbers[m]}
        if differs:
            # Knowing the rule reveals no more: it would have shown the same.
            assert line(other) == shown
            unsettled -= differs
        if not unsettled:
            break
    assert not unsettled


def of(attendance: str, answers: str, written: int = 0) -> Numbers:
    return {
        **dict(zip(ATTENDANCE, map(int, attendance.split()), strict=True)),
        **dict(zip(ANSWERS, map(int, answers.split()), strict=True)),
        Measure.CONFIRMED_IN_TIME: 0,
        Measure.WRITTEN_REPORT: written,
    }


@given(agencies())
@example(of("20 0 0 0 0 0", "20 0 0 0 0"))
def test_nothing_below_five_is_shown_and_no_sum_is_more_than_what_is_shown(numbers: Numbers) -> None:
    shown = line(numbers)
    for measure, number in numbers.items():
        assert not isinstance(shown[measure], int) or shown[measure] == number >= 5
    sums = [sum(c for m in group if isinstance(c := shown[m], int)) for group in (ATTENDANCE, ANSWERS)]
    assert least(shown[Measure.SUMMONED]) == max(sums)
    assert least(shown[Measure.SUMMONED]) <= sum(numbers[m] for m in ATTENDANCE)


def withheld(numbers: Numbers) -> bool:
    shown = line(numbers)
    return {shown[measure] for measure in numbers} == {Hidden.WITHHELD}


def test_a_line_is_withheld_where_a_sum_would_give_a_number_away() -> None:
    # All answers are shown, so their sum is known, and one class of attendance is small.
    assert withheld(of("10 8 7 6 3 5", "8 8 6 6 11"))
    # Two are small: both zero, or both at their maximum.
    assert withheld(of("10 10 14 0 0 5", "8 8 6 6 11"))
    assert withheld(of("10 10 6 4 4 5", "8 8 6 6 11"))
    # Two are small: they may be 1 and 2, or 2 and 1.
    assert not withheld(of("10 10 11 1 2 5", "8 8 6 6 11"))


def test_a_written_report_gives_absences_away_only_if_it_needs_them_all() -> None:
    assert withheld(of("20 0 0 4 4 5", "10 10 2 3 8", written=13))
    assert not withheld(of("20 0 0 4 4 5", "10 10 2 3 8", written=12))


def test_an_exact_sum_is_said_to_be_one() -> None:
    assert line(of("10 10 11 1 2 5", "8 8 6 6 11"))[Measure.SUMMONED] == 39
    assert line(of("20 1 1 1 1 0", "20 1 1 1 1"))[Measure.SUMMONED] == AtLeast(20)
