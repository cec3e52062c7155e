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


@dataclass(slots=True)
class _Queue:
    """The turns of one channel by message. Nothing is posted before `opens`; `free` is the next free turn."""

    opens: datetime
    free: datetime
    turns: dict[str, datetime] = field(default_factory=dict)

    def turn(self, op_id: str, *, urgent: bool) -> datetime:
        """Return a message's turn: it keeps the one that it has been given; an urgent one has the next."""
        if op_id not in self.turns:
            self.turns[op_id] = self.opens if urgent else self.free
            self.free += timedelta(0) if urgent else GAP
        return self.turns[op_id]


class Pace:
    """Turns for the channels that Slack says are written to too fast; other channels are posted to at once.

    A message that has to wait gets a turn and is retried then, so that messages to one channel are not all
    retried at once.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[str, _Queue] = {}

    def wait_for_turn(self, channel: str, op_id: str, *, urgent: bool = False) -> None:
        """Return if this message may be posted now.

        Raises:
            RetryAfter: it may not yet; it may after this delay.
        """
        now, queue = self._clock.now(), self._queues.get(channel)
        if queue is None:
            return
        if queue.free + FORGET < now:
            del self._queues[channel]
            return
        queue.free = max(queue.free, now)
        turn = queue.turn(op_id, urgent=urgent)
        if turn > now:
            raise RetryAfter(turn - now)
        del queue.turns[op_id]

    def refused(self, channel: str, op_id: str, after: timedelta, *, urgent: bool = False) -> RetryAfter:
        """Note that Slack accepts nothing in a channel for `after`; return when to retry this message.

        The others get new turns as they come.
        """
        now = self._clock.now()
        queue = self._queues[channel] = _Queue(now + after, now + after)
        return RetryAfter(queue.turn(op_id, urgent=urgent) - now)
