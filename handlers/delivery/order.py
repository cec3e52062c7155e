"""The order of messages to one person: the order in which they fell due, also after an outage.

A message that is retried holds up messages that fell due later: for a minute after another message, to
anybody, has arrived; for two hours if none arrives, as in an outage. So no message holds up others for ever.
The order is kept in one process's memory, because the database cannot read an entry's recipient.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.notifications import Notification, Origin
from bot.usecases.ports import Claim, Clock

#: Seconds that a message that does not arrive holds up others: while other messages arrive, and at most.
PATIENCE, MOST = 60.0, 7200.0
#: Seconds that a message waits for an earlier one in progress. Then it passes if no earlier one has failed;
#: otherwise it is put back, to make room for messages to other people.
IN_HAND = 1.0
#: Seconds between two messages that wait for the same earlier one.
GAP = 0.005
Recipient = tuple[str, bool]


@dataclass(slots=True)
class _Turn:
    """A message in progress, or retried at `again`; `late` is when it first failed to arrive."""

    recipient: Recipient
    place: tuple[datetime, int]
    again: float | None = None
    late: float | None = None
    #: Time of the first arrival of another message after this one failed.
    passed: float | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def holds_up(self, now: float) -> bool:
        """Return whether later messages wait for it."""
        if self.again is not None and now > self.again + PATIENCE:
            return False  # another process has it, or it is gone
        if self.passed is not None and now > self.passed + PATIENCE:
            return False
        return self.late is None or now < self.late + MOST

    def leave(self, again: float) -> None:
        self.again = again
        self.released.set()


class Order:
    """Turns of the messages that were started and have not arrived, by entry id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns: dict[int, _Turn] = {}

    async def wait(self, claim: Claim) -> timedelta | None:
        """Wait for a message's turn. Return the delay before a retry if an earlier message holds it up."""
        recipient, due_at = recipient_of(claim.notification), claim.notification.due_at
        if recipient is None or due_at is None:
            return None
        mine = self._turns.setdefault(claim.id, _Turn(recipient, (due_at, claim.id)))
        mine.again = None
        mine.released.clear()
        until = self._now() + IN_HAND
        while True:
            now = self._now()
            before = [t for t in self._turns.values() if t.recipient == recipient and t.place < mine.place]
            first = min((t for t in before if t.holds_up(now)), key=lambda turn: turn.place, default=None)
            if first is None or (now >= until and not any(t.late for t in before if t.holds_up(now))):
                return None  # an earlier message that has not failed only takes long
            if first.again is not None or now >= until:
                at = now + IN_HAND if first.again is None else max(first.again, now)
                # After the earlier messages that wait as well.
                at = max([at, *(t.again for t in before if t.again is not None)]) + GAP
                mine.leave(at)
                return timedelta(seconds=at - now)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(until - now):
                    await first.released.wait()

    def postpone(self, claim: Claim, after: timedelta) -> None:
        """Note that a message has not arrived, and is retried after `after`."""
        if (turn := self._turns.get(claim.id)) is not None:
            now = self._now()
            turn.late = turn.late or now
            turn.leave(now + after.total_seconds())

    def finish(self, claim: Claim, *, arrived: bool) -> None:
        """End a message's turn: it has arrived, or no message is to wait for it."""
        if (turn := self._turns.pop(claim.id, None)) is not None:
            turn.released.set()
        if arrived:
            now = self._now()
            for late in (turn for turn in self._turns.values() if turn.late is not None):
                late.passed = late.passed or now

    def _now(self) -> float:
        return self._clock.now().timestamp()


def recipient_of(notification: Notification) -> Recipient | None:
    """Return the person and the urgency: urgent messages have their own order. Rooms and jobs have none."""
    if notification.recipient is None or notification.kind.origin is Origin.JOB:
        return None
    return notification.recipient, notification.kind.urgent
