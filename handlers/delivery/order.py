"""The order in which messages to one person come: that in which they fell due, also after an outage.

What is tried again lets nothing pass that fell due later: for a minute from when something else has arrived,
to whomever; for two hours where nothing does, as in an outage. So no message holds the others up for ever.
It is of one process, and of its memory: to whom a row is, the database cannot read.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.notifications import Notification, Origin
from bot.usecases.ports import Claim, Clock

#: How long a message that does not arrive holds others up, in seconds: while others arrive, and at most.
PATIENCE, MOST = 60.0, 7200.0
#: How long one waits for the one before that is in hand, in seconds; then it passes one that has not been
#: tried in vain, and else makes room for other people's.
IN_HAND = 1.0
#: Between two that wait for the same one, in seconds.
GAP = 0.005
Recipient = tuple[str, bool]


@dataclass(slots=True)
class _Turn:
    """A message that is in hand, or tried again at `again`; `late` since it first did not arrive."""

    place: tuple[datetime, int]
    again: float | None = None
    late: float | None = None
    #: Monotonic time of the first arrival of another after this one failed.
    passed: float | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def holds_up(self, now: float) -> bool:
        """Return whether those after it wait for it."""
        if self.again is not None and now > self.again + PATIENCE:
            return False  # another process has it, or it is no more
        if self.passed is not None and now > self.passed + PATIENCE:
            return False
        return self.late is None or now < self.late + MOST

    def leave(self, again: float) -> None:
        self.again = again
        self.released.set()


class Order:
    """Turns of the messages that have been begun and have not arrived, by recipient."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns: dict[Recipient, dict[int, _Turn]] = {}

    async def wait(self, claim: Claim) -> timedelta | None:
        """Take the turn of a message. Return after how long to come again where another one is before it."""
        recipient, due_at = recipient_of(claim.notification), claim.notification.due_at
        if recipient is None or due_at is None:
            return None
        turns = self._turns.setdefault(recipient, {})
        mine = turns.setdefault(claim.id, _Turn((due_at, claim.id)))
        mine.again = None
        mine.released.clear()
        until = self._now() + IN_HAND
        while (first := _first_before(mine, turns, self._now())) is not None:
            now = self._now()
            if now >= until and not any(t.late for t in turns.values() if t.place < mine.place):
                return None  # it only takes long: nothing has been tried in vain
            if first.again is not None or now >= until:
                at = now + IN_HAND if first.again is None else max(first.again, now)
                # After those that wait as well, and have come before.
                before = [t.again for t in turns.values() if t.again is not None and t.place < mine.place]
                mine.leave(max([at, *before]) + GAP)
                return timedelta(seconds=max([at, *before]) + GAP - now)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(until - now):
                    await first.released.wait()
        return None

    def put_off(self, claim: Claim, after: timedelta) -> None:
        """It has not arrived, and is tried again after this long."""
        turn = self._turns_of(claim).get(claim.id)
        if turn is not None:
            now = self._now()
            turn.late = turn.late or now
            turn.leave(now + after.total_seconds())

    def over(self, claim: Claim, *, arrived: bool) -> None:
        """It has arrived, or nobody is to wait for it."""
        turns = self._turns_of(claim)
        turn = turns.pop(claim.id, None)
        if turn is not None:
            turn.released.set()
        recipient = recipient_of(claim.notification)
        if recipient is not None and not turns:
            self._turns.pop(recipient, None)
        if arrived:
            now = self._now()
            for late in (t for each in self._turns.values() for t in each.values() if t.late is not None):
                late.passed = late.passed or now

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _turns_of(self, claim: Claim) -> dict[int, _Turn]:
        recipient = recipient_of(claim.notification)
        return self._turns.get(recipient, {}) if recipient is not None else {}


def _first_before(mine: _Turn, turns: dict[int, _Turn], now: float) -> _Turn | None:
    before = [turn for turn in turns.values() if turn.place < mine.place and turn.holds_up(now)]
    return min(before, key=lambda turn: turn.place, default=None)


def recipient_of(notification: Notification) -> Recipient | None:
    """The person, apart for what is urgent. A room and a job have no order."""
    if notification.recipient is None or notification.kind.origin is Origin.JOB:
        return None
    return notification.recipient, notification.kind.urgent
