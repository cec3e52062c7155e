"""No number below five is revealed by shared years, nor by all reports of a team together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.report.figures import LEAST, AtLeast, Hidden, Range
from bot.domain.report.yearly import (
    FEWEST_SPLIT,
    SPAN,
    Figure,
    Split,
    YearReport,
    divided_in_span,
    divided_in_year,
    figure_cell,
    span_cell,
    split_cells,
)
from tests.bot.domain.report.test_disclosure import SMALL_OR_LARGE
from tests.bot.report.years import SIX_A_YEAR, numbers, yearly

HIDEABLE = [f for f in Figure if f not in (Figure.JOINT, Figure.JOINT_CAME)]
SUMMED = [f for f in HIDEABLE if f is not Figure.PERSONS_CARRIED]


def unsettled(
    values: Sequence[int], shown: Callable[[Sequence[int]], object], others: Iterable[Sequence[int]]
) -> bool:
    """Return whether everything shown leaves each number below five undetermined."""
    left = {n for n, value in enumerate(values) if value < LEAST}
    seen = shown(values)
    for other in others:
        differs = {n for n in left if other[n] != values[n]}
        if differs and shown(other) == seen:
            left -= differs
        if not left:
            return True
    return not left


def test_a_figure_of_three_years_and_their_sum() -> None:
    """All combinations: each year hidden or shown, with the sum of their span."""
    figure = Figure.CASES  # all summed figures have one rule, as the next test checks

    def shown(years: Sequence[int]) -> object:
        return [figure_cell(figure, n) for n in years], span_cell(figure, years)

    everything = list(product(range(6), repeat=SPAN))
    for years in everything:
        hidden = [n < LEAST for n in years]
        others = [o for o in everything if all(h or o[i] == years[i] for i, h in enumerate(hidden))]
        assert unsettled(years, shown, others), years


@given(st.lists(SMALL_OR_LARGE, min_size=SPAN, max_size=SPAN))
def test_all_that_is_summed_is_told_alike(years: list[int]) -> None:
    told = [([figure_cell(f, n) for n in years], span_cell(f, years)) for f in SUMMED]
    assert all(each == told[0] for each in told)


def test_who_is_carried_over_tells_nothing_of_the_year_before() -> None:
    """Persons carried over are at most the previous year's, new and carried over."""
    for new, carried, carried_now in product(range(6), range(6), range(11)):
        if carried_now > new + carried:
            continue
        cells = (Figure.PERSONS_NEW, Figure.PERSONS_CARRIED)

        def shown(years: Sequence[int], cells: tuple[Figure, Figure] = cells) -> object:
            before = [figure_cell(f, n) for f, n in zip(cells, years, strict=False)]
            return before, figure_cell(Figure.PERSONS_CARRIED, years[2])

        others = (o for o in product(range(6), range(6), range(11)) if o[2] <= o[0] + o[1])
        assert unsettled((new, carried, carried_now), shown, others), (new, carried, carried_now)


@st.composite
def divided(draw: st.DrawFn) -> tuple[int, ...]:
    return tuple(draw(st.lists(SMALL_OR_LARGE, min_size=2, max_size=4)))


@settings(deadline=None, max_examples=300)
@given(divided())
@example((18, 0, 0))
@example((4, 4, 4))
@example((9, 9, 0))
@example((4, 4))
def test_a_part_that_is_hidden_may_always_be_another(parts: tuple[int, ...]) -> None:
    """The divided figure is known, so its parts must add up to it."""
    total = sum(parts)
    if total < LEAST:
        return  # not divided: no part is shown

    def shown(values: Sequence[int]) -> Mapping[str, object]:
        return split_cells({str(n): value for n, value in enumerate(values)})

    if Hidden.WITHHELD in shown(parts).values():
        others: Iterable[Sequence[int]] = product(range(total + 1), repeat=len(parts))
        others = (o for o in others if sum(o) == total) if total <= 40 else _swapped(parts)
    else:
        free = [range(LEAST) if n < LEAST else (n,) for n in parts]
        others = (o for o in product(*free) if sum(o) == total)
    assert unsettled(parts, shown, others), parts


def _swapped(parts: Sequence[int]) -> Iterable[Sequence[int]]:
    """Yield the same numbers in other positions."""
    return ([*parts[n:], *parts[:n]] for n in range(len(parts)))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_figure_is_divided_in_the_year_or_in_the_span_and_never_in_both(a: int, b: int, c: int) -> None:
    assert not (divided_in_span((a, b, c)) and any(map(divided_in_year, (a, b, c))))
    # Where a span is divided all its years are shown: no hidden year follows from the sum of the parts.
    assert not divided_in_span((a, b, c)) or min(a, b, c) >= LEAST
    assert not divided_in_year(a) or a >= FEWEST_SPLIT


def _told(figures: YearReport) -> Iterable[object]:
    yield from (cell for f in Figure for cell in figures.figure(f))
    yield from (cell for s in Split for parts in figures.split(s) for cell in parts.values())


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({f.value: SMALL_OR_LARGE for f in Figure}), min_size=3, max_size=3))
def test_no_number_that_is_shown_is_below_five(years: list[dict[str, int]]) -> None:
    quorum = [{"meeting_enough": each["meetings"]} for each in years]
    of = {2024 + n: numbers(**each, quorum=quorum[n]) for n, each in enumerate(years)}
    shared = replace(yearly(2026, of), shared=True)
    for figure in HIDEABLE:
        for cell in shared.figure(figure):
            assert not isinstance(cell, int) or cell >= LEAST
    for told in _told(shared):
        assert not isinstance(told, AtLeast) or told.number in range(LEAST, 200)
        assert not isinstance(told, Range) or told.most - told.least in (3, 4)


def test_with_six_cases_a_year_figures_are_shown_and_their_parts_over_three_years() -> None:
    shared = replace(yearly(2026, SIX_A_YEAR), shared=True)
    assert shared.figure(Figure.CASES).year == 6
    assert shared.figure(Figure.PERSONS_CARRIED).year is Hidden.SMALL
    assert shared.split(Split.QUORUM) == ({}, {"meeting_enough": 36, "meeting_too_few": 6})
    # Otherwise the last service would follow from the known others.
    assert set(shared.split(Split.FIRST_MEETING).span.values()) == {Hidden.WITHHELD}


def test_what_is_hidden_in_two_years_of_three_counts_as_a_step() -> None:
    of = {2024: numbers(needs=3), 2025: numbers(needs=4), 2026: numbers(needs=12)}
    shared = replace(yearly(2026, of), shared=True)
    assert shared.figure(Figure.NEEDS).span == Range(17, 20)
    alone = {2024: numbers(needs=5), 2025: numbers(needs=4), 2026: numbers(needs=12)}
    shared = replace(yearly(2026, alone), shared=True)
    assert shared.figure(Figure.NEEDS).span == AtLeast(17)
