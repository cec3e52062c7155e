"""A session of the page: the workspace, the playable exercises, read marks, and who acts."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.activity import Activity
from sandbox.block_kit.render import Names
from sandbox.exercises.runner import Exercise, ExerciseRunner
from sandbox.exercises.step_gate import StepGate
from sandbox.exercises.ways import Action, why
from sandbox.model import Channel, Ephemeral, Message, View
from sandbox.page.words import Words
from sandbox.people.person import Person
from sandbox.people.ui_actions import target_at
from sandbox.people.visibility import CouldNot


@dataclass
class Pace:
    """How long a step of an exercise is announced before it is done, in seconds of real time."""

    least: float
    per_character: float

    def seconds(self, characters: int) -> float:
        """Return how long a step with this many characters is announced."""
        return max(self.least, characters * self.per_character)


#: As for subtitles (12 to 17 characters a second): whoever wants longer pauses, and presses for each step.
PACE = Pace(3.0, 0.07)
#: The most characters shown of what somebody fills in; the rest is seen in the form.
MOST_TOLD = 90
#: What people do in a workspace, and lose when it is emptied.
DEEDS = frozenset({"types", "writes", "presses", "chooses", "fills", "submits", "answers"})


class ReadMarks:
    """How far each of the cast has read each place; shared by all windows."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], str] = {}

    def read(self, user: str, channel: Channel) -> None:
        """Note that this person has read a channel to its newest message."""
        newest = next(reversed(channel.messages), "")
        self._read[user, channel.id] = max(newest, self._read.get((user, channel.id), ""))

    def unread(self, user: str, channel: Channel) -> int:
        """Return the number of unread messages of other people, without Slack's own lines."""
        last = self._read.get((user, channel.id), "")
        newer = itertools.takewhile(lambda message: message.ts > last, reversed(channel.messages.values()))
        return sum(is_news(message, user) for message in newer)


def is_news(message: Message, user: str) -> bool:
    """Return whether it is a message of another person, and not one of Slack's own lines."""
    return message.user != user and message.subtype in ("", "file_share")


@dataclass
class Session:
    """One workspace from its start to its end."""

    runner: ExerciseRunner
    exercises: Mapping[str, Exercise]
    restart_workspace: Callable[[str], None]
    """Ends this workspace and begins a new one, which plays the exercise of this name unless it is empty."""
    read_marks: ReadMarks = field(default_factory=ReadMarks)
    player: Player = field(init=False)

    def __post_init__(self) -> None:
        self.player = Player(self.runner)

    @property
    def is_in_use(self) -> bool:
        """True if something is lost when the workspace is emptied."""
        return any(entry.kind in DEEDS for entry in self.runner.sandbox.activity)

    @property
    def cast(self) -> list[str]:
        """The handles of the people that a user can play."""
        users = self.runner.sandbox.workspace.users.values()
        return [user.handle for user in users if not user.is_bot]

    def person(self, handle: str) -> Person:
        return self.runner.sandbox.person(handle)


class Player:
    """Plays one exercise at a time."""

    def __init__(self, runner: ExerciseRunner) -> None:
        box = runner.sandbox
        self.name = ""
        """The name of the exercise; empty before one was begun."""
        self.over = False
        self.stopped = ""
        """Why it could not go on; empty if it could."""
        self.step_gate = StepGate(box.activity, box.workspace.changes, self._seconds)
        self.runner = runner.with_step_gate(self.step_gate)
        self._activity = box.activity
        self._changes = box.workspace.changes
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """True from the beginning of an exercise to its end."""
        return bool(self.name) and not self.over

    def begin(self, name: str, exercise: Exercise) -> None:
        """Begin an exercise. The gate decides when its first step is done."""
        self.name = name
        self._task = asyncio.create_task(self._play(exercise))

    def outcome(self) -> list[Activity]:
        """Return the activity of the last step: what was done, and what followed."""
        step_gate = self.step_gate
        if step_gate.next is None:
            return self._activity.since(max(step_gate.began, 0))
        if step_gate.began_before < 0:
            return []
        return self._activity.since(step_gate.began_before, step_gate.began)

    def _seconds(self, action: Action) -> float:
        chapter = self.runner.chapters[-1] if self.runner.chapters else None
        fresh = chapter is not None and chapter.before >= self.step_gate.began
        told = len(chapter.title) + len(chapter.text) if chapter is not None and fresh else 0
        told += min(len(action.text), MOST_TOLD) + len(why(action, "nb"))
        return PACE.seconds(told)

    async def _play(self, exercise: Exercise) -> None:
        try:
            await self.runner.until_idle()  # what the bot posts at its start is not part of the exercise
            await exercise.play(self.runner)
        except (CouldNot, TimeoutError) as failure:
            self.stopped = str(failure)
        finally:
            self.over = True
            self.step_gate.next = None
            self._changes.notify()

    async def end(self) -> None:
        """Cancel the exercise."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


What = Message | Ephemeral | View


@dataclass(frozen=True)
class Controller:
    """The actions of one person in one column."""

    person: Person
    words: Words
    names: Names
    people: dict[str, str]
    """Slack id → display name of the people who can be chosen."""
    app: str
    """The app's display name."""
    now: Callable[[], datetime]
    """The moved time, in Oslo."""

    def place(self, channel: Channel) -> str:
        """Return Slack's name of a place: the room's name, or for a direct message the other people."""
        if channel.is_room:
            return f"#{channel.name}"
        return ", ".join(self.people.get(m, self.app) for m in channel.members if m != self.person.id)

    async def press(self, what: What, block_id: str, action_id: str, option: str | None = None) -> str:
        """Press a button or an overflow option. Return Slack's error message, or empty."""
        try:
            target = target_at(self.person.surface(what), block_id, action_id, option)
            await self.person.presses_this(target)
        except CouldNot as failure:
            return self.trouble(failure)
        return ""

    async def give(self, what: What, block_id: str, action_id: str, value: Any) -> str:
        """Fill in or choose a value. Return Slack's error message, or empty."""
        try:
            target = target_at(self.person.surface(what), block_id, action_id)
            await self.person.gives(target, value)
        except CouldNot as failure:
            return self.trouble(failure)
        return ""

    def trouble(self, failure: CouldNot) -> str:
        """Return Slack's error message for a failure."""
        text = str(failure)
        if "operation_timeout" in text:
            return self.words("trouble.timeout")
        if "dispatch_failed" in text:
            return self.words("trouble.no-app")
        return self.words("trouble.other", what=text)
