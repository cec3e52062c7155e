"""The pace of each channel, about one message a second with bursts (docs/slack-facts.md 12).

It is learnt from Slack's refusals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.usecases.ports import Clock
from handlers.delivery.calls import RetryAfter

#: Time between two messages to a channel that was written to too fast (docs/slack-facts.md 12).
GAP = timedelta(seconds=1)
#: A channel takes bursts again after this long without a turn.
FORGET = timedelta(seconds=5)
#: A turn that is unused for this long belongs to a message that is no longer wanted.
UNUSED = timedelta(seconds=10)


@dataclass(slots=True)
class _Turn:
    """When a message may be posted; `told` is when its delivery was told to come back."""

    at: datetime
    urgent: bool
    told: datetime

    @property
    def place(self) -> tuple[bool, datetime]:
        return not self.urgent, self.at


@dataclass(slots=True)
class _Queue:
    """The turns of one channel by message. Nothing is posted before `opens`; `free` is the next free turn."""

    opens: datetime
    free: datetime
    turns: dict[str, _Turn] = field(default_factory=dict)

    def give(self, op_id: str, *, urgent: bool) -> None:
        """Give a message the last turn; give an urgent one the last of the urgent turns."""
        at = self.opens if urgent else self.free
        self.turns[op_id] = _Turn(at, urgent, at)
        self._space()

    def close(self, until: datetime, now: datetime) -> None:
        """Allow nothing before `until`; earlier turns move back in the same order."""
        self.opens = max(self.opens, until)
        self.turns = {op_id: turn for op_id, turn in self.turns.items() if turn.told + UNUSED > now}
        self._space()

    def _space(self) -> None:
        """Put urgent messages first, and a gap between any two messages."""
        at = self.opens
        for turn in sorted(self.turns.values(), key=lambda turn: turn.place):
            turn.at = at = max(at, turn.at)
            at += GAP
        self.free = max(self.free, at)


class Pace:
    """Turns for the channels that Slack says are written to too fast; other channels are posted to at once.

    A message that has to wait gets a turn and is retried then, so that messages to one channel are not all
    retried at once. An urgent message gets the next turn and delays the others. Each process has its own
    turns, and learns the limits separately.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[str, _Queue] = {}

    def wait_for_turn(self, channel: str, op_id: str, *, urgent: bool = False) -> None:
        """Return if this message may be posted now.

        Raises:
            RetryAfter: it may not yet; it may after this delay.
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
        # A message that came late for its turn delays the later ones.
        queue.close(now + GAP, now)

    def refused(self, channel: str, op_id: str, after: timedelta, *, urgent: bool = False) -> RetryAfter:
        """Note that Slack accepts nothing in a channel for `after`; return when to retry this message."""
        now = self._clock.now()
        queue = self._queues.setdefault(channel, _Queue(now + after, now + after))
        queue.close(now + after, now)
        queue.give(op_id, urgent=urgent)
        return RetryAfter(queue.turns[op_id].at - now)
