"""The dispatcher: claims due entries, delivers them, marks them. At least once to Slack, once for people."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot.domain.errors import NotActive, Overtaken
from bot.domain.notifications import Kind
from bot.logs import place_of
from bot.usecases.ports import LANDS_WITHIN, NOT_DELETED, Claim, Clock, Outbox, SetAside, UnitOfWork
from handlers.delivery.calls import (
    OF_ONE_CODES,
    NotDeleted,
    NotReady,
    NotYet,
    OutcomeUnknown,
    RetryAfter,
    SlackRefused,
    Undelivered,
    Unusable,
)
from handlers.delivery.metrics import DELIVERIES
from handlers.delivery.order import Order, recipient_of
from handlers.delivery.slack_time import WRONG_BY

log = structlog.get_logger(__name__)
#: Deliveries in progress at once.
CONCURRENCY = 8
#: Extra slots for urgent deliveries while the normal ones hang: a Slack method may not answer for seconds.
URGENT_MORE = 2
#: Seconds after which full slots count as hanging; faster answers free their slots in time.
HANG_SECONDS = 0.1
#: Longest sleep before looking again, in seconds of real time.
LONGEST_SLEEP = 1.0
#: Seconds after which a delivery is abandoned and retried.
TIME_LIMIT = 45.0
NOT_READY = timedelta(seconds=1)
#: Delay if the state changed meanwhile; the next attempt sees the new state.
RETRY_AFTER_CHANGE = timedelta(milliseconds=20)
#: `idle` also waits for entries due within this: the rest of a claim that stopped early, or a quick retry.
IN_A_MOMENT = timedelta(milliseconds=100)
#: How soon an uncertain attempt is looked at again, although the message's turn has not come.
LOOK_AGAIN = timedelta(minutes=1)
OUT_OF_ORDER = timedelta(minutes=1)
#: How long a refusal of the whole app is assumed to last after it was last met.
OUT_OF_ORDER_LASTS = 3 * OUT_OF_ORDER
#: Delay before an alert that cannot be delivered is retried.
TELL_AGAIN = timedelta(minutes=10)
#: Failures of our own, or refusals that need not be final, in a row after which an entry is given up.
MOST_FAULTS = 8
#: A code that this many recipients meet, with nobody reached in between, is about the whole app.
RECIPIENTS_TO_BLAME_APP = 3
#: Longest pause before a retry, however often the database or the delivery has failed.
LONGEST_PAUSE = timedelta(seconds=60)


class Deliveries(Protocol):
    """Delivers claimed entries (`handlers.delivery.deliverer`)."""

    def prepare(self, uow: UnitOfWork, claim: Claim, /) -> Any:
        """As `bot.usecases.ports.Prepare`."""

    def deliver(self, claim: Claim, /) -> Awaitable[object]:
        """Deliver an entry; return whether something new was posted. Raises a subclass of Undelivered."""

    def stands(self, claim: Claim, /) -> Awaitable[bool]:
        """Return whether an entry's message is in Slack after all; raises Undelivered if that is unknown."""

    def give_up(self, claim: Claim, code: str, /) -> Awaitable[None]:
        """Mark an entry as dead and tell the coordinators."""

    def leave_to_active(self, claim: Claim, /) -> Awaitable[None]:
        """Leave an entry to the process that is now active."""

    def set_aside(self, rows: Sequence[SetAside], /) -> Awaitable[None]:
        """Report unreadable entries."""


class Dispatcher:
    """Delivers the outbox until it is stopped.

    `ahead` tells how far our clock is ahead of Slack's, `active` whether this process is active.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        deliveries: Deliveries,
        *,
        ahead: Callable[[], timedelta] = timedelta,
        active: Callable[[], bool] = lambda: True,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._deliveries = deliveries
        self._ahead = ahead
        self._active = active
        self._order = Order(clock)
        self._tasks: set[asyncio.Future[None]] = set()
        #: `_stirred` wakes the loop; `_look_due` tells whether to look for due entries then.
        self._stirred = asyncio.Event()
        self._look_due = False
        self._looked = asyncio.Condition()
        self._claiming = asyncio.Lock()
        self._stopping = False
        #: Whether the last look found nothing due soon; whether more may be due than there were slots.
        self._quiet = False
        self._more = False
        self._looked_at = time.monotonic()
        #: Slack's code for what an operator has to fix, and when an entry last met it, by entry id.
        self._out_of_order: dict[int, tuple[str, datetime]] = {}
        #: The recipients that have met each other code since somebody was last reached.
        self._met: dict[str, set[str]] = {}
        outbox.on_enqueue(self.notify)

    @property
    def refusal(self) -> str | None:
        """Slack's code for what an operator has to fix, until its entry is delivered or no longer tried."""
        return next((code for code, _ in self._still_out_of_order().values()), None)

    def _still_out_of_order(self) -> dict[int, tuple[str, datetime]]:
        """Return the codes met lately; an entry that no longer waits, for whatever reason, drops out."""
        since = self._clock.now() - OUT_OF_ORDER_LASTS
        return {id: met for id, met in self._out_of_order.items() if met[1] > since}

    def looks_on(self, within: float) -> bool:
        """Return whether its loop has gone round in the last `within` seconds, even if it claimed nothing."""
        return time.monotonic() - self._looked_at < within

    def notify(self) -> None:
        """Look for due entries at once: something was enqueued or put back, or the clock was moved."""
        self._quiet = False
        self._look_again()

    def _look_again(self) -> None:
        self._look_due = True
        self._stirred.set()

    async def run(self) -> None:
        """Claim and deliver until `stop`; raises what prevents that, and can then be run again."""
        while not self._stopping:
            await self._turn()

    async def _turn(self) -> None:
        self._look_due = False
        self._looked_at = time.monotonic()
        if len(self._tasks) >= CONCURRENCY:
            await asyncio.wait(self._tasks, timeout=HANG_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        full = len(self._tasks) >= CONCURRENCY
        free_slots = CONCURRENCY + (URGENT_MORE if full else 0) - len(self._tasks)
        wait, due_in, looked = LONGEST_SLEEP, None, False
        if free_slots > 0 and self._active() and not self._stopping:
            async with self._claiming:
                claimed = await self._outbox.claim(
                    free_slots, urgent=full, ahead=self._wrong_by, prepare=self._deliveries.prepare
                )
                for claim in claimed.rows:
                    self._begin(self._one(claim))
                if claimed.set_aside:
                    self._begin(self._deliveries.set_aside(claimed.set_aside))
            self._more = full or len(claimed.rows) == free_slots
            if len(claimed.rows) == free_slots:
                return
            due_in, looked = claimed.due_in, True
            if due_in is not None and not full:
                # An entry that is due was not claimed: the claim stopped early.
                wait = min(
                    (due_in if due_in > timedelta(0) else RETRY_AFTER_CHANGE).total_seconds(), LONGEST_SLEEP
                )
        rests = looked and (due_in is None or due_in > IN_A_MOMENT)
        await self._sleep(time.monotonic() + wait, rests=rests)

    async def _sleep(self, until: float, *, rests: bool) -> None:
        """Wait until `until` (monotonic) or the next look; `rests` tells `idle` that nothing is due soon."""
        while not self._look_due and (left := until - time.monotonic()) > 0:
            self._stirred.clear()
            if not self._tasks:
                self._quiet = rests
                async with self._looked:
                    self._looked.notify_all()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._stirred.wait()

    def _wrong_by(self) -> timedelta:
        ahead = self._ahead()
        return ahead if ahead > WRONG_BY else timedelta(0)

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[None]) -> None:
        """Free a slot, and look again if more was due than there were slots. The last task wakes `idle`."""
        self._tasks.discard(task)
        self._look_due = self._look_due or self._more
        if self._more or not self._tasks:
            self._stirred.set()

    async def _one(self, claim: Claim) -> None:
        try:
            await self._deliver_and_mark(claim)
        except NotActive:
            await self._once_it_answers(partial(self._deliveries.leave_to_active, claim))
            self._outbox.release(claim)
        except Exception as error:
            kind = claim.notification.kind.value
            log.error("delivery.unmarked", error=type(error).__name__, kind=kind, row=claim.id)
            self._order.finish(claim, arrived=False)
            retry = partial(self._outbox.retry, claim, LANDS_WITHIN, counts=True, faults=claim.faults)
            await self._once_it_answers(retry)
            self._outbox.release(claim)

    async def _once_it_answers(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Repeat a database call for as long as the database is down."""
        while True:
            try:
                await ask()
                return
            except NotActive:
                return
            except Exception as error:
                if not (isinstance(error, Overtaken) or self._outbox.is_outage(error)):
                    log.error("delivery.failed", error=type(error).__name__, at=place_of(error))
                    return
            await asyncio.sleep(LONGEST_SLEEP)

    async def _deliver_and_mark(self, claim: Claim) -> None:
        first = await self._order.wait(claim)
        if first is not None:
            await self._outbox.retry(claim, first, counts=claim.attempts > 1, faults=claim.faults)
            return
        try:
            async with asyncio.timeout(TIME_LIMIT):
                said = await self._deliveries.deliver(claim)
            await self._outbox.end(claim)
        except NotActive:
            raise
        except Overtaken:
            await self._again(claim, RETRY_AFTER_CHANGE)
        except NotReady:
            self._order.finish(claim, arrived=False)
            await self._outbox.retry(claim, NOT_READY, counts=claim.attempts > 1)
        except NotYet as error:
            self._order.finish(claim, arrived=False)
            # What an uncertain attempt left is not put off for long.
            tried = claim.attempts > 1
            after = min(error.after, LOOK_AGAIN) if tried else error.after
            await self._outbox.retry(claim, after, counts=tried, due=not tried)
        except RetryAfter as error:
            await self._again(claim, error.after)
        except (OutcomeUnknown, TimeoutError) as error:
            why = str(error) or type(error).__name__
            log.warning("delivery.uncertain", why=why, kind=claim.notification.kind.value, row=claim.id)
            DELIVERIES.labels("uncertain").inc()
            await self._again(claim, max(LANDS_WITHIN, _pause(claim.attempts)), counts=True)
        except Unusable as error:
            await self._is_out_of_order(claim, error.code)
        except SlackRefused as error:
            await self._refused(claim, error.code)
        except NotDeleted:
            # This was a deletion: no message was lost, and the code that deletes reports what stays.
            await self._outbox.end(claim, NOT_DELETED)
            self._order.finish(claim, arrived=True)
        except Exception as error:
            await self._fault(claim, error)
        else:
            self._out_of_order.pop(claim.id, None)
            if said and recipient_of(claim.notification) is not None:
                self._met.clear()
            # A job that does not call Slack succeeds in an outage too.
            self._order.finish(claim, arrived=bool(said))

    async def _is_out_of_order(self, claim: Claim, code: str) -> None:
        """Retry later: no entry is given up because Slack refuses the whole app."""
        log.error("slack.unusable", code=code, kind=claim.notification.kind.value)
        self._out_of_order = {**self._still_out_of_order(), claim.id: (code, self._clock.now())}
        DELIVERIES.labels("unusable").inc()
        await self._again(claim, OUT_OF_ORDER)

    async def _refused(self, claim: Claim, code: str) -> None:
        """Give up an entry refused for its recipient or content, or in a room, with any code.

        Another code is retried until MOST_FAULTS, or until it is about the whole app.
        """
        log.warning("delivery.refused", code=code, kind=claim.notification.kind.value, row=claim.id)
        to = recipient_of(claim.notification)
        if to is not None and code not in OF_ONE_CODES:
            met = self._met.setdefault(code, set())
            met.add(to[0])
            if len(met) >= RECIPIENTS_TO_BLAME_APP:
                await self._is_out_of_order(claim, code)
                return
            if claim.faults + 1 < MOST_FAULTS:
                await self._again(claim, _pause(claim.faults + 1), faults=claim.faults + 1)
                return
        await self._give_up(claim, code)
        self._order.finish(claim, arrived=True)

    async def _again(self, claim: Claim, after: timedelta, *, counts: bool = False, faults: int = 0) -> None:
        """Retry after `after`; messages to the same person do not pass meanwhile."""
        self._order.postpone(claim, after)
        await self._outbox.retry(claim, after, counts=counts or claim.attempts > 1, faults=faults)

    async def _fault(self, claim: Claim, error: Exception) -> None:
        name = type(error).__name__
        kind, at = claim.notification.kind.value, place_of(error)
        log.error("delivery.failed", error=name, at=at, kind=kind, row=claim.id)
        DELIVERIES.labels("failed").inc()
        if self._outbox.is_outage(error):
            await self._again(claim, _pause(claim.attempts), counts=True)
            return
        self._order.finish(claim, arrived=False)
        faults = claim.faults + 1
        if faults < MOST_FAULTS:
            await self._outbox.retry(claim, _pause(faults), counts=True, faults=faults)
            return
        # An earlier attempt may have succeeded; a message that is in Slack must not be reported as lost.
        try:
            async with asyncio.timeout(TIME_LIMIT):
                stands = claim.attempts > 1 and await self._deliveries.stands(claim)
        except (Undelivered, TimeoutError):
            await self._outbox.retry(claim, LANDS_WITHIN, counts=True, faults=claim.faults)
            return
        except Exception as fault:
            log.error(
                "delivery.failed", error=type(fault).__name__, at=place_of(fault), kind=kind, row=claim.id
            )
            stands = False
        await (self._outbox.end(claim) if stands else self._give_up(claim, name))

    async def _give_up(self, claim: Claim, code: str) -> None:
        """Mark an entry as dead and tell the coordinators.

        The alert that something has not arrived is itself never given up.
        """
        if claim.notification.kind is Kind.NOT_DELIVERED:
            await self._outbox.retry(claim, TELL_AGAIN, counts=claim.attempts > 1)
            return
        await self._deliveries.give_up(claim, code)
        DELIVERIES.labels("dead").inc()

    async def idle(self) -> None:
        """Wait until nothing is due and no delivery is in progress."""
        self.notify()
        async with self._looked:
            await self._looked.wait_for(lambda: self._quiet and not self._tasks)

    async def stop(self, grace: float = 6.0) -> None:
        """Claim no more, and give running deliveries `grace` seconds; the next start retries the rest."""
        self._stopping = True
        self._look_again()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                # A claim in progress counts as running too.
                async with self._claiming:
                    pass
                while self._tasks:
                    await asyncio.wait(set(self._tasks))
        for task in set(self._tasks):
            task.cancel()


def _pause(failures: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(failures, 6)), LONGEST_PAUSE)
