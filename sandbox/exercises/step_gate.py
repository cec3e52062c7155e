"""The gate before each step of an exercise: it lets a step pass, holds it, or leaves it to a human."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.activity import Activity, ActivityKind, ActivityLog
from sandbox.exercises.ways import Action, way
from sandbox.people.person import Person
from sandbox.people.ui_actions import in_words
from sandbox.people.visibility import BOT_PLACE, Seen
from sandbox.workspace import Changes

#: The longest that a step done for a human is announced, in seconds: they have asked for it.
_DONE_FOR_THEM = 1.0
#: Longer than anybody keeps a page open, in seconds.
_FOR_EVER = 1e8


class StepGate:
    """The gate that an exercise passes before each step.

    `pace` returns how long a step is announced before it is done, in seconds of real time.
    """

    def __init__(
        self, activity: ActivityLog, changes: Changes, pace: Callable[[Action], float] = lambda _: 0.0
    ) -> None:
        self._pace = pace
        self.playing = False
        self.next: Action | None = None
        """The step that is announced and not yet done."""
        self.began = -1
        """How long the activity log was when it was announced."""
        self.began_before = -1
        """How long it was when the step before was announced; below 0 if this is the first."""
        self.taken: set[str] = set()
        """The handles whose part a human plays."""
        self._changes = changes
        self._activity = activity
        self._through = 0
        self._finishing = ""
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
        """Let the exercise do the announced step, even if it is a human's.

        It also sends a form that the step opens, so that no human is left with a form they did not open.
        """
        self._through += 1
        if self.next is not None and self.next.who in self.taken:
            self._finishing = self.next.who
        self._changes.notify()

    def skip(self) -> None:
        """Treat the announced step as done."""
        self._done_by_human = True
        self._changes.notify()

    def take(self, handle: str) -> None:
        """Let a human play this part from now on."""
        self.taken.add(handle)
        self._changes.notify()

    def give_back(self, handle: str) -> None:
        """Let the exercise play this part again."""
        self.taken.discard(handle)
        self._changes.notify()

    @property
    def waits_for_human(self) -> bool:
        """True if a human has to do the announced step."""
        return self.next is not None and self.next.who in self.taken and self.next.who != self._finishing

    @property
    def _goes_on(self) -> bool:
        return (self.playing or bool(self._finishing)) and not self.waits_for_human

    async def turn(
        self, action: Action, reached: Callable[[], bool] = lambda: False, *, in_form: bool = False
    ) -> bool:
        """Wait for the turn of this step. Return whether a human has already done it.

        `reached` returns whether the result of the step is there, however the human got it; `in_form` says
        whether the step's person has a form open.
        """
        self._done_by_human = False
        self._through = 0
        if action.who != self._finishing or not in_form:
            self._finishing = ""
        self.began_before, self.began = self.began, len(self._activity)
        self.next = action
        self._look_back()
        self._changes.notify()
        await self._read(action)
        await self._changes.until(lambda: self._may_pass(reached), _FOR_EVER)
        self.next = None
        self._changes.notify()
        return self._done_by_human

    async def _read(self, action: Action) -> None:
        """Wait as long as the pace says, unless the exercise is paused, or let through."""
        stands = min(self._pace(action), _DONE_FOR_THEM) if self._finishing else self._pace(action)
        await self._changes.until(lambda: not self._goes_on or self._through, stands)

    def _may_pass(self, reached: Callable[[], bool]) -> bool:
        if self.waits_for_human and not self._done_by_human and reached():
            self._done_by_human = True
        return self._done_by_human or self._through > 0 or self._goes_on

    def _saw(self, entry: Activity) -> None:
        if entry.who in self.taken:
            self._actions.append(entry)
            self._look_back()

    def _look_back(self) -> None:
        """Count what a human has done since the last step, because they may be ahead of the exercise."""
        expected = self.next
        if expected is None or self._done_by_human or not self.waits_for_human:
            return
        for n, entry in enumerate(self._actions):
            if _is_it(entry, expected):
                del self._actions[: n + 1]
                self._done_by_human = True
                return


def _is_it(entry: Activity, expected: Action) -> bool:
    """Return whether an entry is the expected step: the same button or command. Typed texts may differ."""
    if (entry.who, entry.kind) != (expected.who, expected.kind):
        return False
    if expected.kind == "presses":
        return expected.text.casefold() in entry.text.casefold()
    return expected.kind != "types" or entry.text.split()[:2] == expected.text.split()[:2]


class Actor(Person):
    """A person whose actions a human may take over, one by one."""

    step_gate: StepGate

    @property
    def is_human(self) -> bool:
        """True if a human plays this part."""
        return self.handle in self.step_gate.taken

    async def _done_by_human(
        self, kind: ActivityKind, place: str, text: str, reached: Callable[[], bool] = lambda: False
    ) -> bool:
        in_form = self.modal is not None
        done = await self.step_gate.turn(Action(self.handle, kind, place, text), reached, in_form=in_form)
        if not done and place != "modal" and self.is_human and self.modal is not None:
            # A human has opened another form, which would be in the way.
            await super().closes(whole_stack=True)
        return done

    def _has_form(self, title: str) -> bool:
        return bool(title) and self.modal is not None and title in self.modal.title

    async def types(self, text: str, in_: str = "#generelt") -> Seen | None:
        """Type, unless a human has, or has opened the same form in another way."""
        title = way("types", text).form
        place = in_.removeprefix("#")
        if await self._done_by_human("types", place, text, lambda: self._has_form(title)):
            return None
        return await super().types(text, in_)

    async def writes(self, text: str, to: str = BOT_PLACE) -> Seen:
        """Write, unless a human has; then return the newest message there."""
        if await self._done_by_human("writes", to, text) and self.messages(to):
            return self.messages(to)[-1]
        return await super().writes(text, to)

    async def presses(self, label: str, in_: str | None = None, near: str | None = None, **how: Any) -> None:
        """Press, unless a human has, or has opened the same form in another way."""
        title = way("presses", label).form
        if not await self._done_by_human("presses", in_ or "", label, lambda: self._has_form(title)):
            await super().presses(label, in_, near, **how)

    async def fills(self, values: Mapping[str, Any], *, within: float | None = None) -> None:
        """Fill in, unless a human has, or has sent the form as it was."""
        told = "; ".join(f"{label}: {in_words(value)}" for label, value in values.items())
        before = len(self._activity)

        def sent() -> bool:
            since = self._activity.since(before)
            has_sent = any(each.kind == "submits" and each.who == self.handle for each in since)
            return has_sent or (self.is_human and not self._could_fill(values))

        if not await self._done_by_human("fills", "modal", told, sent):
            await super().fills(values, within=within)

    def _could_fill(self, values: Mapping[str, Any]) -> bool:
        labels = self.modal.labels() if self.modal is not None else []
        return all(any(label in each for each in labels) for label in values)

    async def submits(self, *, within: float | None = None) -> dict[str, str]:
        """Submit, unless a human has. Return the form's errors in both cases."""
        if not await self._done_by_human("submits", "modal", self.modal.title if self.modal else ""):
            return await super().submits(within=within)
        await self._interactions.rest()
        return self.modal.errors if self.modal else {}

    async def closes(self, *, whole_stack: bool = False, within: float | None = None) -> None:
        title = self.modal.title if self.modal else ""
        if not await self._done_by_human("closes", "modal", title, lambda: self.modal is None):
            await super().closes(whole_stack=whole_stack, within=within)

    async def opens_home(self) -> str:
        if await self._done_by_human("opens_home", "home", ""):
            return self.home
        return await super().opens_home()
