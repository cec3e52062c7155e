"""Links between cases, repeats, and a person split off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Link, LinkKind
from bot.domain.errors import CaseIsClosed, Invalid, NoLongerAsked, NotAllowed
from bot.domain.links import Relation, linked_to
from bot.domain.notifications import Kind
from bot.usecases.authorization import get_or_make_person
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.links.links import LinkCases, UnlinkCases, link_cases, see_candidates, unlink_cases
from bot.usecases.links.split import SplitOff, split_off
from tests.bot import cast
from tests.bot.cast import DAY, choice
from tests.bot.usecases.town import Town


async def both(town: Town, first: Case, second: Case) -> tuple[CaseFile, CaseFile]:
    return await town.file(first.id), await town.file(second.id)


async def relations(town: Town, first: Case, second: Case) -> tuple[list[Relation], list[Relation]]:
    one, other = await both(town, first, second)
    return [e.relation for e in linked_to(one, [other])], [e.relation for e in linked_to(other, [one])]


async def two(town: Town) -> tuple[Case, Case]:
    return await town.open("police"), await town.open("health")


async def test_a_link_is_seen_from_both_and_undone_from_either(town: Town) -> None:
    first, second = await two(town)
    await town.do(link_cases, "coordinator", LinkCases(first.id, second.id, LinkKind.LINKED))
    assert await relations(town, first, second) == ([Relation.LINKED], [Relation.LINKED])
    one, other = await both(town, first, second)
    assert second.id not in repr(one.links)
    assert one.links[0].token == other.links[0].token
    with pytest.raises(Invalid, match="linked"):
        await town.do(link_cases, "coordinator", LinkCases(second.id, first.id, LinkKind.LINKED))
    await town.do(unlink_cases, "coordinator", UnlinkCases(second.id, other.links[0].id))
    assert await relations(town, first, second) == ([], [])
    assert await town.database.read(lambda uow: uow.find(Link)) == []
    with pytest.raises(NoLongerAsked):
        await town.do(unlink_cases, "coordinator", UnlinkCases(second.id, other.links[0].id))


async def test_it_takes_a_coordinator_who_has_confirmed_for_both(town: Town) -> None:
    first, second = await two(town)
    await town.confirm(first.id, "officer", "deputy-coordinator")
    command = LinkCases(first.id, second.id, LinkKind.LINKED)
    for actor in ("officer", "deputy-coordinator", "other-coordinator", "stranger"):
        with pytest.raises(NotAllowed):
            await town.do(link_cases, actor, command)
    await town.do(link_cases, "coordinator", command)
    half = (await town.file(first.id)).links[0]
    with pytest.raises(NotAllowed):
        await town.do(unlink_cases, "deputy-coordinator", UnlinkCases(first.id, half.id))
    for other_id in ("nothing", first.id):
        with pytest.raises((Invalid, NotAllowed)):
            await town.do(link_cases, "coordinator", LinkCases(first.id, other_id, LinkKind.LINKED))


async def test_no_message_says_that_cases_are_linked(town: Town) -> None:
    first, second = await two(town)
    await town.do(link_cases, "coordinator", LinkCases(first.id, second.id, LinkKind.LINKED))
    assert {i.kind for i in town.left} <= {Kind.ROOM, Kind.HOME, Kind.NO_MEETING_AHEAD} | {
        i.kind for i in town.left if i.due_at is not None
    }


async def test_a_repeat_lasts_as_long_as_the_earlier_case(town: Town) -> None:
    earlier, later = await two(town)
    repeat = LinkCases(later.id, earlier.id, LinkKind.REPEAT)
    with pytest.raises(Invalid, match="link-repeat"):
        await town.do(link_cases, "coordinator", repeat)
    await town.do(close_case, "coordinator", CloseCase(earlier.id))
    with pytest.raises(CaseIsClosed):
        await town.do(link_cases, "coordinator", LinkCases(earlier.id, later.id, LinkKind.REPEAT))
    candidates = await town.run(
        lambda uow: see_candidates(
            uow, get_or_make_person(uow, cast.slack("coordinator")), later.id, LinkKind.REPEAT
        )[1]
    )
    assert [f.case.id for f in candidates] == [earlier.id]
    await town.do(link_cases, "coordinator", repeat)
    assert await relations(town, later, earlier) == ([Relation.REPEAT_OF], [Relation.REPEATED_IN])
    town.clock.move(40 * DAY)
    await town.run(lambda uow: forget_case(uow, earlier.id))
    assert (await town.file(later.id)).links == ()
    assert await town.database.read(lambda uow: uow.find(Link)) == []


async def test_a_half_whose_other_key_is_gone_says_nothing(town: Town) -> None:
    """As after an old backup has come back: the erased case's half cannot be opened, nor be found."""
    first, second = await two(town)
    await town.do(link_cases, "coordinator", LinkCases(first.id, second.id, LinkKind.LINKED))
    town.database.keyring.destroy(f"case/{first.id}")
    halves = await town.database.read(lambda uow: uow.find(Link))
    assert sorted(bool(half.token) for half in halves) == [False, True]
    (kept,) = (half for half in halves if half.token)
    assert kept.case_id == second.id
    found = await town.database.read(lambda uow: uow.find(Link, token=kept.token))
    assert found == [kept]
    file = await town.file(second.id)
    assert linked_to(file, [replace(file, links=tuple(h for h in halves if not h.token))]) == []


async def siblings(town: Town) -> Case:
    """Three: the police for all, child welfare for A and B, health for B alone, follow-up for A alone."""
    case = await town.open(
        choice("police", persons="ABC"),
        *(choice("welfare", persons="AB"), choice("health", persons="B"), choice("follow-up", persons="A")),
        persons=3,
    )
    await town.confirm(case.id, "officer", "caseworker", "both", "deputy-coordinator")
    return case


async def test_a_person_is_split_off_with_only_those_chosen(town: Town) -> None:
    old = await siblings(town)
    command = SplitOff(old.id, "B", (choice("welfare"), choice("health"), choice("social")), town.plan())
    new = await town.do(split_off, "coordinator", command)
    told = town.told(Kind.ACKNOWLEDGEMENT)
    then, now = await both(town, old, new)
    assert (then.open_letters, now.open_letters) == ("AC", "A")
    assert {i.agency_id: i.persons for i in then.current()} == {
        "police": "AC",
        "welfare": "A",
        "follow-up": "A",
    }
    assert {i.agency_id: i.persons for i in now.current()} == dict.fromkeys(
        ("welfare", "health", "social"), "A"
    )
    assert told == {"caseworker", "both"}
    assert now.room_people() == {"coordinator"}, "everybody is asked for taushetsplikt anew"
    assert "both" not in then.room_people()
    assert await relations(town, old, new) == ([Relation.LINKED], [Relation.LINKED])
    assert now.case.asked_by is None
    assert {s.person_id for s in now.seats} == {"coordinator", "deputy-coordinator", "caseworker", "both"}


async def test_whoever_sits_in_the_case_is_asked_and_not_whoever_is_on_call(town: Town) -> None:
    old = await siblings(town)
    town.clock.time = cast.oslo("2026-11-28 22:00")
    command = SplitOff(old.id, "B", (choice("welfare"), choice("police")), town.plan(3 * DAY))
    new = await town.do(split_off, "coordinator", command)
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"caseworker", "officer"}
    assert (await town.file(new.id)).case.persons == 1


async def test_a_split_that_cannot_be_changes_nothing(town: Town) -> None:
    old = await siblings(town)
    before = await town.dump()
    for letter, agencies in (("D", ("police",)), ("B", ()), ("", ("police",))):
        command = SplitOff(old.id, letter, tuple(map(choice, agencies)), town.plan())
        with pytest.raises(Invalid):
            await town.do(split_off, "coordinator", command)
    with pytest.raises(NotAllowed):
        await town.do(split_off, "officer", SplitOff(old.id, "B", (choice("police"),), town.plan()))
    assert await town.dump() == before
    alone = await town.open("police")
    with pytest.raises(Invalid, match="last-person"):
        await town.do(split_off, "coordinator", SplitOff(alone.id, "A", (choice("police"),), town.plan()))
