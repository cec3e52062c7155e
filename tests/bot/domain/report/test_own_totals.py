"""No number below five follows from totals that a coordinator adds to the shared yearly report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.report.figures import LEAST
from bot.domain.report.own_totals import give_away, has_small_number
from bot.domain.report.yearly import Figure, YearNumbers, YearReport, figure_cell
from tests.bot.domain.report.test_yearly_disclosure import unsettled
from tests.bot.report.years import numbers, yearly
from tests.every import every

PARTS = st.lists(st.one_of(st.integers(0, 4), st.integers(5, 9)), min_size=1, max_size=4)


def report(*new: int, **last: int) -> YearReport:
    """Return three years with these numbers of new persons; `last` sets other figures of the last year."""
    of: dict[int, YearNumbers] = {2024 + n: numbers(persons_new=each) for n, each in enumerate(new)}
    return replace(yearly(2026, of | {2026: numbers(persons_new=new[-1], **last)}), shared=True)


def typed(parts: Sequence[int]) -> str:
    return ", ".join(f"{n if n >= LEAST else '<5'} {name}" for n, name in zip(parts, "abcde", strict=False))


@settings(max_examples=300)
@given(PARTS)
@example([6, 3])
@example([9, 9, 1, 4])
def test_parts_of_the_new_persons_may_always_be_others(parts: list[int]) -> None:
    shown = report(20, 20, sum(parts))
    if give_away({"ages": typed(parts)}, shown):
        return

    def seen(values: Sequence[int]) -> object:
        return typed(values), figure_cell(Figure.PERSONS_NEW, sum(values))

    others = product(*((n,) if n >= LEAST else range(LEAST) for n in parts))
    assert unsettled(parts, seen, others), parts


@settings(max_examples=300)
@given(st.integers(0, 9), st.integers(0, 9), PARTS)
@example(7, 5, [4, 4])
def test_parts_of_all_persons_tell_of_none_carried_over(new: int, carried: int, parts: list[int]) -> None:
    """The last part is the remainder, so that they add up."""
    parts = [*parts, new + carried - sum(parts)]
    if parts[-1] < 0 or give_away({"ages": typed(parts)}, report(20, 20, new, persons_carried=carried)):
        return
    values = [new, carried, *parts]

    def seen(values: Sequence[int]) -> object:
        figures = (Figure.PERSONS_NEW, Figure.PERSONS_CARRIED)
        return [figure_cell(f, n) for f, n in zip(figures, values, strict=False)], typed(values[2:])

    free = [(n,) if n >= LEAST else range(LEAST) for n in parts]
    others = (
        [n, c, *rest]
        for rest in product(*free)
        for n in ([new] if new >= LEAST else range(LEAST))
        for c in [sum(rest) - n]
        if c >= 0
    )
    # Nobody is new or carried over: the number concerns nobody.
    assert unsettled(values, seen, others) or 0 in (new, carried), values


@every(
    ("gives_away", "new", "carried", "text"),
    [
        (True, 9, 0, "6 barn, <5 voksne"),
        (True, 9, 0, "6 barn"),
        (True, 9, 0, "5 barn"),
        (True, 9, 0, "barn: 6, voksne: færre enn 5"),
        (True, 8, 0, "<5 barn, <5 voksne"),
        (True, 9, 0, "67 % barn"),
        (True, 9, 0, "ni personer, 66 prosent er barn"),
        (True, 9, 0, "6 barn, <5 voksne, 5 jenter, <5 gutter"),
        (True, 9, 0, "12 i alt"),
        (True, 9, 3, "7 barn, 5 voksne"),
        (True, 4, 4, "8 barn og voksne"),
        (True, 20, 0, "12 personer: 9 barn, <5 voksne"),
        (True, 20, 0, "9 barn av 12"),
        (True, 20, 0, "12: 9 barn, <5 voksne"),
        (False, 9, 0, "minst 5 barn, <5 voksne"),
        (False, 9, 0, "≥5 barn, under 5 voksne"),
        (False, 9, 0, "5 eller flere barn, <5 voksne"),
        (False, 9, 0, "<5 voksne"),
        (False, 9, 0, "9 barn"),
        (False, 30, 0, "12 barn, 18 voksne"),
        (False, 21, 0, "12 barn, 9 voksne"),
        (False, 17, 0, "under 18: 12, over 18: 5"),
        (False, 19, 0, "8 Romania, 6 Nigeria, <5 Vietnam, <5 Albania"),
        (False, 4, 0, "6 barn"),
    ],
)
def test_a_field_that_gives_a_small_number_away_and_one_that_does_not(
    gives_away: bool, new: int, carried: int, text: str
) -> None:
    found = give_away({"ages": text}, report(20, 20, new, persons_carried=carried))
    assert found == ({"ages"} if gives_away else set())


def test_the_fields_are_read_beside_each_other() -> None:
    own = {"ages": "6 barn, 8 voksne", "nationality": "12 Romania, <5 andre"}
    assert give_away(own, report(20, 20, 30)) == {"nationality"}
    # A year hidden in its span («≥ 17») does not follow from a total of the span.
    assert give_away({"ages": "20 i 2024–2026"}, report(5, 12, 3)) == {"ages"}
    # The report also shows cases.
    assert give_away({"exploitation": "6 saker, <5 andre"}, report(20, 20, 30, cases=9)) == {"exploitation"}


@every(
    ("small", "text"),
    [
        *((True, text) for text in ("6 barn, 3 voksne", "voksne: 0", "4", "barn:2;voksne:9", "1 (én)")),
        *((True, text) for text in ("2-3 barn", "3stk", "b.3", "³ barn", "-3")),
        *((False, text) for text in ("<5 barn, 6 voksne", "0–17 år: 6", "under 18: 12, over 18: 5")),
        *((False, text) for text in ("9 i 2025", "1 200 samtaler")),
    ],
)
def test_what_a_small_number_is(small: bool, text: str) -> None:
    assert has_small_number(text) is small
