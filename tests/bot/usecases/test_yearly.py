"""Ordering the yearly report: who may, which year, and what becomes of the coordinator's own totals."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.domain.errors import CoordinatorsOnly, Invalid
from bot.domain.language import Language
from bot.domain.notification_params import ReportYear
from bot.domain.notifications import Kind
from bot.usecases.report import OrderYear, order_year, share_year
from tests.bot.usecases.town import Town

#: The clock of the tests stands in 2026.
LAST, THIS = 2025, 2026


def order(year: int = LAST, **totals: str) -> OrderYear:
    return OrderYear("team", year, Language.NN, totals)


async def problems(town: Town, **totals: str) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        await town.do(share_year, "coordinator", OrderYear("team", LAST, Language.NN, totals))
    assert town.left == []
    return {(p.where, p.code) for p in refused.value.problems}


@pytest.mark.parametrize("shared", [True, False])
async def test_it_comes_to_who_asks_as_three_messages_without_a_word_of_what_was_typed(
    town: Town, shared: bool
) -> None:
    asked = order(ages=" 6 barn, <5 voksne ", nationality="")
    done = await town.do(share_year if shared else order_year, "coordinator", asked)
    assert done == {"ages": "6 barn, <5 voksne"}
    assert {n.kind for n in town.left} == {Kind.YEARLY, Kind.YEARLY_PICTURE, Kind.YEARLY_SHEET}
    assert {n.recipient for n in town.left} == {"coordinator"}
    for notification in town.left:
        params = notification.params_as(ReportYear)
        assert (params.shared, params.year, params.language) == (shared, LAST, "nn")
    assert {f.name for f in fields(ReportYear)} == {"shared", "year", "language", "asked_at"}


@pytest.mark.parametrize(
    "text",
    [
        *("6 barn, 3 voksne", "voksne: 0", "4", "barn:2;voksne:9", "1 (én)", "2-3 barn", "3stk", "b.3"),
        *("³ barn", "-3"),
    ],
)
async def test_a_small_total_is_not_shared(town: Town, text: str) -> None:
    assert await problems(town, ages=text) == {("ages", "invalid.small-number")}
    assert await town.do(order_year, "coordinator", order(ages=text)) == {"ages": text}


@pytest.mark.parametrize(
    "text", ["<5 barn, 6 voksne", "0–17 år: 6", "under 18: 12, over 18: 5", "9 i 2025", "1 200 samtaler"]
)
async def test_what_is_no_small_total_is_let_through(town: Town, text: str) -> None:
    assert await town.do(share_year, "coordinator", order(exploitation=text)) == {"exploitation": text}


async def test_the_guard_reads_the_totals_too_and_each_fault_stands_at_its_field(town: Town) -> None:
    found = await problems(town, ages="6 barn, ring 41 23 45 67", nationality="3", exploitation="x" * 201)
    assert {where for where, _ in found} == {"ages", "nationality", "exploitation"}
    with pytest.raises(Invalid):
        await town.do(order_year, "coordinator", order(ages="ring 41 23 45 67"))


async def test_a_year_is_shared_when_it_is_over(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        await town.do(share_year, "coordinator", order(THIS))
    assert [(p.where, p.code) for p in refused.value.problems] == [("year", "invalid.year-not-over")]
    await town.do(order_year, "coordinator", order(THIS))
    assert len(town.left) == 3


async def test_nobody_else_is_told_what_is_wrong_with_what_they_send(town: Town) -> None:
    for use_case in (order_year, share_year):
        for who in ("officer", "other-coordinator", "stranger"):
            with pytest.raises(CoordinatorsOnly):
                await town.do(use_case, who, order(THIS, ages="ring 41 23 45 67"))


async def test_a_total_of_which_a_small_number_follows_is_not_shared(town: Town) -> None:
    assert await problems(town, ages="67 % barn", nationality="14 i alt: 12 fra Romania, <5 andre") == {
        ("ages", "invalid.gives-away"),
        ("nationality", "invalid.gives-away"),
    }
    assert await town.do(order_year, "coordinator", order(ages="67 % barn")) == {"ages": "67 % barn"}
