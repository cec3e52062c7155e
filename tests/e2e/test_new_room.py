"""«Nytt rom»: the case goes on in another channel, under another code; the old one is emptied."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import FormerRoom
from bot.usecases.ports import UnitOfWork
from sandbox.exercises.runner import ExerciseRunner
from storage.ids import RandomIds
from tests.e2e import kit
from tests.e2e.test_room_trouble import (
    ARCHIVED,
    CARD,
    EMPTIED,
    INSIDE,
    PUBLIC,
    SHARED,
    THROWN_OUT,
    TROUBLES,
    alerts,
    channel_of,
    date_comes,
    of_the_bot,
    opened,
    owner,
    the_case,
    thrown_out,
)
from tests.stories.standing import Standing


@pytest.fixture
def begins(in_a_room: Standing) -> Standing:
    return in_a_room


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_case_goes_on_in_a_new_room_within_two_minutes(rehearsal: Rehearsal, trouble: str) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = opened(runner)
    old = channel_of(sandbox, room)
    before = sandbox.clock.now()
    await TROUBLES[trouble][0](owner(runner, room), room)
    await runner.until_idle()
    koordinator = runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    review = await koordinator.sees_modal("Nytt rom")
    for handle in ("koordinator", "politi-exit", "barnevern"):
        assert f"@{handle}" in review.text
    assert "@vara-koordinator" not in review.text, "who has not confirmed is not let in"
    await kit.send(runner, koordinator)

    case = await the_case(rehearsal)
    new = channel_of(sandbox, f"rom-{case.code}")
    assert new.id != old.id
    assert f"rom-{case.code}" != room
    await runner.until(before + timedelta(minutes=2))
    assert kit.people_in(sandbox, new.id) == INSIDE
    assert CARD in of_the_bot(sandbox, new)
    await koordinator.sees(case.code, in_=new.name)

    # Whatever stands anywhere names the new code alone, but for the message that tells of the change.
    code = room.removeprefix("rom-")
    for handle in ("koordinator", "vara-koordinator", "politi-exit", "barnevern"):
        named = [seen.text for seen in kit.direct(sandbox, handle) if code in seen.text]
        assert all("Saken har fått nytt rom" in text for text in named), named
        assert code not in (sandbox.person(handle).home or "")
    (told,) = alerts(sandbox, "Saken har fått nytt rom")
    for words in (PUBLIC, SHARED, ARCHIVED, THROWN_OUT):
        assert alerts(sandbox, words) == []
    (former,) = await rehearsal.bot.database.read(lambda uow: uow.find(FormerRoom))
    if trouble in EMPTIED:
        assert of_the_bot(sandbox, old) == []
        assert kit.people_in(sandbox, old.id) == set()
        assert old.archived
        assert former.emptied_at is not None
        assert "tømt og arkivert" in told
    else:
        assert former.emptied_at is None
        assert "er ikke tømt" in told
        assert "@politi-exit" in told


async def test_an_old_room_is_emptied_as_soon_as_slack_lets_the_bot(rehearsal: Rehearsal) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await thrown_out(runner)
    old = channel_of(sandbox, room)
    await make_new_room(runner)
    assert of_the_bot(sandbox, old) != []
    await runner.person("barnevern").invites("tot-bot", room)
    await runner.until_idle()
    assert of_the_bot(sandbox, old) == []
    assert kit.people_in(sandbox, old.id) == set()
    assert old.archived
    assert "tømt og arkivert" in alerts(sandbox, "Saken har fått nytt rom")[0]


async def make_new_room(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await kit.send(runner, koordinator)


async def test_nobody_makes_a_new_room_when_the_old_one_is_fine_again(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    room, koordinator = await thrown_out(runner), runner.person("koordinator")
    await koordinator.presses("Nytt rom", in_="tot-bot")
    await koordinator.sees_modal("Nytt rom")
    await runner.person("barnevern").invites("tot-bot", room)
    await runner.until_idle()
    await koordinator.submits()
    await koordinator.sees("Saksrommet er i orden", in_="modal")
    assert f"rom-{(await the_case(rehearsal)).code}" == room


async def test_what_stands_of_an_old_room_goes_with_the_case(rehearsal: Rehearsal) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await thrown_out(runner)
    old = channel_of(sandbox, room)
    await make_new_room(runner)
    new = f"rom-{(await the_case(rehearsal)).code}"
    await kit.submit_form(runner, "koordinator", "/tot lukk", new)
    await runner.person("barnevern").invites("tot-bot", room)
    await date_comes(rehearsal)
    assert (await the_case(rehearsal)).purged_at is not None
    assert of_the_bot(sandbox, old) == []
    assert of_the_bot(sandbox, channel_of(sandbox, new)) == []
    assert old.archived

    def is_taken(uow: UnitOfWork) -> bool:
        assert isinstance(uow.ids, RandomIds)
        return uow.ids._taken(room.removeprefix("rom-"))

    assert await rehearsal.bot.database.read(is_taken), "its code is never given out again"
