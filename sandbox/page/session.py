"""A session of the page: the workspace, the exercises that can be played, and who has read what."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.exercises.runner import Exercise, ExerciseRunner
from sandbox.exercises.step_gate import StepGate
from sandbox.model import Channel, Message
from sandbox.people.person import Person
from sandbox.people.visibility import CouldNot, Visibility

#: How long a step of an exercise stands announced, in seconds.
PACE = 1.0


@dataclass(frozen=True)
class Due:
    """Something that the bot will deliver."""

    what: str
    who: str
    """A Slack id, or empty."""
    when: datetime
    """Aware UTC."""
    under_way: bool = False


Upcoming = Callable[[int], Awaitable[Sequence[Due]]]


class ReadMarks:
    """Up to where each of the cast has read each place; shared by all windows."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], str] = {}

    def read(self, user: str, channel: Channel) -> None:
        """This person has seen the newest there."""
        newest = next(reversed(channel.messages), "")
        self._read[user, channel.id] = max(newest, self._read.get((user, channel.id), ""))

    def unread(self, user: str, channel: Channel) -> int:
        """How many messages of others are there since, Slack's own lines about coming and going aside."""
        last = self._read.get((user, channel.id), "")
        count = 0
        for message in reversed(channel.messages.values()):
            if message.ts <= last:
                break
            count += _is_news(message, user)
        return count


def _is_news(message: Message, user: str) -> bool:
    return message.user != user and message.subtype in ("", "file_share")


@dataclass
class Session:
    """One workspace from its start to its end."""

    runner: ExerciseRunner
    exercises: Mapping[str, Exercise]
    upcoming: Upcoming
    begin_anew: Callable[[str], None]
    """Ends this workspace and begins a fresh one, playing the exercise of this name; none if it is empty."""
    read_marks: ReadMarks = field(default_factory=ReadMarks)
    player: Player = field(init=False)

    def __post_init__(self) -> None:
        box = self.runner.sandbox
        step_gate = StepGate(box.activity, box.workspace.changes, PACE)
        self.player = Player(self.runner, step_gate)

    @property
    def cast(self) -> list[str]:
        """The handles of those whom one can be."""
        users = self.runner.sandbox.workspace.users.values()
        return [user.handle for user in users if not user.is_bot]

    def person(self, handle: str) -> Person:
        return self.runner.sandbox.person(handle)

    def visibility(self, handle: str) -> Visibility:
        workspace = self.runner.sandbox.workspace
        return Visibility(workspace, workspace.user(handle))


class Player:
    """Plays one exercise at a time."""

    def __init__(self, runner: ExerciseRunner, step_gate: StepGate) -> None:
        self.step_gate = step_gate
        self.name = ""
        """The name of the exercise; empty before one was begun."""
        self.over = False
        self.stopped = ""
        """Why it could not go on; empty if it could."""
        self.runner = runner.with_step_gate(step_gate)
        self._changes = runner.sandbox.workspace.changes
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """True from the beginning of an exercise to its end."""
        return bool(self.name) and not self.over

    def begin(self, name: str, exercise: Exercise) -> None:
        """Begin an exercise; the gate says when its first step is done."""
        self.name = name
        self._task = asyncio.create_task(self._play(exercise))

    async def _play(self, exercise: Exercise) -> None:
        try:
            await exercise.play(self.runner)
        except (CouldNot, TimeoutError) as failure:
            self.stopped = str(failure)
        finally:
            self.over = True
            self.step_gate.next = None
            self._changes.notify()

    async def end(self) -> None:
        """Break off what is played."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
