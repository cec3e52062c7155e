"""The outbox: claims and marks the entries of the ledgers that wait to be delivered.

On PostgreSQL the time is the database's, plus the offset of our clock: a process that takes over with a wrong
clock agrees on what is due.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.errors import causes
from bot.domain.notifications import URGENT, Kind
from bot.domain.overview.told import is_waited_for
from bot.usecases.ports import NOT_DELETED, Claim, Claimed, Clock, Prepare, SetAside, UpToDate
from storage.crypto.master_key import KeyLost
from storage.ledgers.clock_steps import NO_TIME, STEP, ClockSteps, moment, undo
from storage.ledgers.ledger import KEPT_ENDED, Due, Entry, Ledger, State, Summary, scope_of
from storage.rewriting import rewrite, write_together
from storage.schema.infrastructure import installation, receipts
from storage.transactions import Transactions
from storage.unit_of_work import SqlUnitOfWork

#: Errors of a lock, a disk or a connection, which an operator fixes; the failed work is retried.
OUTAGES = (OperationalError, InternalError, InterfaceError, PoolTimeout, sqlite3.OperationalError)
KEEP_RECEIPTS = timedelta(days=7)
#: For this long after a backup was put back, a message posted for the first time may be in Slack already.
READ_BACK_FOR = timedelta(days=1)
#: How many entries with nothing to do one call of `claim` ends at most: others wait to write.
MOST_ENDED_AT_CLAIM = 32
#: How long one call of `claim` goes on at most, in seconds.
LONGEST_CLAIM = 0.25
#: Urgent kinds of which a later message to the same person says the same; of others each is about its own.
_SAME_LATER = frozenset(
    {Kind.ACKNOWLEDGEMENT, Kind.CASE_ACKNOWLEDGEMENT, Kind.SUMMONS, Kind.CALL_LIST, Kind.ROOM_TROUBLE}
)
ANY_TIME = datetime.max.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)
T = TypeVar("T")
#: Changes an entry; returns whether the dispatcher has to look for due entries.
Change = Callable[[Ledger, Entry, datetime], bool]


@dataclass(frozen=True, slots=True)
class LastRestore:
    """When a backup was put back, and when it had been made."""

    at: datetime
    made_at: datetime


@dataclass(slots=True)
class _ClaimRun:
    """The state of one call of `claim`: the entries claimed, ended, held back or set aside so far."""

    uow: SqlUnitOfWork
    now: datetime
    prepare: Prepare | None
    in_hand: set[int]
    claims: list[Claim] = field(default_factory=list)
    #: Ids of the entries that wait until their room's membership is reconciled.
    behind: set[int] = field(default_factory=set)
    aside: list[SetAside] = field(default_factory=list)
    #: Scopes of the ledgers that do not open.
    unreadable: set[str] = field(default_factory=set)
    ended: int = 0


class SqlOutbox:
    """An `Outbox` for the dispatcher, the daily jobs and health.

    `reading_unit` returns a unit of work that only reads; `check_active` raises NotActive if another process
    has taken over.
    """

    def __init__(
        self,
        transactions: Transactions,
        clock: Clock,
        *,
        reading_unit: Callable[[Connection], SqlUnitOfWork],
        check_active: Callable[[Connection], None],
    ) -> None:
        self._transactions = transactions
        self._reading_unit = reading_unit
        self._check_active = check_active
        self._clock = clock
        self._wake: Callable[[], None] | None = None
        #: Ids of the claimed entries; only this process delivers, since only one process works.
        self._in_hand: set[int] = set()
        #: Ids of the entries that this process has tried and will retry.
        self._tried: set[int] = set()
        #: Scopes in which entries wait until the room's membership is reconciled.
        self._behind: set[str] = set()
        self._steps = ClockSteps(clock)
        self._restored: LastRestore | None = None
        #: Scopes of the ledgers that have been reported as unreadable.
        self._reported: set[str] = set()

    async def claim(
        self,
        limit: int,
        *,
        urgent: bool = False,
        ahead: Callable[[], timedelta] = timedelta,
        prepare: Prepare | None = None,
    ) -> Claimed:
        """As `Outbox.claim`: urgent entries first, or only those; then the longest due."""
        run, due_in = await self._transactions.write(
            lambda connection: self._claim(connection, limit, prepare, urgent=urgent, ahead=ahead)
        )
        self._in_hand.update(ids := {claim.id for claim in run.claims})
        self._tried -= ids
        self._steps.keep()
        for _ in run.unreadable - self._reported:
            run.aside.append(SetAside(0, "ledger", None, KeyLost.__name__))
        self._reported = run.unreadable
        for aside in run.aside:
            log.error("outbox.set-aside", kind=aside.kind, row=aside.id, error=aside.error)
        return Claimed(run.claims, due_in, run.aside)

    async def start(self) -> None:
        """Retry what was set aside: this version may read it, or the key store may now be the right one.

        Undo a step back of the clock, which may have happened while no process ran.
        """

        def start(connection: Connection) -> LastRestore | None:
            ledgers, now = self._changing_unit(connection).ledgers, moment(connection, self._clock)
            ledgers.forget_unreadable()

            def begin(entry: Entry) -> bool:
                if entry.state is State.SET_ASIDE:
                    entry.state, entry.next_at, entry.reason = State.PENDING, now, None
                    return True
                return undo(entry, -STEP, now)

            ledgers.change_entries(
                lambda each: each.set_aside > 0 or any(due.follows_clock_steps for due in each.due),
                begin,
            )
            return _last_restore(connection)

        self._reported.clear()
        self._restored = await self._transactions.write(start)

    def _claim(
        self,
        connection: Connection,
        limit: int,
        prepare: Prepare | None,
        *,
        urgent: bool,
        ahead: Callable[[], timedelta],
    ) -> tuple[_ClaimRun, timedelta | None]:
        now, step = self._steps.look(connection)
        looked_at, wrong_by = time.monotonic(), ahead()
        trusted = now - wrong_by if wrong_by > NO_TIME else ANY_TIME
        uow = self._changing_unit(connection)
        ledgers = uow.ledgers
        if step is not None:
            ledgers.change_entries(lambda each: bool(each.due), lambda entry: undo(entry, step, now))
        run = _ClaimRun(uow, now, prepare, set(self._in_hand))
        ready = deque(_ready(run, trusted, urgent=urgent))
        while ready and run.ended < MOST_ENDED_AT_CLAIM and len(run.claims) < limit:
            if time.monotonic() > looked_at + LONGEST_CLAIM:
                break
            ready.extend(self._claim_entry(run, *ready.popleft()))
        ledgers.flush()
        due_in = None
        if len(run.claims) < limit:
            due_in = _next_due_in(ledgers.waiting(), now, trusted, run.in_hand | run.behind)
        if due_in is not None:
            # With thousands of ledgers the claim itself takes time.
            due_in -= timedelta(seconds=time.monotonic() - looked_at)
        return run, due_in

    def _claim_entry(self, run: _ClaimRun, due: Due, scope: str) -> Iterable[tuple[Due, str]]:
        """Claim an entry, unless it waits for its room, has nothing to do, or cannot be read.

        Return the entries that its preparation has enqueued: they are all due.
        """
        try:
            ledger = run.uow.ledgers.load(scope)
        except KeyLost:
            run.unreadable.add(scope)
            return ()
        entry = None if ledger is None else ledger.entry(due.id)
        if ledger is None or entry is None:
            return ()
        try:
            if entry.is_said_in_room and ledger.room_comes_first(run.now, run.in_hand):
                run.behind.add(entry.id)
                # Needlessly if this transaction is rolled back: then the dispatcher only looks once more.
                self._behind.add(scope)
                return ()
            ledger.changed = True
            claim = self._begin_attempt(run.uow, ledger, entry)
            # After an uncertain attempt the delivery reads Slack back first.
            if run.prepare is not None and claim.attempts == 1:
                prepared = run.prepare(run.uow, claim)
                claim = replace(claim, prepared=prepared, prepared_at=time.monotonic())
            follow_ups = _follow_ups(run, ledger)
        except (KeyLost, ValueError, TypeError) as error:
            entry.state, entry.reason = State.SET_ASIDE, type(error).__name__
            run.aside.append(SetAside(entry.id, entry.kind, ledger.case_id, type(error).__name__))
            return ()
        if claim.prepared is UpToDate.UP_TO_DATE:
            ledger.end(entry, claim, run.now)
            run.ended += 1
        else:
            run.claims.append(claim)
            run.in_hand.add(claim.id)
        return follow_ups

    def _begin_attempt(self, uow: SqlUnitOfWork, ledger: Ledger, entry: Entry) -> Claim:
        """Count an attempt at an entry, and return its claim.

        Raises:
            KeyLost, ValueError, TypeError: nobody can read it; it is neither tried nor given up.
        """
        if not uow.documents.opens(ledger.scope):
            raise KeyLost(f"{ledger.scope} cannot be opened")
        claim = ledger.claim_of(entry)
        inherited = entry.attempts > 0 and entry.id not in self._tried
        # An entry that was put off was not on its way.
        may_arrive = inherited and not entry.is_put_off
        entry.attempts += 1
        # A claimed entry is due at its own time.
        entry.next_at = entry.due_at
        claim = replace(claim, attempts=entry.attempts, inherited=inherited, may_arrive=may_arrive)
        back = self._restored
        if back is None or self._clock.now() > back.at + READ_BACK_FOR:
            return claim
        # This entry, or one like it with the same key, may have been posted before the backup was put back.
        claim = replace(claim, attempts=max(claim.attempts, 2))
        later = claim.enqueued_at > back.made_at
        return replace(claim, enqueued_at=back.made_at, restored=True) if later else claim

    def _changing_unit(self, connection: Connection) -> SqlUnitOfWork:
        """Return a unit of work whose ledgers may be changed; the caller flushes them."""
        self._check_active(connection)
        return self._reading_unit(connection)

    async def end(self, claim: Claim, given_up: str | None = None) -> None:
        """As `Outbox.end`; the entry is pending again if it was requested since the claim."""
        if claim.id in self._in_hand:
            await self._mark(claim, lambda ledger, entry, now: ledger.end(entry, claim, now, given_up))

    async def retry(
        self, claim: Claim, after: timedelta, *, counts: bool, faults: int = 0, due: bool = False
    ) -> None:
        """As `Outbox.retry`. Notify the dispatcher: the entry may be due before the one it waits for."""

        def again(ledger: Ledger, entry: Entry, now: datetime) -> bool:
            entry.next_at = now + after
            if due:
                entry.due_at = entry.next_at
            entry.attempts -= 0 if counts else 1
            entry.faults = faults
            ledger.changed = True
            return True

        if counts or claim.attempts > 1:
            self._tried.add(claim.id)
        await self._mark(claim, again)

    async def _mark(self, claim: Claim, change: Change) -> None:
        """Change the entry of a claim, unless it is erased, and release the claim."""

        def mark(connection: Connection) -> bool:
            ledgers, now = self._changing_unit(connection).ledgers, moment(connection, self._clock)
            ledger = ledgers.load(scope_of(claim.notification))
            entry = None if ledger is None else ledger.entry(claim.id)
            pending = ledger is not None and entry is not None and change(ledger, entry, now)
            ledgers.flush()
            return pending

        # A stop cancels the delivery, but what it has done is a fact.
        pending = await asyncio.shield(self._transactions.write(mark))
        self.release(claim)
        if pending:
            self.notify()

    def release(self, claim: Claim) -> None:
        self._in_hand.discard(claim.id)
        scope = scope_of(claim.notification)
        if claim.notification.kind is Kind.ROOM and scope in self._behind:
            self._behind.discard(scope)
            self.notify()

    @property
    def database_clock_ahead(self) -> timedelta:
        """How far the database's clock was ahead of this machine's when entries were last claimed."""
        return self._steps.databases

    def is_outage(self, error: BaseException) -> bool:
        return any(isinstance(each, OUTAGES) for each in causes(error))

    async def begun(self, claim: Claim, op_id: str) -> bool:
        return await self._has_entry(claim, lambda entry, _: entry.op_id == op_id and entry.begun)

    async def case_is_busy(self, claim: Claim) -> bool:
        """As `Outbox.case_is_busy`; also if a message of a process that is gone may still arrive."""

        def has(entry: Entry, now: datetime) -> bool:
            # After a restore, entries that are not due yet have attempts too. A mail leaves nothing in Slack,
            # and may wait for its server for days.
            begun = entry.begun and entry.due_at <= now and entry.kind != Kind.MAIL_INVITE
            in_hand = entry.id in self._in_hand
            return entry.id != claim.id and (begun or in_hand or entry.kind == Kind.COPIES)

        return await self._has_entry(claim, has)

    async def _has_entry(self, claim: Claim, which: Callable[[Entry, datetime], bool]) -> bool:
        """Return whether the ledger of a claim has an unfinished entry that `which` selects."""

        def look(uow: SqlUnitOfWork, now: datetime) -> bool:
            ledger = uow.ledgers.load(scope_of(claim.notification))
            return ledger is not None and any(which(entry, now) for entry in ledger.unfinished())

        return await self._look(look)

    async def _look(self, look: Callable[[SqlUnitOfWork, datetime], T]) -> T:
        return await self._transactions.read(
            lambda connection: look(self._reading_unit(connection), moment(connection, self._clock))
        )

    def on_enqueue(self, callback: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()

        def call() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(callback)

        self._wake = call

    def notify(self) -> None:
        """Call the `on_enqueue` callback; safe from any thread."""
        if self._wake is not None:
            self._wake()

    async def next_due_in(self) -> timedelta | None:
        """Return how long until the next entry is due (negative when overdue), None when there is none."""
        return await self._look(
            lambda uow, now: _next_due_in(uow.ledgers.waiting(), now, ANY_TIME, self._in_hand)
        )

    async def oldest_due(self) -> timedelta | None:
        """Return how long the oldest due entry has waited, None if none is due.

        An entry that is claimed, or put off because it could not be delivered, counts from when it was due.
        """

        def look(uow: SqlUnitOfWork, now: datetime) -> timedelta | None:
            oldest = min((known.oldest for known in uow.ledgers.waiting() if known.oldest), default=now)
            return now - oldest if oldest < now else None

        return await self._look(look)

    async def given_up(self) -> dict[tuple[str, bool], int]:
        """Count entries given up and not requested since, by kind and whether somebody waits for them.

        Somebody waits for a summons or an alert while its case is open and nobody has taken care of it.
        """

        def look(uow: SqlUnitOfWork, _now: datetime) -> dict[tuple[str, bool], int]:
            dead = [scope for scope, known in uow.ledgers.all() if known.dead]
            return Counter(
                (entry.kind, _is_waited_for(uow, ledger, entry))
                for ledger in filter(None, map(uow.ledgers.load, dead))
                for entry in ledger.entries.values()
                if entry.state is State.DEAD
            )

        return await self._look(look)

    async def busy(self) -> frozenset[str]:
        """Return the scopes in which an entry is due or has been given up."""

        def look(uow: SqlUnitOfWork, now: datetime) -> frozenset[str]:
            return frozenset(
                scope
                for scope, known in uow.ledgers.all()
                if known.dead or (known.next_at is not None and known.next_at <= now)
            )

        return await self._look(look)

    async def set_aside_count(self) -> int:
        """Return how many entries cannot be read; a ledger that does not open counts as one."""
        return await self._look(
            lambda uow, _: sum(each.set_aside + (not each.readable) for _, each in uow.ledgers.all())
        )

    async def tidy(self) -> tuple[int, int]:
        """Forget old entries and receipts, return how many, and leave no trace of what was written together.

        That would link a case to the log entries written with it. PostgreSQL keeps which transaction last
        wrote a row (`xmin`), so all documents and ledgers are rewritten in one, in the order of their ids.
        SQLite's WAL keeps the pages of each transaction in order, and is emptied.
        """
        now = self._clock.now()

        def forget(connection: Connection) -> tuple[int, int]:
            write_together(connection)
            uow = self._changing_unit(connection)
            old = delete(receipts).where(receipts.c.received_at < now - KEEP_RECEIPTS)
            return uow.ledgers.forget_ended(now - KEPT_ENDED), connection.execute(old).rowcount

        forgotten = await self._transactions.write(forget, lambda _: self._transactions.scrub())
        await rewrite(self._transactions)
        return forgotten


def _ready(run: _ClaimRun, trusted: datetime, *, urgent: bool) -> list[tuple[Due, str]]:
    """Return due entries that are not claimed, with scopes: urgent ones first, then the longest due."""
    ready: list[tuple[Due, str]] = []
    for scope, known in run.uow.ledgers.all():
        if not known.readable:
            run.unreadable.add(scope)
        if known.next_at is not None and known.next_at <= run.now:
            ready.extend(
                (due, scope)
                for due in known.due
                if due.id not in run.in_hand and _is_ready(due, run.now, trusted, urgent=urgent)
            )
    return sorted(ready, key=lambda each: each[0].rank)


def _follow_ups(run: _ClaimRun, ledger: Ledger) -> list[tuple[Due, str]]:
    """Enqueue the notifications that a preparation left, and return them with their scope."""
    if not run.uow.notifications:
        return []
    before = {entry.id for entry in ledger.unfinished()}
    run.uow.ledgers.enqueue(run.uow.notifications, run.now)
    run.uow.notifications.clear()
    return [(due, ledger.scope) for due in ledger.summary().due if due.id not in before]


def _next_due_in(
    waiting: Iterable[Summary], now: datetime, trusted: datetime, but: Container[int]
) -> timedelta | None:
    """Return how long until the first entry is due, of all `but` the claimed ones."""
    first: list[datetime] = []
    for known in waiting:
        if known.next_at is not None and known.next_at > now:
            first.append(known.next_at)
        else:
            due = (each for each in known.due if each.id not in but)
            first.extend(each.next_at for each in due if each.next_at > now or not _is_held(each, trusted))
    return min(first) - now if first else None


def _is_ready(due: Due, now: datetime, trusted: datetime, *, urgent: bool) -> bool:
    return due.next_at <= now and not _is_held(due, trusted) and (due.urgent or not urgent)


def _is_held(due: Due, trusted: datetime) -> bool:
    """Return whether it is due at a time of day that has not come yet by the trusted clock."""
    return due.timed and due.due_at > trusted


def _last_restore(connection: Connection) -> LastRestore | None:
    """Return when a backup was last put back; None if none was."""
    row = connection.execute(select(installation.c.restored_at, installation.c.restored_from)).one_or_none()
    return None if row is None or row.restored_at is None else LastRestore(row.restored_at, row.restored_from)


def _is_waited_for(uow: SqlUnitOfWork, ledger: Ledger, entry: Entry) -> bool:
    """Return whether a dead entry was urgent and still is for its reader, and nobody has taken care of it."""
    # A message that Slack refuses to delete has arrived.
    if ledger.case_id is None or entry.kind not in URGENT or entry.reason == NOT_DELETED:
        return False
    try:
        file, told = uow.case_file(ledger.case_id), ledger.notification(entry)
    except (KeyLost, ValueError, TypeError):
        return True
    alike = ledger.find({"subject": told.subject, "kind": told.kind, "person_id": told.recipient})
    arrived = any(
        posted.posted_at > entry.enqueued_at and (told.kind in _SAME_LATER or posted.params == told.params)
        for posted in alike
    )
    return file is not None and not arrived and is_waited_for(file, told, entry.enqueued_at)
