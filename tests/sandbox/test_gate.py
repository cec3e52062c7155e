"""Exercises held, stepped through, and taken over by a human."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from sandbox import Sandbox
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.step_gate import StepGate
from sandbox.page.session import PACES
from tests.sandbox.little_bot import LittleBot, acknowledge


class _Quiet:
    """A bot that has nothing to deliver."""

    async def idle(self) -> None: ...

    async def clock_moved(self) -> None: ...

    async def next_due(self) -> datetime | None:
        return None


@pytest.fixture
def step_gate(sandbox: Sandbox) -> StepGate:
    return StepGate(sandbox.activity, sandbox.workspace.changes)


@pytest.fixture
def runner(sandbox: Sandbox, step_gate: StepGate) -> ExerciseRunner:
    return ExerciseRunner(sandbox, _Quiet()).with_step_gate(step_gate)


async def _announced(sandbox: Sandbox, step_gate: StepGate, text: str) -> None:
    found = await sandbox.workspace.changes.until(
        lambda: step_gate.next is not None and step_gate.next.text == text, 5.0
    )
    assert found, step_gate.next


async def _writes_twice(runner: ExerciseRunner) -> None:
    helse = runner.person("helse")
    await helse.writes("en", "generelt")
    await helse.writes("to", "generelt")


async def test_a_held_exercise_goes_one_step_at_a_time_and_then_on(
    sandbox: Sandbox, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    helse = sandbox.person("helse")
    playing = asyncio.create_task(_writes_twice(runner))
    await _announced(sandbox, step_gate, "en")
    assert helse.reads("generelt") == []
    step_gate.step()
    await _announced(sandbox, step_gate, "to")
    assert helse.reads("generelt") == ["en"]
    step_gate.play()
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["en", "to"]
    assert step_gate.next is None


async def test_what_a_human_does_in_a_part_they_took_is_not_done_again(
    sandbox: Sandbox, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    helse = sandbox.person("helse")
    step_gate.take("helse")
    step_gate.play()
    playing = asyncio.create_task(_writes_twice(runner))
    await _announced(sandbox, step_gate, "en")
    assert step_gate.waits_for_human
    await helse.writes("en, med mine ord", "generelt")
    await _announced(sandbox, step_gate, "to")
    step_gate.give_back("helse")
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["en, med mine ord", "to"]


async def test_a_human_may_be_ahead_and_may_skip(
    sandbox: Sandbox, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    helse = sandbox.person("helse")
    step_gate.take("helse")
    step_gate.play()
    playing = asyncio.create_task(_writes_twice(runner))
    await _announced(sandbox, step_gate, "en")
    await helse.writes("én", "generelt")
    await helse.writes("to", "generelt")
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["én", "to"]

    playing = asyncio.create_task(_writes_twice(runner))
    await _announced(sandbox, step_gate, "en")
    step_gate.skip()
    await _announced(sandbox, step_gate, "to")
    step_gate.skip()
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["én", "to"]


async def test_time_waits_at_the_gate_too(
    sandbox: Sandbox, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    before = sandbox.clock.now()
    moving = asyncio.create_task(runner.later(hours=1))
    assert await sandbox.workspace.changes.until(
        lambda: step_gate.next is not None and step_gate.next.kind == "time", 5.0
    )
    assert (sandbox.clock.now() - before).total_seconds() < 60
    step_gate.step()
    await asyncio.wait_for(moving, 5.0)
    assert (sandbox.clock.now() - before).total_seconds() >= 3600
    assert sandbox.clock.now().tzinfo is UTC


async def test_a_command_of_a_human_is_not_typed_again(
    sandbox: Sandbox, bot: LittleBot, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    bot.app.command("/tot")(acknowledge)
    step_gate.take("helse")
    step_gate.play()
    human, actor = sandbox.person("helse"), runner.person("helse")
    typing = asyncio.create_task(actor.types("/tot"))
    await _announced(sandbox, step_gate, "/tot")
    await human.types("/tot")
    assert await asyncio.wait_for(typing, 5.0) is None
    assert len(bot.commands()) == 1


async def test_a_step_stands_as_long_as_the_pace_says_and_a_new_pace_holds_at_once(
    sandbox: Sandbox, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    helse = sandbox.person("helse")
    step_gate.go_at(lambda action: 600.0)
    playing = asyncio.create_task(_writes_twice(runner))
    await _announced(sandbox, step_gate, "en")
    await asyncio.sleep(0.1)
    assert helse.reads("generelt") == []
    step_gate.go_at(lambda action: 0.0)
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["en", "to"]


def test_what_is_longer_stands_longer_and_nothing_less_than_the_least() -> None:
    for pace in PACES.values():
        assert pace.seconds(1) == pace.least
        assert pace.seconds(300) >= pace.seconds(100)
    # 20 characters a second can be read; at «fast» nobody means to read.
    assert [name for name, pace in PACES.items() if pace.seconds(200) < 200 / 20] == ["fast"]
    assert PACES["slow"].seconds(200) > PACES["normal"].seconds(200)


async def test_another_command_is_another_step(
    sandbox: Sandbox, bot: LittleBot, runner: ExerciseRunner, step_gate: StepGate
) -> None:
    bot.app.command("/tot")(acknowledge)
    step_gate.take("helse")
    step_gate.play()
    human, actor = sandbox.person("helse"), runner.person("helse")
    typing = asyncio.create_task(actor.types("/tot sak i morgen kl 10"))
    await _announced(sandbox, step_gate, "/tot sak i morgen kl 10")
    await human.types("/tot hjelp")
    assert step_gate.waits_for_human
    await human.types("/tot sak i overmorgen kl 12")
    assert await asyncio.wait_for(typing, 5.0) is None
    assert len(bot.commands()) == 2
