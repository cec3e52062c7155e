"""Plays an exercise, one at a time, at the gate's pace."""

from __future__ import annotations

import asyncio
import contextlib

from sandbox.gate import Gate
from sandbox.seeing import CouldNot
from sandbox.stage import Exercise, Stage


class Player:
    """The exercise that is played on a stage."""

    def __init__(self, stage: Stage, gate: Gate) -> None:
        self.gate = gate
        self.name = ""
        """The name of the exercise; empty before one was begun."""
        self.over = False
        self.stopped = ""
        """Why it could not go on; empty if it could."""
        self.stage = stage.gated(gate)
        self._pulse = stage.box.workspace.pulse
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """True from the beginning of an exercise to its end."""
        return bool(self.name) and not self.over

    def begin(self, name: str, exercise: Exercise) -> None:
        """Begins an exercise; whether its first step is done at once is the gate's to say."""
        self.name = name
        self._task = asyncio.create_task(self._play(exercise))

    async def _play(self, exercise: Exercise) -> None:
        try:
            await exercise.play(self.stage)
        except (CouldNot, TimeoutError) as failure:
            self.stopped = str(failure)
        finally:
            self.over = True
            self.gate.next = None
            self._pulse.beat()

    async def end(self) -> None:
        """Breaks off what is played."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
