"""The pace of each channel, about one message a second with bursts (docs/slack-facts.md 12).

It is learnt from Slack's refusals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.usecases.ports import Clock
from handlers.delivery.calls import RetryAfter

#: Between two messages to a channel that was written to too fast (docs/slack-facts.md 12).
GAP = timedelta(seconds=1)
#: A channel that has been left alone so long after its last turn takes bursts again.
FORGET = timedelta(seconds=5)
#: A turn for which nobody has come so long after they were to belongs to a message no longer wanted.
UNUSED = timedelta(seconds=10)


@dataclass(slots=True)
class _Turn:
    """When a message may be posted, and when whoever posts it was `told` to come back."""

    at: datetime
    urgent: bool
    told: datetime

    @property
    def place(self) -> tuple[bool, datetime]:
        return not self.urgent, self.at


@dataclass(slots=True)
class _Queue:
    """The turns of one channel by message. Nothing is taken before `opens`; `free` is nobody's turn yet."""

    opens: datetime
    free: datetime
    turns: dict[str, _Turn] = field(default_factory=dict)

    def give(self, op_id: str, *, urgent: bool) -> None:
        """Give the turn after all others, or, to what is urgent, after what is urgent too."""
        at = self.opens if urgent else self.free
        self.turns[op_id] = _Turn(at, urgent, at)
        self._space()

    def close(self, until: datetime, now: datetime) -> None:
        """Take nothing before then: what was to come earlier comes later, in the same order."""
        self.opens = max(self.opens, until)
        self.turns = {op_id: turn for op_id, turn in self.turns.items() if turn.told + UNUSED > now}
        self._space()

    def _space(self) -> None:
        """Put what is urgent first, and a gap between any two."""
        at = self.opens
        for turn in sorted(self.turns.values(), key=lambda turn: turn.place):
            turn.at = at = max(at, turn.at)
            at += GAP
        self.free = max(self.free, at)


class Pace:
    """Turns for the channels that Slack has said are written to too fast; to all others one posts at once.

    Who has to wait gets a turn and comes back then, so that what waits for one channel does not try again
    all at once. What is urgent has the next turn, and puts off the others. It is of one process: another one
    learns the same by itself.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[str, _Queue] = {}

    def wait_for_turn(self, channel: str, op_id: str, *, urgent: bool = False) -> None:
        """Go on if this message may be posted now.

        Raises:
            RetryAfter: it may not; after this long it may.
        """
        now = self._clock.now()
        queue = self._queues.get(channel)
        if queue is None:
            return
        if queue.free + FORGET < now:
            del self._queues[channel]
            return
        queue.close(now, now)
        if op_id not in queue.turns:
            queue.give(op_id, urgent=urgent)
        turn = queue.turns[op_id]
        if turn.at > now:
            turn.told = turn.at
            raise RetryAfter(turn.at - now)
        del queue.turns[op_id]
        # A message that came late for its turn puts off those after it.
        queue.close(now + GAP, now)

    def refused(self, channel: str, op_id: str, after: timedelta, *, urgent: bool = False) -> RetryAfter:
        """Slack has refused the message, and takes none for the channel before `after`: when to try again."""
        now = self._clock.now()
        queue = self._queues.setdefault(channel, _Queue(now + after, now + after))
        queue.close(now + after, now)
        queue.give(op_id, urgent=urgent)
        return RetryAfter(queue.turns[op_id].at - now)
