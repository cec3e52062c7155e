"""The gate between the steps of an exercise: it lets them through, holds them, or leaves them to a human."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.activity import Activity, ActivityKind, ActivityLog
from sandbox.model import User
from sandbox.people.person import Person
from sandbox.people.visibility import BOT_PLACE, Seen
from sandbox.socket.interactions import Interactions
from sandbox.workspace import Changes, Workspace

#: Longer than anybody keeps a page open, in seconds.
_FOR_EVER = 1e8


@dataclass(frozen=True)
class Action:
    """The next step of an exercise."""

    who: str
    """The handle of whoever does it; empty when time passes."""
    kind: ActivityKind
    place: str
    text: str


class StepGate:
    """The gate that an exercise passes before each step.

    `pace` is how long a step stands announced before it is done, in seconds of real time.
    """

    def __init__(self, activity: ActivityLog, changes: Changes, pace: float = 0.0) -> None:
        self.pace = pace
        self.playing = False
        self.next: Action | None = None
        """The step that is announced and not yet done."""
        self.taken: set[str] = set()
        """The handles whose part a human plays."""
        self._changes = changes
        self._through = 0
        self._done_by_human = False
        self._actions: list[Activity] = []
        activity.subscribe(self._saw)

    def play(self) -> None:
        self.playing = True
        self._changes.notify()

    def pause(self) -> None:
        self.playing = False
        self._changes.notify()

    def step(self) -> None:
        """Let the announced step through, a human's too: then the exercise does it."""
        self._through += 1
        self._changes.notify()

    def skip(self) -> None:
        """The announced step is taken as done."""
        self._done_by_human = True
        self._changes.notify()

    def take(self, handle: str) -> None:
        """A human plays this part from now on."""
        self.taken.add(handle)
        self._changes.notify()

    def give_back(self, handle: str) -> None:
        """The exercise plays this part again."""
        self.taken.discard(handle)
        self._changes.notify()

    @property
    def waits_for_human(self) -> bool:
        """True if the announced step is a human's to do."""
        return self.next is not None and self.next.who in self.taken

    async def turn(self, action: Action) -> bool:
        """Wait for the turn of this step; True if it is done already, by a human."""
        self._done_by_human = False
        self._through = 0
        self.next = action
        self._look_back()
        self._changes.notify()
        if self.playing and not self.waits_for_human:
            await self._changes.until(lambda: not self.playing, self.pace)
        await self._changes.until(self._may_pass, _FOR_EVER)
        self.next = None
        self._changes.notify()
        return self._done_by_human

    def _may_pass(self) -> bool:
        return self._done_by_human or self._through > 0 or (self.playing and not self.waits_for_human)

    def _saw(self, entry: Activity) -> None:
        if entry.who in self.taken:
            self._actions.append(entry)
            self._look_back()

    def _look_back(self) -> None:
        """A human may be ahead of the exercise: what they have done since the last step counts too."""
        expected = self.next
        if expected is None or self._done_by_human or not self.waits_for_human:
            return
        for n, entry in enumerate(self._actions):
            if (entry.who, entry.kind) == (expected.who, expected.kind) and (
                expected.kind != "presses" or expected.text.casefold() in entry.text.casefold()
            ):
                del self._actions[: n + 1]
                self._done_by_human = True
                return


class Actor(Person):
    """A person whose actions a human may take over, one by one."""

    def __init__(
        self,
        ws: Workspace,
        interactions: Interactions,
        activity: ActivityLog,
        user: User,
        step_gate: StepGate,
    ) -> None:
        super().__init__(ws, interactions, activity, user)
        self._step_gate = step_gate

    async def _done_by_human(self, kind: ActivityKind, place: str, text: str) -> bool:
        return await self._step_gate.turn(Action(self.handle, kind, place, text))

    async def types(self, text: str, in_: str = "#generelt") -> Seen | None:
        """As a person does, unless a human has."""
        if await self._done_by_human("types", in_.removeprefix("#"), text):
            return None
        return await super().types(text, in_)

    async def writes(self, text: str, to: str = BOT_PLACE, *, in_thread: str | None = None) -> Seen:
        """As a person does; what a human has written instead is the newest there."""
        if await self._done_by_human("writes", to, text) and self.messages(to):
            return self.messages(to)[-1]
        return await super().writes(text, to, in_thread=in_thread)

    async def presses(self, label: str, in_: str | None = None, near: str | None = None, **how: Any) -> None:
        """As a person does, unless a human has."""
        if not await self._done_by_human("presses", in_ or "", label):
            await super().presses(label, in_, near, **how)

    async def fills(self, values: Mapping[str, Any], *, within: float | None = None) -> None:
        """As a person does, unless a human has."""
        told = "; ".join(f"{label}: {_in_words(value)}" for label, value in values.items())
        if not await self._done_by_human("fills", "modal", told):
            await super().fills(values, within=within)

    async def submits(self, *, within: float | None = None) -> dict[str, str]:
        """As a person does; of what a human has sent, the errors it came back with."""
        if not await self._done_by_human("submits", "modal", self.modal.title if self.modal else ""):
            return await super().submits(within=within)
        await self._interactions.rest()
        return self.modal.errors if self.modal else {}

    async def opens_home(self) -> str:
        """As a person does, unless a human has."""
        if await self._done_by_human("opens_home", "home", ""):
            return self.home
        return await super().opens_home()


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
