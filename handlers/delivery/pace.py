"""The pace of each channel, about one message a second with bursts (docs/slack-facts.md 12).

It is learnt from Slack's refusals.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.usecases.ports import Clock
from handlers.delivery.calls import RetryAfter

#: Between two messages to a channel that was written to too fast (docs/slack-facts.md 12).
GAP = timedelta(seconds=1)
#: A channel that has been left alone so long after its last turn takes bursts again.
FORGET = timedelta(seconds=5)
#: A turn that has not been used so long after it came belongs to a message that is no longer wanted.
UNUSED = timedelta(minutes=2)


class Pace:
    """Turns for the channels that Slack has said are written to too fast; to all others one posts at once.

    Who has to wait gets a turn and comes back then, so that what waits for one channel does not try again
    all at once. It is of one process: another one learns the same by itself.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free: dict[str, datetime] = {}
        self._posted: dict[str, datetime] = {}
        self._turns: dict[str, datetime] = {}

    def wait_for_turn(self, channel: str, op_id: str) -> None:
        """Go on if this message may be posted now.

        Raises:
            RetryAfter: it may not; after this long it may.
        """
        now = self._clock.now()
        if op_id not in self._turns:
            free = self._free.get(channel)
            if free is None or free + FORGET < now:
                self._free.pop(channel, None)
                self._posted.pop(channel, None)
                return
            self._give_turn(channel, op_id, max(free, now))
        # A message that came late for its turn puts off the one after it.
        turn = max(self._turns[op_id], self._posted.get(channel, now - GAP) + GAP)
        if turn > now:
            raise RetryAfter(turn - now)
        del self._turns[op_id]
        self._posted[channel] = now

    def refused(self, channel: str, op_id: str, after: timedelta) -> RetryAfter:
        """Slack has refused the message, and takes none for the channel before `after`: when to try again."""
        now = self._clock.now()
        self._turns = {key: turn for key, turn in self._turns.items() if turn + UNUSED > now}
        turn = max(now + after, self._free.get(channel, now))
        self._give_turn(channel, op_id, turn)
        return RetryAfter(turn - now)

    def _give_turn(self, channel: str, op_id: str, turn: datetime) -> None:
        self._turns[op_id] = turn
        self._free[channel] = turn + GAP
