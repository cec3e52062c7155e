"""Exercises held, stepped through, and taken over by a human."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from slack_bolt.async_app import AsyncAck

from sandbox import Sandbox
from sandbox.exercises.runner import Stage
from sandbox.exercises.step_gate import Gate
from tests.sandbox.little_bot import LittleBot


class _Quiet:
    """A bot that has nothing to deliver."""

    async def idle(self) -> None: ...

    async def clock_moved(self) -> None: ...

    async def next_due(self) -> datetime | None:
        return None


@pytest.fixture
def gate(box: Sandbox) -> Gate:
    return Gate(box.moments, box.workspace.pulse)


@pytest.fixture
def stage(box: Sandbox, gate: Gate) -> Stage:
    return Stage(box, _Quiet()).gated(gate)


async def _announced(box: Sandbox, gate: Gate, text: str) -> None:
    found = await box.workspace.pulse.until(lambda: gate.next is not None and gate.next.text == text, 5.0)
    assert found, gate.next


async def _writes_twice(stage: Stage) -> None:
    helse = stage.person("helse")
    await helse.writes("en", "generelt")
    await helse.writes("to", "generelt")


async def test_a_held_exercise_goes_one_step_at_a_time_and_then_on(
    box: Sandbox, stage: Stage, gate: Gate
) -> None:
    helse = box.person("helse")
    playing = asyncio.create_task(_writes_twice(stage))
    await _announced(box, gate, "en")
    assert helse.reads("generelt") == []
    gate.step()
    await _announced(box, gate, "to")
    assert helse.reads("generelt") == ["en"]
    gate.play()
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["en", "to"]
    assert gate.next is None


async def test_what_a_human_does_in_a_part_they_took_is_not_done_again(
    box: Sandbox, stage: Stage, gate: Gate
) -> None:
    helse = box.person("helse")
    gate.take("helse")
    gate.play()
    playing = asyncio.create_task(_writes_twice(stage))
    await _announced(box, gate, "en")
    assert gate.waits_for_human
    await helse.writes("en, med mine ord", "generelt")
    await _announced(box, gate, "to")
    gate.give_back("helse")
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["en, med mine ord", "to"]


async def test_a_human_may_be_ahead_and_may_skip(box: Sandbox, stage: Stage, gate: Gate) -> None:
    helse = box.person("helse")
    gate.take("helse")
    gate.play()
    playing = asyncio.create_task(_writes_twice(stage))
    await _announced(box, gate, "en")
    await helse.writes("én", "generelt")
    await helse.writes("to", "generelt")
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["én", "to"]

    playing = asyncio.create_task(_writes_twice(stage))
    await _announced(box, gate, "en")
    gate.skip()
    await _announced(box, gate, "to")
    gate.skip()
    await asyncio.wait_for(playing, 5.0)
    assert helse.reads("generelt") == ["én", "to"]


async def test_time_waits_at_the_gate_too(box: Sandbox, stage: Stage, gate: Gate) -> None:
    before = box.clock.now()
    moving = asyncio.create_task(stage.later(hours=1))
    assert await box.workspace.pulse.until(lambda: gate.next is not None and gate.next.kind == "time", 5.0)
    assert (box.clock.now() - before).total_seconds() < 60
    gate.step()
    await asyncio.wait_for(moving, 5.0)
    assert (box.clock.now() - before).total_seconds() >= 3600
    assert box.clock.now().tzinfo is UTC


async def test_a_command_of_a_human_is_not_typed_again(
    box: Sandbox, bot: LittleBot, stage: Stage, gate: Gate
) -> None:
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    bot.app.command("/tot")(acknowledge)
    gate.take("helse")
    gate.play()
    human, actor = box.person("helse"), stage.person("helse")
    typing = asyncio.create_task(actor.types("/tot"))
    await _announced(box, gate, "/tot")
    await human.types("/tot")
    assert await asyncio.wait_for(typing, 5.0) is None
    assert len(bot.commands()) == 1
