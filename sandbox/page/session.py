"""A session of the page: the workspace, the exercises that can be played, who has read what, and who acts."""

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
    """How long a step of an exercise stands announced, in seconds of real time."""

    least: float
    per_character: float = 0.0

    def seconds(self, characters: int) -> float:
        """How long this many characters stand."""
        return max(self.least, characters * self.per_character)


#: Subtitles are made for 12 to 17 characters a second, for those who only read; here one looks around too.
PACES = {"slow": Pace(5.0, 0.09), "normal": Pace(2.5, 0.05), "fast": Pace(0.5)}
#: So many characters of what somebody fills in are told; the rest is seen in the form.
MOST_TOLD = 90
#: What is lost when the workspace is emptied.
_WORK = frozenset({"types", "writes", "presses", "chooses", "fills", "submits", "uploads"})


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
        newer = itertools.takewhile(lambda message: message.ts > last, reversed(channel.messages.values()))
        return sum(is_news(message, user) for message in newer)


def is_news(message: Message, user: str) -> bool:
    """Return whether it is a message of another, and no line of Slack's own."""
    return message.user != user and message.subtype in ("", "file_share")


class Visitor(Person):
    """A person as somebody on the page plays them."""

    session: Session

    def _did(self, kind: ActivityKind, place: str, text: str, shown: Shown | None = None) -> None:
        super()._did(kind, place, text, shown)
        if kind in _WORK:
            self.session.touched = True


@dataclass
class Newcomer:
    """How far somebody who opened the page for the first time has come."""

    tried: set[str] = field(default_factory=set)
    is_here: bool | None = None
    """None until the page is opened at its bare address; False once all is tried or put away."""

    def arrives(self) -> None:
        if self.is_here is None:
            self.is_here = True


@dataclass
class Session:
    """One workspace from its start to its end."""

    runner: ExerciseRunner
    exercises: Mapping[str, Exercise]
    upcoming: Upcoming
    begin_anew: Callable[[str], None]
    """Ends this workspace and begins a fresh one, playing the exercise of this name; none if it is empty."""
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
        """The handles of those whom one can be."""
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
        """Begin an exercise; the gate says when its first step is done."""
        self.name = name
        self._task = asyncio.create_task(self._play(exercise))

    def go_at(self, pace: str) -> None:
        """Go on at this pace; at `step`, each step waits."""
        self.pace = pace
        if pace == "step":
            self.step_gate.pause()
        else:
            self.step_gate.go_at(functools.partial(self._seconds, pace))

    def outcome(self) -> list[Activity]:
        """The last step that was done, and what came of it."""
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
            await self.runner.until_idle()  # what the bot says by itself at its start is no part of it
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


What = Message | Ephemeral | View
Ask = Callable[[Json], Awaitable[bool]]


@dataclass(frozen=True)
class Controller:
    """Acts for one person in one column."""

    person: Person
    words: Words
    names: Names
    ask: Ask
    """Shows a confirm dialog in the column and gives its answer."""
    people: dict[str, str]
    """Slack id → display name of those who can be chosen."""
    app: str
    """The app's display name."""
    now: Callable[[], datetime]
    """The moved time, in Oslo."""

    def place(self, channel: Channel) -> str:
        """Slack's name of a place: a room by its name, others by whom one writes to."""
        if channel.is_room:
            return f"#{channel.name}"
        return ", ".join(self.people.get(m, self.app) for m in channel.members if m != self.person.id)

    async def press(self, what: What, block_id: str, action_id: str, option: str | None = None) -> str:
        """Press a button or an overflow option; return what Slack says went wrong, if anything."""
        try:
            target = target_at(self.person.surface(what), block_id, action_id, option)
            dialog = target.element.get("confirm")
            if dialog is None or await self.ask(dialog):
                await self.person.presses_this(target)
        except CouldNot as failure:
            return self.trouble(failure)
        return ""

    async def give(self, what: What, block_id: str, action_id: str, value: Any) -> str:
        """Fill in or choose; return what Slack says went wrong, if anything."""
        try:
            target = target_at(self.person.surface(what), block_id, action_id)
            await self.person.gives(target, value)
        except CouldNot as failure:
            return self.trouble(failure)
        return ""

    def trouble(self, failure: CouldNot) -> str:
        """Slack's words for a failure."""
        text = str(failure)
        if "operation_timeout" in text:
            return self.words("trouble.timeout")
        if "dispatch_failed" in text:
            return self.words("trouble.no-app")
        return self.words("trouble.other", what=text)
