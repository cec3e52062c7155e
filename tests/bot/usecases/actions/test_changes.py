"""An action gets another owner or another day: who may, who is told, and what the report says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.actions import action_counts, open_actions, successor
from bot.domain.case.actions import CaseAction, Outcome
from bot.domain.case.entities import Case
from bot.domain.errors import CaseIsClosed, Invalid, NoLongerAsked, NotAllowed, NothingHere
from bot.domain.notification_params import PlannedFor
from bot.domain.notifications import Kind
from bot.usecases.actions.actions import (
    AgreeAction,
    ChangeAction,
    EndAction,
    agree_action,
    change_action,
    end_action,
    review_change,
    see_changeable,
)
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.persons import ClosePerson, close_person
from bot.usecases.validation import Warn
from tests.bot.usecases.actions.test_actions import FRIDAY, agreed, agreeing, begin, part_of
from tests.bot.usecases.town import T0, Town

TUESDAY = date(2026, 12, 8)


async def to(
    town: Town, action: CaseAction, agency_id: str = "police", due_on: date = FRIDAY
) -> ChangeAction:
    case = (await town.file(action.case_id)).case
    return ChangeAction(action.id, await part_of(town, case, agency_id), due_on)


async def offered(town: Town, actor: str, action: CaseAction) -> list[str]:
    _, _, parts = await town.do(see_changeable, actor, action.id)
    return [part.agency_id for part in parts]


async def open_ones(town: Town, case: Case) -> list[CaseAction]:
    return open_actions(await town.file(case.id))


async def test_the_new_owner_is_told_and_reminded_and_the_old_one_no_more(town: Town) -> None:
    case = await begin(town)
    action = await agreed(town, case)
    await town.posted(case.id, Kind.ACTION_AGREED, action.id, "officer")
    await town.posted(case.id, Kind.ACTION_DUE, action.id, "officer", PlannedFor("before3", T0))
    new = await town.do(change_action, "coordinator", await to(town, action, "health"))
    assert await open_ones(town, case) == [new]
    assert (new.follows, new.persons, new.need, new.due_on) == (action.id, "B", "housing", FRIDAY)
    file = await town.file(case.id)
    old = next(a for a in file.actions if a.id == action.id)
    assert (old.outcome, old.ended_by, successor(file, old)) == (None, "coordinator", new)
    told = {
        (i.kind, i.subject, i.recipient) for i in town.left if i.kind in (Kind.ACTION_AGREED, Kind.ACTION_DUE)
    }
    assert told == {
        (Kind.ACTION_AGREED, new.id, "both"),
        (Kind.ACTION_DUE, new.id, "both"),
        (Kind.ACTION_AGREED, old.id, "officer"),
        (Kind.ACTION_DUE, old.id, "officer"),
    }, "the old owner only as what stands with them is put right"
    assert not [i for i in town.left if i.subject == old.id and i.once]
    assert [i.subject for i in town.left if i.kind is Kind.ROOM] == [case.id]


async def test_a_new_day_is_told_and_reminded_of(town: Town) -> None:
    case = await begin(town)
    action = await agreed(town, case)
    new = await town.do(change_action, "coordinator", await to(town, action, due_on=TUESDAY))
    assert (new.involvement_id, new.due_on) == (action.involvement_id, TUESDAY)
    assert town.told(Kind.ACTION_AGREED) == town.told(Kind.ACTION_DUE) == {"officer"}
    assert {i.subject for i in town.left if i.kind is Kind.ACTION_DUE} == {new.id}
    last = await town.do(change_action, "officer", await to(town, new, due_on=FRIDAY))
    assert not town.told(Kind.ACTION_AGREED), "whoever has done it is not told of it"
    assert await open_ones(town, case) == [last]


async def test_new_words_take_the_place_of_the_old_ones_and_nobody_is_told(town: Town) -> None:
    case = await begin(town)
    part = await part_of(town, case, "police")
    action = await town.do(
        agree_action, "coordinator", AgreeAction(case.id, part, "A", FRIDAY, text="ringe vertinnen")
    )
    reworded = replace(await to(town, action), text="ringe der de bor")
    await town.do(change_action, "coordinator", reworded)
    assert [(a.id, a.text) for a in await open_ones(town, case)] == [(action.id, "ringe der de bor")]
    assert not town.told(Kind.ACTION_AGREED)
    moved = replace(await to(town, action, due_on=TUESDAY), text="ringe botilbudet")
    await town.do(change_action, "coordinator", moved)
    assert {a.text for a in (await town.file(case.id)).actions} == {"ringe botilbudet"}


@pytest.mark.parametrize("text", ["", "jente 15 år"])
async def test_words_that_may_not_stand_are_refused(town: Town, text: str) -> None:
    case = await begin(town)
    part = await part_of(town, case, "police")
    action = await town.do(agree_action, "coordinator", AgreeAction(case.id, part, "A", FRIDAY, text="ringe"))
    with pytest.raises(Invalid):
        await town.do(change_action, "coordinator", replace(await to(town, action), text=text))


async def test_the_report_counts_it_for_whoever_had_it_at_the_end(town: Town) -> None:
    """Not by the agency that had it first, neither as done nor as not done."""
    case = await begin(town)
    new = await town.do(change_action, "coordinator", await to(town, await agreed(town, case), "health"))
    assert dict(action_counts(await town.file(case.id))) == {}
    await town.do(end_action, "both", EndAction(new.id, Outcome.DONE))
    assert dict(action_counts(await town.file(case.id))) == {("health", date(2026, 11, 1), Outcome.DONE): 1}


async def test_an_agency_moves_its_own_day_and_binds_no_other_agency(town: Town) -> None:
    case = await begin(town)
    action = await agreed(town, case)
    assert await offered(town, "officer", action) == ["police"]
    assert set(await offered(town, "coordinator", action)) == {"police", "health"}
    before = await town.dump()
    with pytest.raises(NotAllowed):
        await town.do(change_action, "officer", await to(town, action, "health"))
    assert await town.dump() == before
    await town.do(change_action, "officer", await to(town, action, due_on=TUESDAY))


@pytest.mark.parametrize("actor", ["both", "sergeant", "stranger", "chief", "deputy-coordinator"])
async def test_nobody_else_changes_it(town: Town, actor: str) -> None:
    """The new owner's seat holder neither: an agency does not take from another what it has agreed to."""
    case = await begin(town)
    action = await agreed(town, case)
    before = await town.dump()
    for command in (await to(town, action, "health"), replace(await to(town, action), action_id="no-such")):
        with pytest.raises(NotAllowed):
            await town.do(change_action, actor, command)
    assert await town.dump() == before


async def test_only_for_whom_the_new_owner_is_in_the_case(town: Town) -> None:
    case = await begin(town)
    both = await town.do(agree_action, "coordinator", await agreeing(town, case, persons="AB"))
    assert set(await offered(town, "coordinator", both)) == {"police"}, "the others are in it for one of them"
    with pytest.raises(Invalid) as refused:
        await town.do(change_action, "coordinator", await to(town, both, "health"))
    assert [(p.where, p.code, p.params) for p in refused.value.problems] == [
        ("involvement", "invalid.owner-persons", {"persons": "A, B"})
    ]
    await town.do(close_person, "coordinator", ClosePerson(case.id, "A"))
    new = await town.do(change_action, "coordinator", await to(town, both, "health"))
    assert new.persons == "B", "the case is closed for the other"


@pytest.mark.parametrize(
    ("due_on", "wrong"),
    [
        (FRIDAY, "invalid.nothing-changed"),
        (date(2026, 11, 23), "invalid.day-past"),
        (date(2027, 12, 24), "invalid.day-far"),
    ],
)
async def test_what_cannot_stand(town: Town, due_on: date, wrong: str) -> None:
    case = await begin(town)
    with pytest.raises(Invalid) as refused:
        await town.do(review_change, "coordinator", await to(town, await agreed(town, case), due_on=due_on))
    assert [p.code for p in refused.value.problems] == [wrong]


async def test_a_day_off_is_pointed_out(town: Town) -> None:
    action = await agreed(town, await begin(town))
    review = await town.do(review_change, "coordinator", await to(town, action, due_on=date(2026, 12, 5)))
    assert review.warning is Warn.WEEKEND


async def test_it_is_changed_once_and_not_when_it_has_ended(town: Town) -> None:
    case = await begin(town)
    action = await agreed(town, case)
    command = await to(town, action, "health")
    await town.do(change_action, "coordinator", command)
    for use_case, again in (
        (change_action, command),
        (see_changeable, action.id),
        (end_action, EndAction(action.id, Outcome.NOT_DONE)),
    ):
        with pytest.raises(NoLongerAsked):
            await town.do(use_case, "coordinator", again)  # type: ignore[arg-type]
    (new,) = await open_ones(town, case)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    with pytest.raises(CaseIsClosed):
        await town.do(change_action, "coordinator", await to(town, new))


async def test_of_an_agency_that_left_another_takes_it_over(town: Town) -> None:
    case = await begin(town)
    alone = await town.do(agree_action, "coordinator", await agreeing(town, case, persons="AB"))
    action = await agreed(town, case)
    command = await to(town, action, due_on=FRIDAY + timedelta(days=3))
    await town.do(release_agency, "coordinator", ReleaseAgency(action.involvement_id))
    assert set(await offered(town, "coordinator", action)) == {"health"}
    with pytest.raises(NoLongerAsked):
        await town.do(change_action, "coordinator", command)
    with pytest.raises(NothingHere):
        await town.do(see_changeable, "coordinator", alone.id)
    await town.do(change_action, "coordinator", await to(town, action, "health"))
    assert town.told(Kind.ACTION_AGREED) == {"both"}
