"""The Homes of a case are one delivery: one that fails holds up no other, and none is left with what was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.cli.demo import Rehearsal
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.model import Call
from sandbox.server import Sandbox
from tests.e2e import kit

PUBLISH = "views.publish"
READERS = ("koordinator", "politi-exit", "barnevern")


async def a_case(runner: ExerciseRunner) -> str:
    """The police and child welfare are asked; they and the coordinator have looked at their Homes."""
    for handle in READERS:
        await runner.person(handle).opens_home()
    await runner.until_idle()
    return await kit.open_case(runner, "Politiet", "Barneverntjenesten")


def published(sandbox: Sandbox, since: int) -> list[str]:
    """Whose Homes have been published since, each time."""
    calls: Iterator[Call] = (c for c in sandbox.workspace.calls[since:] if c.method == PUBLISH)
    return sorted(sandbox.workspace.handle(str(c.arguments["user_id"])) for c in calls)


def shown(runner: ExerciseRunner, handle: str) -> str:
    return runner.person(handle).home or ""


@pytest.mark.parametrize("fault", ["ratelimited", "5xx_before", "5xx_after", "reset_after"])
async def test_one_that_fails_is_shown_later_and_alone(runner: ExerciseRunner, fault: Kind) -> None:
    await a_case(runner)
    workspace = runner.sandbox.workspace
    barnevern = runner.person("barnevern").id
    workspace.faults.add(Fault(fault, PUBLISH, where=lambda args: args.get("user_id") == barnevern))
    since = len(workspace.calls)
    await kit.confirm(runner, "politi-exit")
    first = len(workspace.calls)
    await runner.later(seconds=90)
    assert set(published(runner.sandbox, since)) == set(READERS)
    later = set(published(runner.sandbox, first)) - {"barnevern"}
    if fault == "ratelimited":
        # What Slack has closed is closed for all: whose turn was after it waits, and is shown once too.
        before = [call for call in workspace.calls[since:first] if call.method == PUBLISH]
        later -= set(READERS) - {workspace.handle(str(call.arguments["user_id"])) for call in before}
    assert not later


async def test_one_that_is_refused_holds_up_no_other(runner: ExerciseRunner) -> None:
    await a_case(runner)
    workspace = runner.sandbox.workspace
    barnevern = runner.person("barnevern").id
    refused = Fault(
        "error", PUBLISH, -1, where=lambda a: a.get("user_id") == barnevern, code="invalid_blocks"
    )
    workspace.faults.add(refused)
    since = len(workspace.calls)
    await kit.confirm(runner, "politi-exit")
    await runner.later(seconds=90)
    assert refused.hits == 1
    assert set(published(runner.sandbox, since)) >= {"koordinator", "politi-exit"}
    seen = [m.text for m in kit.direct(runner.sandbox, "koordinator")]
    assert not [text for text in seen if re.search("kom ikke fram", text)], "a Home is no message"


async def test_a_deleted_case_leaves_every_home(runner: ExerciseRunner) -> None:
    room = await a_case(runner)
    code = room.removeprefix("rom-")
    await kit.confirm(runner, "politi-exit", "barnevern")
    assert code in shown(runner, "koordinator")
    await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    await runner.until(runner.day(48))
    await runner.later(hours=3)
    for handle in READERS:
        assert code not in shown(runner, handle)


async def test_who_opens_home_is_logged_and_nobody_to_whom_it_is_pushed(rehearsal: Rehearsal) -> None:
    runner, database = rehearsal.runner, rehearsal.bot.database
    await a_case(runner)
    await kit.open_case(runner, "Politiet", when="i overmorgen kl 14")
    slack_id = runner.person("koordinator").id

    async def log() -> list[str]:
        person = await database.read(lambda uow: uow.person_by_slack(slack_id))
        assert person is not None
        return [entry.event for entry in await database.log.of_person(person.id, 100)]

    before, since = await log(), len(runner.sandbox.workspace.calls)
    await kit.confirm(runner, "politi-exit")
    assert "koordinator" in published(runner.sandbox, since), "it is pushed"
    assert await log() == before
    await runner.person("koordinator").opens_home()
    await runner.until_idle()
    # Slack delivers what it takes for lost anew.
    opened = next(
        d for d in reversed(runner.sandbox.workspace.deliveries) if "app_home_opened" in str(d.payload)
    )
    await runner.sandbox.sockets.replay(opened)
    await runner.until_idle()
    assert await log() == ["served"] * 2 + before, "each case once"


async def test_what_lands_late_does_not_stay(runner: ExerciseRunner) -> None:
    """An older Home, of one case, reaches Slack after a newer one, of another: the newer one stands."""
    workspace = runner.sandbox.workspace
    koordinator, police = runner.person("koordinator"), runner.person("politi-exit")
    for person in (koordinator, police):
        await person.opens_home()
    await runner.until_idle()
    late = workspace.faults.add(
        Fault("delayed", PUBLISH, where=lambda a: a.get("user_id") == police.id, seconds=3.0)
    )
    await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
    await runner.sends(koordinator)
    await workspace.changes.until(lambda: late.hits, kit.IN_TIME)
    await kit.open_case(runner, "Politiet", when="i overmorgen kl 14")
    assert shown(runner, "politi-exit").count("trenger Politiet i en sak i TOT Bergen") == 2
