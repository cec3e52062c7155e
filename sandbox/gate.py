"""The gate between the steps of an exercise: it lets them through, holds them, or leaves them to a human."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.changes import Pulse
from sandbox.moments import Moment, MomentKind, Moments

#: Longer than anybody keeps a page open, in seconds.
_FOR_EVER = 1e8


@dataclass(frozen=True)
class Deed:
    """The next step of an exercise."""

    who: str
    """The handle of whoever does it; empty when time passes."""
    kind: MomentKind
    place: str
    text: str


class Gate:
    """What an exercise asks before each step.

    `pace` is how long a step stands announced before it is done, in seconds of real time.
    """

    def __init__(self, moments: Moments, pulse: Pulse, pace: float = 0.0) -> None:
        self.pace = pace
        self.playing = False
        self.next: Deed | None = None
        """The step that is announced and not yet done."""
        self.taken: set[str] = set()
        """The handles whose part a human plays."""
        self._pulse = pulse
        self._through = 0
        self._done_by_human = False
        self._deeds: list[Moment] = []
        moments.subscribe(self._saw)

    def play(self) -> None:
        """Lets every step through."""
        self.playing = True
        self._pulse.beat()

    def pause(self) -> None:
        """Holds the next step."""
        self.playing = False
        self._pulse.beat()

    def step(self) -> None:
        """Lets the announced step through, a human's too: then the exercise does it."""
        self._through += 1
        self._pulse.beat()

    def skip(self) -> None:
        """The announced step is taken as done."""
        self._done_by_human = True
        self._pulse.beat()

    def take(self, handle: str) -> None:
        """A human plays this part from now on."""
        self.taken.add(handle)
        self._pulse.beat()

    def give_back(self, handle: str) -> None:
        """The exercise plays this part again."""
        self.taken.discard(handle)
        self._pulse.beat()

    @property
    def waits_for_human(self) -> bool:
        """True if the announced step is a human's to do."""
        return self.next is not None and self.next.who in self.taken

    async def turn(self, deed: Deed) -> bool:
        """Waits for the turn of this step; True if it is done already, by a human."""
        self._done_by_human = False
        self._through = 0
        self.next = deed
        self._look_back()
        self._pulse.beat()
        if self.playing and not self.waits_for_human:
            await self._pulse.until(lambda: not self.playing, self.pace)
        await self._pulse.until(self._may_pass, _FOR_EVER)
        self.next = None
        self._pulse.beat()
        return self._done_by_human

    def _may_pass(self) -> bool:
        return self._done_by_human or self._through > 0 or (self.playing and not self.waits_for_human)

    def _saw(self, moment: Moment) -> None:
        if moment.who in self.taken:
            self._deeds.append(moment)
            self._look_back()

    def _look_back(self) -> None:
        """A human may be ahead of the exercise: what they have done since the last step counts too."""
        expected = self.next
        if expected is None or self._done_by_human or not self.waits_for_human:
            return
        for n, moment in enumerate(self._deeds):
            if (moment.who, moment.kind) == (expected.who, expected.kind) and (
                expected.kind != "presses" or expected.text.casefold() in moment.text.casefold()
            ):
                del self._deeds[: n + 1]
                self._done_by_human = True
                return
