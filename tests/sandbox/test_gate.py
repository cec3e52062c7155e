"""Exercises paused, and taken over by a human who writes; the rest is in the story of one's own turn."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.exercises.runner import ExerciseRunner
from sandbox.exercises.step_gate import StepGate
from sandbox.page.session import PACE


class _Quiet:
    """A bot that has nothing to deliver."""

    async def idle(self) -> None: ...

    async def clock_moved(self) -> None: ...

    async def next_due(self) -> datetime | None:
        return None


class Play:
    """An exercise in which @helse writes twice, or a human in @helse's role."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._changes = sandbox.workspace.changes
        self.gate = StepGate(sandbox.activity, self._changes)
        self.runner = ExerciseRunner(sandbox, _Quiet()).with_step_gate(self.gate)
        self.actor, self.human = self.runner.person("helse"), sandbox.person("helse")

    async def begins(self, act: Coroutine[Any, Any, Any], announced: str) -> asyncio.Task[Any]:
        playing = asyncio.create_task(act)
        await self.announces(announced)
        return playing

    async def announces(self, text: str) -> None:
        next_is = await self._changes.until(lambda: (self.gate.next and self.gate.next.text) == text, 5.0)
        assert next_is, self.gate.next

    async def writes_twice(self) -> None:
        await self.actor.writes("en", "generelt")
        await self.actor.writes("to", "generelt")

    @property
    def read(self) -> list[str]:
        return self.human.reads("generelt")


@pytest.fixture
def play(sandbox: Sandbox) -> Play:
    return Play(sandbox)


async def test_a_human_may_be_ahead_may_skip_and_may_give_back(play: Play) -> None:
    play.gate.take("helse")
    play.gate.play()
    playing = await play.begins(play.writes_twice(), "en")
    await play.human.writes("én", "generelt")
    await play.human.writes("to", "generelt")
    await asyncio.wait_for(playing, 5.0)
    assert play.read == ["én", "to"]

    playing = await play.begins(play.writes_twice(), "en")
    play.gate.skip()
    await play.announces("to")
    play.gate.skip()
    await asyncio.wait_for(playing, 5.0)
    assert play.read == ["én", "to"]

    playing = await play.begins(play.writes_twice(), "en")
    await play.human.writes("en, med mine ord", "generelt")
    await play.announces("to")
    play.gate.give_back("helse")
    await asyncio.wait_for(playing, 5.0)
    assert play.read == ["én", "to", "en, med mine ord", "to"]
    assert play.gate.next is None


async def test_time_waits_at_the_gate_too(play: Play, sandbox: Sandbox) -> None:
    before = sandbox.clock.now()
    moving = asyncio.create_task(play.runner.later(hours=1))
    changes = sandbox.workspace.changes
    assert await changes.until(lambda: play.gate.next is not None and play.gate.next.kind == "time", 5.0)
    assert (sandbox.clock.now() - before).total_seconds() < 60
    play.gate.step()
    await asyncio.wait_for(moving, 5.0)
    assert (sandbox.clock.now() - before).total_seconds() >= 3600


def test_what_is_longer_stands_longer_and_nothing_less_than_the_least() -> None:
    assert PACE.seconds(1) == PACE.least
    assert 12 <= 300 / PACE.seconds(300) <= 17, "as subtitles"
