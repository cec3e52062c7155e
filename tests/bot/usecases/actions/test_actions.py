"""Agreeing actions and ending them, noting needs and taking them: who may, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.actions import owner_of, unowned
from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.entities import Case
from bot.domain.errors import CaseIsClosed, Invalid, NoLongerAsked, NotAllowed, Overtaken
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.usecases.actions.actions import AgreeAction, EndAction, agree_action, end_action, review_action
from bot.usecases.actions.needs import AssignNeeds, NoteNeeds, TakeNeed, assign_needs, note_needs, take_need
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.validation import Warn
from tests.bot.cast import DAY, choice
from tests.bot.usecases.town import Town

FRIDAY = date(2026, 12, 4)


async def begin(town: Town) -> Case:
    case = await town.open(
        choice("police", persons="AB"), "counsel", choice("health", persons="B"), persons=2
    )
    await town.confirm(case.id, "officer", "both")
    return case


async def part_of(town: Town, case: Case, agency_id: str) -> str:
    part = (await town.file(case.id)).involvement_of_agency(agency_id)
    assert part is not None
    return part.id


async def agreeing(town: Town, case: Case, agency_id: str = "police", **facts: object) -> AgreeAction:
    whole = AgreeAction(case.id, await part_of(town, case, agency_id), "B", FRIDAY, "housing")
    return replace(whole, **facts)  # type: ignore[arg-type]


async def agreed(town: Town, case: Case, actor: str = "coordinator") -> CaseAction:
    return await town.do(agree_action, actor, await agreeing(town, case))


async def test_the_owner_is_told_and_reminded_and_the_next_meeting_begins_with_it(town: Town) -> None:
    case = await begin(town)
    meeting = await town.meeting(case.id)
    ask = await town.ask(case.id, "officer")
    await town.posted(case.id, Kind.SUMMONS, ask.id, "officer", Revision(0))
    first = await agreed(town, case)
    assert town.told(Kind.ACTION_AGREED) == {"officer"}
    assert town.told(Kind.ACTION_DUE) == {"officer"}
    assert town.told(Kind.ACTION_LEADER) == {"chief"}
    assert [i.subject for i in town.left if i.kind is Kind.ROOM] == [case.id]
    assert town.told(Kind.SUMMONS) == {"officer"}, meeting
    second = await agreed(town, case)
    assert not town.told(Kind.SUMMONS)
    await town.do(end_action, "officer", EndAction(first.id, Outcome.DONE))
    assert not town.told(Kind.SUMMONS)
    await town.do(end_action, "officer", EndAction(second.id, Outcome.DONE))
    assert town.told(Kind.SUMMONS) == {"officer"}, "the agenda has lost the point"


@pytest.mark.parametrize("actor", ["officer", "coordinator"])
async def test_the_owner_or_the_coordinator_ends_it(town: Town, actor: str) -> None:
    case = await begin(town)
    action = await agreed(town, case, actor)
    await town.do(end_action, actor, EndAction(action.id, Outcome.NOT_POSSIBLE))
    (ended,) = (await town.file(case.id)).actions
    assert ended.outcome is Outcome.NOT_POSSIBLE
    with pytest.raises(NoLongerAsked):
        await town.do(end_action, actor, EndAction(action.id, Outcome.DONE))


@pytest.mark.parametrize("actor", ["both", "sergeant", "stranger", "chief", "deputy-coordinator"])
async def test_nobody_else_agrees_or_ends_anything(town: Town, actor: str) -> None:
    """Another agency's seat holder, a colleague, a stranger, the leader, an unconfirmed coordinator."""
    case = await begin(town)
    action = await agreed(town, case)
    before = await town.dump()
    for use_case, command in (
        (end_action, EndAction(action.id, Outcome.DONE)),
        (end_action, EndAction("no-such", Outcome.DONE)),
        (agree_action, await agreeing(town, case)),
        (note_needs, NoteNeeds(case.id, ("housing",))),
    ):
        with pytest.raises(NotAllowed):
            await town.do(use_case, actor, command)  # type: ignore[arg-type]
    assert await town.dump() == before


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"need": None}, "invalid.no-action"),
        ({"need": "no such need"}, "invalid.need"),
        ({"due_on": date(2026, 11, 23)}, "invalid.day-past"),
        ({"due_on": date(2027, 12, 24)}, "invalid.day-far"),
        ({"persons": ""}, "invalid.persons-of-part"),
        ({"persons": "C"}, "invalid.persons-of-part"),
        ({"text": "ring 41 23 45 67"}, "guard.phone"),
        ({"text": "x" * 121}, "invalid.too-long"),
    ],
)
async def test_what_cannot_stand(town: Town, facts: dict[str, object], wrong: str) -> None:
    case = await begin(town)
    with pytest.raises(Invalid) as refused:
        await town.do(agree_action, "coordinator", replace(await agreeing(town, case), **facts))  # type: ignore[arg-type]
    assert [p.code for p in refused.value.problems] == [wrong]


async def test_an_agency_has_actions_only_for_those_it_is_in_the_case_for(town: Town) -> None:
    case = await begin(town)
    with pytest.raises(Invalid):
        await town.do(agree_action, "both", await agreeing(town, case, "health", persons="A"))
    await town.do(agree_action, "both", await agreeing(town, case, "health", persons="B"))


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (FRIDAY, None),
        (date(2026, 12, 5), Warn.WEEKEND),
        (date(2026, 12, 24), Warn.HOLIDAY),
        (date(2027, 1, 1), Warn.HOLIDAY),
    ],
)
async def test_a_day_off_is_pointed_out(town: Town, day: date, warning: Warn | None) -> None:
    case = await begin(town)
    review = await town.do(review_action, "coordinator", await agreeing(town, case, due_on=day))
    assert review.warning is warning


async def test_needs_are_noted_taken_and_lost_with_the_agency(town: Town) -> None:
    case = await begin(town)
    police = await part_of(town, case, "police")
    file = await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("housing", "protection")))
    assert [n.need for n in unowned(file)] == ["protection", "housing"]
    protection = next(n for n in file.needs if n.need == "protection")
    await town.do(take_need, "officer", TakeNeed(protection.id, police))
    assert [n.need for n in unowned(await town.file(case.id))] == ["housing"]
    with pytest.raises(Overtaken):
        await town.do(take_need, "both", TakeNeed(protection.id, await part_of(town, case, "health")))
    await town.do(release_agency, "coordinator", ReleaseAgency(police))
    assert [n.need for n in unowned(await town.file(case.id))] == ["protection", "housing"]
    await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("housing",)))
    assert [n.need for n in (await town.file(case.id)).needs] == ["housing"]
    with pytest.raises(Invalid):
        await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("no such need",)))


async def test_nobody_takes_a_need_for_an_agency_that_is_not_theirs(town: Town) -> None:
    case = await begin(town)
    file = await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("housing",)))
    for actor, agency_id in (("officer", "health"), ("coordinator", "police"), ("stranger", "police")):
        with pytest.raises(NotAllowed):
            await town.do(take_need, actor, TakeNeed(file.needs[0].id, await part_of(town, case, agency_id)))
    with pytest.raises(NotAllowed):
        await town.do(take_need, "officer", TakeNeed("no-such", await part_of(town, case, "police")))


async def test_what_a_form_showed_before_overwrites_nobody(town: Town) -> None:
    """The coordinator had the form open while the police took the need."""
    case = await begin(town)
    police, health = await part_of(town, case, "police"), await part_of(town, case, "health")
    file = await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("housing", "family")))
    housing, family = sorted(file.needs, key=lambda n: n.need, reverse=True)
    await town.do(take_need, "officer", TakeNeed(housing.id, police))
    unchanged = AssignNeeds(case.id, {housing.id: (None, None), family.id: (None, health)})
    await town.do(assign_needs, "coordinator", unchanged)
    owners = {n.need: owner_of(await town.file(case.id), n) for n in (await town.file(case.id)).needs}
    assert {need: part and part.agency_id for need, part in owners.items()} == {
        "housing": "police",
        "family": "health",
    }
    with pytest.raises(Overtaken):
        await town.do(assign_needs, "coordinator", AssignNeeds(case.id, {housing.id: (None, health)}))
    with pytest.raises(NoLongerAsked):
        await town.do(assign_needs, "coordinator", AssignNeeds(case.id, {"no-such": (None, health)}))


async def test_closed_is_closed_and_the_purge_leaves_nothing(town: Town) -> None:
    case = await begin(town)
    action = await agreed(town, case)
    await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("housing",)))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert not town.told(Kind.ACTION_DUE)
    with pytest.raises(CaseIsClosed):
        await town.do(end_action, "coordinator", EndAction(action.id, Outcome.DONE))
    town.clock.move(31 * DAY)
    await town.run(lambda uow: forget_case(uow, case.id))
    for kind in (CaseAction, CaseNeed):
        assert await town.database.read(lambda uow, kind=kind: uow.find(kind, case_id=case.id)) == []  # type: ignore[misc]
