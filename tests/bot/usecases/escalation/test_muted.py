"""A chain asks nothing of a muted contact; nobody else is told sooner than a step allows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.answers import calls
from bot.domain.case.duty import StepKind
from bot.domain.case.entities import Case
from bot.usecases.escalation import about_to_be_asked, escalate
from tests.bot.usecases.town import Town

MINUTE = timedelta(minutes=1)
R, N, L, C = StepKind


async def steps(town: Town, case: Case, minutes: int, *muted: str) -> list[tuple[StepKind, str | None]]:
    """The steps that are taken once so many minutes have passed since the question."""
    ask = next(a for a in (await town.file(case.id)).asks if a.escalated_from is None)
    town.clock.time = ask.asked_at + minutes * MINUTE
    taken = await town.run(lambda uow: escalate(uow, ask.id, muted=frozenset(muted)))
    return [(s.kind, s.person_id) for s in taken]


async def asked_now(town: Town, case: Case, minutes: int, *muted: str) -> list[str]:
    ask = next(a for a in (await town.file(case.id)).asks if a.escalated_from is None)
    town.clock.time = ask.asked_at + minutes * MINUTE
    people = await town.run(lambda uow: about_to_be_asked(uow, ask.id, muted=frozenset(muted)))
    return [p.id for p in people]


async def test_a_muted_next_contact_is_passed_over_untold(town: Town) -> None:
    case = await town.open("police")
    assert await steps(town, case, 16) == [(R, "officer")]
    assert await steps(town, case, 31, "sergeant") == [(N, None), (L, "chief")]
    file = await town.file(case.id)
    assert not [s for s in file.seats if s.person_id == "sergeant"]
    assert "sergeant" not in {n.recipient for n in town.left}


async def test_one_new_person_is_told_at_a_step_and_no_minutes_are_lost(town: Town) -> None:
    case = await town.open("police")
    assert await steps(town, case, 31, "sergeant") == [(R, "officer"), (N, None), (L, "chief")]
    assert await steps(town, case, 61, "sergeant") == []
    assert await steps(town, case, 91, "sergeant") == [(C, None)]


async def test_if_all_are_muted_the_coordinator_has_the_agency_at_once_and_nobody_is_told(town: Town) -> None:
    case = await town.open("police")
    assert await steps(town, case, 31, "sergeant", "chief") == [
        *((R, "officer"), (N, None), (L, None), (C, None)),
    ]
    file = await town.file(case.id)
    assert {a.person_id for a in file.asks} == {"officer"}
    (to_ring,) = calls(file, file.meetings[0])
    assert to_ring[0].exhausted


async def test_nothing_of_it_is_stored_but_that_a_step_had_nobody_to_turn_to(town: Town) -> None:
    """A chain whose next contact is muted leaves what one leaves that has none."""
    case = await town.open("police")
    await steps(town, case, 31, "sergeant")
    dump = await town.dump()
    assert "muted" not in repr(dump).lower()
    assert "sergeant" not in {s.person_id for s in (await town.file(case.id)).steps}


@pytest.mark.parametrize(
    ("minutes", "muted", "expected"),
    [
        (16, (), []),
        (31, (), ["sergeant"]),
        (31, ("sergeant",), ["chief"]),
        (31, ("sergeant", "chief"), []),
        (61, (), ["sergeant", "chief"]),
    ],
)
async def test_only_who_is_about_to_be_told_is_asked_about(
    town: Town, minutes: int, muted: tuple[str, ...], expected: list[str]
) -> None:
    case = await town.open("police")
    assert await asked_now(town, case, minutes, *muted) == expected
