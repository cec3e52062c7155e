"""A session of the page: the workspace, the playable exercises, read marks, and who acts."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.activity import Activity, ActivityKind, Shown
from sandbox.block_kit.render import Names
from sandbox.exercises.runner import Exercise, ExerciseRunner
from sandbox.exercises.step_gate import StepGate
from sandbox.exercises.ways import Action, why
from sandbox.model import Channel, Ephemeral, Json, Message, View
from sandbox.page.words import Words
from sandbox.people.person import Person
from sandbox.people.ui_actions import target_at
from sandbox.people.visibility import CouldNot


@dataclass(frozen=True)
class Pace:
    """How long a step of an exercise is announced before it is done, in seconds of real time."""

    least: float
    per_character: float = 0.0

    def seconds(self, characters: int) -> float:
        """Return how long a step with this many characters is announced."""
        return max(self.least, characters * self.per_character)


#: Slower than subtitles (12 to 17 characters a second), because the reader also looks around.
PACES = {"slow": Pace(5.0, 0.09), "normal": Pace(2.5, 0.05), "fast": Pace(0.5)}
#: The most characters shown of what somebody fills in; the rest is seen in the form.
MOST_TOLD = 90
#: Activity of the user that is lost when the workspace is emptied.
_WORK = frozenset({"types", "writes", "presses", "chooses", "fills", "submits", "uploads"})


@dataclass(frozen=True)
class Due:
    """A delivery that the bot will make."""

    what: str
    who: str
    """A Slack id, or empty."""
    when: datetime
    """Aware UTC."""
    under_way: bool = False


Upcoming = Callable[[int], Awaitable[Sequence[Due]]]


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


class Visitor(Person):
    """A person played by somebody on the page."""

    session: Session

    def _did(self, kind: ActivityKind, place: str, text: str, shown: Shown | None = None) -> None:
        super()._did(kind, place, text, shown)
        if kind in _WORK:
            self.session.touched = True


@dataclass
class Newcomer:
    """How far a user who is new to the page has come."""

    tried: set[str] = field(default_factory=set)
    is_here: bool | None = None
    """None until the page is opened at its bare address; False once everything is tried or dismissed."""

    def arrives(self) -> None:
        if self.is_here is None:
            self.is_here = True


@dataclass
class Session:
    """One workspace from its start to its end."""

    runner: ExerciseRunner
    exercises: Mapping[str, Exercise]
    upcoming: Upcoming
    restart_workspace: Callable[[str], None]
    """Ends this workspace and begins a new one, which plays the exercise of this name unless it is empty."""
    read_marks: ReadMarks = field(default_factory=ReadMarks)
    newcomer: Newcomer = field(default_factory=Newcomer)
    touched: bool = False
    """True if somebody on the page has done something in it."""
    player: Player = field(init=False)

    def __post_init__(self) -> None:
        self.player = Player(self.runner)

    @property
    def is_in_use(self) -> bool:
        """True if something is lost when the workspace is emptied."""
        return self.touched or self.player.under_way

    @property
    def cast(self) -> list[str]:
        """The handles of the people that a user can play."""
        users = self.runner.sandbox.workspace.users.values()
        return [user.handle for user in users if not user.is_bot]

    def person(self, handle: str) -> Person:
        box = self.runner.sandbox
        visitor = Visitor(box.workspace, box.interactions, box.activity, box.workspace.user(handle))
        visitor.session = self
        return visitor


class Player:
    """Plays one exercise at a time."""

    def __init__(self, runner: ExerciseRunner) -> None:
        box = runner.sandbox
        self.name = ""
        """The name of the exercise; empty before one was begun."""
        self.over = False
        self.stopped = ""
        """Why it could not go on; empty if it could."""
        self.pace = "normal"
        """A key of PACES, or `step`: every step waits for a press."""
        self.step_gate = StepGate(
            box.activity, box.workspace.changes, functools.partial(self._seconds, self.pace)
        )
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

    def go_at(self, pace: str) -> None:
        """Continue at this pace; at `step`, each step waits."""
        self.pace = pace
        if pace == "step":
            self.step_gate.pause()
        else:
            self.step_gate.go_at(functools.partial(self._seconds, pace))

    def outcome(self) -> list[Activity]:
        """Return the activity of the last step: what was done, and what followed."""
        step_gate = self.step_gate
        if step_gate.next is None:
            return self._activity.since(max(step_gate.began, 0))
        if step_gate.began_before < 0:
            return []
        return self._activity.since(step_gate.began_before, step_gate.began)

    def _seconds(self, pace: str, action: Action) -> float:
        chapter = self.runner.chapters[-1] if self.runner.chapters else None
        fresh = chapter is not None and chapter.before >= self.step_gate.began
        told = len(chapter.title) + len(chapter.text) if chapter is not None and fresh else 0
        told += min(len(action.text), MOST_TOLD) + len(why(action, "nb"))
        return PACES[pace].seconds(told)

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
Ask = Callable[[Json], Awaitable[bool]]


@dataclass(frozen=True)
class Controller:
    """The actions of one person in one column."""

    person: Person
    words: Words
    names: Names
    ask: Ask
    """Shows a confirm dialog in the column and returns its answer."""
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
            dialog = target.element.get("confirm")
            if dialog is None or await self.ask(dialog):
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
