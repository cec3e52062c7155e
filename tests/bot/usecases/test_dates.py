"""Placements and deadlines: who may, what is refused and by what name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.domain.case.dates import Afterwards, DeadlineKind
from bot.domain.case.entities import Case
from bot.domain.dates import beyond
from bot.domain.directory.entities import Agency, AgencyKind
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed
from bot.domain.notification_params import PlacementChange
from bot.domain.notifications import Kind
from bot.usecases.dates import (
    EndDeadline,
    EndPlacement,
    SetDeadline,
    StartPlacement,
    end_deadline,
    end_placement,
    review_deadline,
    review_placement,
    see_new_date,
    set_deadline,
    start_placement,
)
from bot.usecases.involvement.agencies import InviteAgency, invite_agency
from bot.usecases.ports import UnitOfWork
from tests.bot.cast import DAY, choice
from tests.bot.usecases.town import Town

START, END = date(2026, 11, 25), date(2027, 5, 24)


async def begin(town: Town, *, immigration: bool = True) -> Case:
    def to_immigration(uow: UnitOfWork) -> None:
        health = uow.get(Agency, "health")
        assert health is not None
        uow.change(health, kind=AgencyKind.IMMIGRATION)

    await town.run(to_immigration)
    case = await town.open(choice("police", persons="AB"), choice("welfare", persons="AB"), persons=2)
    if immigration:
        await town.do(invite_agency, "coordinator", InviteAgency(case.id, choice("health", persons="A")))
    await town.confirm(case.id, "officer")
    return case


def placing(case: Case, **facts: object) -> StartPlacement:
    return replace(StartPlacement(case.id, "A", START, END), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"ends_on": START}, "invalid.placement-order"),
        ({"ends_on": date(2027, 5, 26)}, "invalid.placement-long"),
        ({"starts_on": date(2026, 6, 1), "ends_on": date(2026, 11, 20)}, "invalid.day-past"),
        ({"starts_on": date(2028, 6, 1), "ends_on": date(2028, 11, 20)}, "invalid.placement-start"),
    ],
)
async def test_dates_that_cannot_stand(town: Town, facts: dict[str, object], wrong: str) -> None:
    case = await begin(town)
    with pytest.raises(Invalid) as refused:
        await town.do(start_placement, "coordinator", placing(case, **facts))
    assert [p.code for p in refused.value.problems] == [wrong]


async def test_one_at_a_time_and_it_ends_with_what_comes_after(town: Town) -> None:
    case = await begin(town)
    placement = await town.do(start_placement, "coordinator", placing(case))
    assert town.told(Kind.PLACEMENT_MEETING) == {"coordinator"}
    assert _said(town) == {(None, "begun"), ("coordinator", "begun")}
    with pytest.raises(Invalid):
        await town.do(start_placement, "coordinator", placing(case))
    ending = EndPlacement(placement.id, Afterwards.NEW_MEASURE)
    with pytest.raises(NotAllowed):
        await town.do(end_placement, "officer", ending)
    await town.do(end_placement, "coordinator", ending)
    assert not town.told(Kind.PLACEMENT_END)
    assert _said(town) == {(None, "ended"), ("coordinator", "ended")}
    with pytest.raises(NoLongerAsked):
        await town.do(end_placement, "coordinator", ending)
    await town.do(start_placement, "coordinator", placing(case))


async def test_one_decision_follows_another_each_with_its_own_dates(town: Town) -> None:
    case = await begin(town)
    first = await town.do(start_placement, "coordinator", placing(case))
    with pytest.raises(NotAllowed):
        await town.do(end_placement, "coordinator", EndPlacement(first.id, Afterwards.EXTENDED))
    assert (await town.file(case.id)).placements[0].open, "without new dates nobody would be reminded"
    later = placing(case, starts_on=END + DAY, ends_on=END + 40 * DAY, extends=first.id)
    review = await town.do(review_placement, "coordinator", later)
    assert review.beyond == (END - START).days + 41, "pointed out"
    second = await town.do(start_placement, "coordinator", later)
    assert _said(town) == {(None, "begun"), ("coordinator", "begun")}
    old, new = sorted((await town.file(case.id)).placements, key=lambda p: p.starts_on)
    assert (old.id, old.afterwards, old.open) == (first.id, Afterwards.EXTENDED, False)
    assert (new.id, new.open) == (second.id, True)
    with pytest.raises(NoLongerAsked):
        await town.do(start_placement, "coordinator", later)


async def test_what_others_have_is_neither_extended_nor_added(town: Town) -> None:
    case = await begin(town)
    await town.do(start_placement, "coordinator", placing(case))
    with pytest.raises(NoLongerAsked):
        await town.do(start_placement, "coordinator", placing(case, extends="another"))
    review = await town.run(lambda uow: uow.case_file(case.id))
    assert review is not None
    assert beyond(review, "B", START, END) is None
    assert beyond(review, "A", END + DAY, END + 40 * DAY) is not None


async def test_one_that_ended_early_lasted_until_then(town: Town) -> None:
    case = await begin(town)
    first = await town.do(start_placement, "coordinator", placing(case))
    await town.do(end_placement, "coordinator", EndPlacement(first.id, Afterwards.ENDED_EARLY))
    file = await town.file(case.id)
    assert beyond(file, "A", START + DAY, START + 100 * DAY) is None


def _said(town: Town) -> set[tuple[str | None, str]]:
    return {
        (i.recipient, "ended" if i.params_as(PlacementChange).ended else "begun")
        for i in town.left
        if i.kind is Kind.PLACEMENT_TOLD
    }


@pytest.mark.parametrize("actor", ["officer", "stranger", "deputy-coordinator"])
async def test_only_a_coordinator_of_the_case_places(town: Town, actor: str) -> None:
    case = await begin(town)
    with pytest.raises(NotAllowed):
        await town.do(start_placement, actor, placing(case))
    reflection = SetDeadline(case.id, DeadlineKind.REFLECTION, END, person="A")
    with pytest.raises(NotAllowed):
        await town.do(set_deadline, actor, reflection)


async def test_an_agencys_own_deadline_is_set_seen_and_ended_by_it_alone(town: Town) -> None:
    case = await begin(town)
    police = (await town.file(case.id)).involvement_of_agency("police")
    assert police is not None
    own = SetDeadline(case.id, DeadlineKind.OWN, date(2026, 12, 4), police.id, text="søke om tolk")
    with pytest.raises(NotAllowed):
        await town.do(set_deadline, "coordinator", own)
    deadline = await town.do(set_deadline, "officer", own)
    assert town.told(Kind.DEADLINE_DUE) == {"officer"}
    own_date = partial(see_new_date, kind=DeadlineKind.OWN)
    period = partial(see_new_date, kind=DeadlineKind.REFLECTION)
    assert [d.id for d in (await town.do(own_date, "officer", case.id)).deadlines] == [deadline.id]
    assert (await town.do(period, "coordinator", case.id)).deadlines == ()
    with pytest.raises(NotAllowed):
        await town.do(end_deadline, "coordinator", EndDeadline(deadline.id))
    await town.do(end_deadline, "officer", EndDeadline(deadline.id))
    with pytest.raises(NoLongerAsked):
        await town.do(end_deadline, "officer", EndDeadline(deadline.id))


@pytest.mark.parametrize(
    ("text", "wrong"), [("", "invalid.no-deadline"), ("ring 41 23 45 67", "guard.phone")]
)
async def test_its_text_passes_the_guard(town: Town, text: str, wrong: str) -> None:
    case = await begin(town)
    police = (await town.file(case.id)).involvement_of_agency("police")
    assert police is not None
    own = SetDeadline(case.id, DeadlineKind.OWN, date(2026, 12, 4), police.id, text=text)
    with pytest.raises(Invalid) as refused:
        await town.do(review_deadline, "officer", own)
    assert [p.code for p in refused.value.problems] == [wrong]
