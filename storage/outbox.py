"""The outbox: notifications waiting to be delivered, on SQLite and PostgreSQL.

`next_at` is when a row is due while it is pending, and when its lease ends while it is claimed: an
expired lease is simply due again. `fence` rises with every claim, and every mark names the fence it
was claimed with, so that a worker that was frozen past its lease changes nothing. `generation` rises
with every request for a document, so that one asked for during its delivery is delivered once more.

On PostgreSQL the database's clock tells the time, plus the offset of ours: workers with wrong clocks
agree on what is due.

Whom a row is for, its parameters and its key (which holds both) are sealed with the key of its case or item.
A row that is of a person has no subject beside that. Once a row of no case has ended, it tells the day and no
more: written in the same instant as rows of a case, it would tell whose case that is.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Executable, Row, delete, exists, func, select
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.case.seen_to import is_seen_to
from bot.domain.notifications import URGENT, Kind, Notification
from bot.usecases.ports import Claim, Claimed, Clock, Posted, SetAside, UnitOfWork
from storage.crypto.keyring import Keyring, case_scope
from storage.crypto.master_key import KeyLost, KeyringError
from storage.crypto.transaction_keys import CASE, TransactionKeys
from storage.notify import CHANNEL, Notifier
from storage.outbox_clock import ClockSteps
from storage.outbox_rows import Restored, claim_of, looked_for, notification_of, restored, row_of
from storage.outbox_statements import (
    AS_STORED,
    CLAIMED,
    ENDED,
    NO_TIME,
    UNFINISHED,
    RowState,
    statements,
)
from storage.rewriting import Rewriting, written_together
from storage.schema.infrastructure import outbox, receipts
from storage.transactions import Transactions
from storage.unit_of_work import SqlUnitOfWork

#: A lock, a disk, a connection: for an operator, who need not mend the rows that met it.
OUT = (OperationalError, InternalError, InterfaceError, PoolTimeout, sqlite3.OperationalError)
#: Of one row: its key is gone or another, its kind or its parameters are not of this version.
UNREADABLE = (KeyringError, ValueError, TypeError)
_BEGUN = CLAIMED | (outbox.c.attempts > 0)
_WORD = re.compile("[a-z_]{1,40}")
LEASE = timedelta(seconds=60)
#: How often it is looked whether a holder of rows is gone, in real seconds: less than a dispatcher sleeps.
LOOK_EVERY = 0.9
KEPT_ENDED = timedelta(days=30)
KEEP_RECEIPTS = timedelta(days=7)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An unfinished row, for those who look on."""

    notification: Notification
    next_at: datetime
    claimed: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Numbers of rows deleted because they are old."""

    rows: int
    receipts: int


def enqueue(
    connection: Connection, clock: Clock, keys: TransactionKeys, notifications: Sequence[Notification]
) -> None:
    """Write notifications in this transaction; dispatchers are notified when it is committed.

    What is about an erased case is not wanted any more.

    A `once` notification whose key is known changes nothing. A document that has ended becomes pending
    again; one that is pending and untried comes forward if it is now wanted earlier; one that is being
    delivered is only marked, and `done` makes it pending again.
    """
    made = statements(connection.dialect.name)
    now = made.moment(clock)
    # In the order of the keys, so that two transactions never wait for each other's rows.
    ordered = sorted(notifications, key=lambda notification: notification.key)
    for once in (True, False):
        rows = [
            {**row, "now": now}
            for notification in ordered
            if notification.once is once and (row := row_of(notification, keys))
        ]
        if rows:
            connection.execute(made.insert_once if once else made.insert_document, rows)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


def forget_erased_rows(connection: Connection, scopes: Iterable[str]) -> None:
    """Delete the rows of what is being erased: each tells that there was something.

    Not what somebody has in hand, nor what may stand in Slack by an attempt that was cut off.
    """
    for scope in scopes:
        word, _, id = scope.partition("/")
        theirs = outbox.c.case_id == id if word == CASE else outbox.c.item == scope
        connection.execute(delete(outbox).where(theirs, ~_BEGUN))


class SqlOutbox:
    """An `Outbox` for the dispatcher, the daily jobs and those who look on."""

    def __init__(
        self,
        transactions: Transactions,
        keyring: Keyring,
        clock: Clock,
        notifier: Notifier,
        looking: Callable[[Connection], SqlUnitOfWork],
    ) -> None:
        self._transactions = transactions
        self._looking = looking
        self._keyring = keyring
        self._clock = clock
        self._notifier = notifier
        self._gone: set[int] = set()
        self._looked = float("-inf")
        self._rewriting = Rewriting(transactions)
        self._steps = ClockSteps(clock)
        self._restored: Restored | None = None

    async def claim(self, limit: int, *, urgent: bool = False, ahead: timedelta = NO_TIME) -> Claimed:
        """Lease up to `limit` due rows for 60 s: what is urgent first, or alone; then the longest due.

        Where the clock is `ahead`, what is due at a time of day is held until that is over.

        Where fewer are due, it is looked whether somebody has died with rows in hand.
        """
        by = await self._notifier.living()
        claimed = await self._transactions.write(
            lambda connection: self._claim(connection, limit, by, urgent=urgent, ahead=ahead)
        )
        for row in claimed.set_aside:
            log.error("outbox.set-aside", kind=row.kind, row=row.id, error=row.error)
        if by is not None and len(claimed.rows) < limit and time.monotonic() - self._looked > LOOK_EVERY:
            self._looked = time.monotonic()
            await self._take_up_of_the_dead(by)
        return claimed

    async def start(self, *, alone: bool) -> None:
        """Try once more what was set aside: this version may know it, the key store may be the right one.

        `alone`, as the only process there can be, take up at once what is claimed as well. The clock may have
        been put back while nobody looked.
        """

        def start(connection: Connection) -> None:
            made = statements(connection.dialect.name)
            for statement in (made.try_again, *((made.take_up,) if alone else ())):
                connection.execute(statement, {"now": made.moment(self._clock)})
            self._steps.start(connection, LEASE)
            self._restored = restored(connection)

        await self._transactions.write(start)

    async def _take_up_of_the_dead(self, but: int) -> None:
        """Make due what is claimed by a holder whose lock was in nobody's hands at the last look either.

        The connection that holds the lock may only have been lost: then it is back by now.
        """

        def look(connection: Connection) -> set[int]:
            made = statements(connection.dialect.name)
            times = {"now": made.moment(self._clock), "lease_end": made.moment(self._clock, LEASE)}
            return set(connection.scalars(made.holders_gone, {**times, "but": but}))

        def take_up(connection: Connection) -> None:
            made = statements(connection.dialect.name)
            connection.execute(made.take_up, {"now": made.moment(self._clock), "gone": sorted(dead)})

        gone = await self._transactions.read(look)
        dead, self._gone = gone & self._gone, gone
        if dead:
            await self._transactions.write(take_up)
            self._notifier.notify()

    def _claim(
        self, connection: Connection, limit: int, by: int | None, *, urgent: bool, ahead: timedelta
    ) -> Claimed:
        self._steps.look(connection, LEASE)
        made = statements(connection.dialect.name)
        times = {"now": made.moment(self._clock), "lease_end": made.moment(self._clock, LEASE)}
        times["trusted"] = made.trusted(self._clock, ahead)
        rows = connection.execute(made.claim(limit, urgent=urgent), {**times, "by": by}).all()
        keys = TransactionKeys(self._keyring, connection)
        claims: list[Claim] = []
        aside: list[SetAside] = []
        uow = self._looking(connection)
        for row in rows:
            try:
                claim = claim_of(row, keys)
                # Else it would be tried, and given up in the end, without anybody having read the case.
                word, _, id = (claim.notification.item or case_scope(row.case_id)).partition("/")
                if id and not uow.documents.opens((word, id)):
                    raise KeyLost(f"{word}/{id} does not open")
                claims.append(looked_for(claim, self._restored, self._clock.now()))
            except UNREADABLE as error:
                kind = row.kind if _WORD.fullmatch(row.kind) else "unreadable"
                aside.append(SetAside(row.id, kind, row.case_id, type(error).__name__))
                connection.execute(made.set_aside, {"row": row.id, "reason": type(error).__name__})
        due = {row.id: row.due_at for row in rows}
        claims.sort(key=lambda claim: (not claim.notification.kind.urgent, due[claim.id], claim.id))
        due_in = self._next_due_in(connection, ahead) if len(rows) < limit else None
        return Claimed(claims, due_in, aside)

    async def done(self, claim: Claim) -> bool:
        """Delivered or no longer wanted; pending again if it was asked for since the claim.

        False: the lease had been lost to another worker.
        """
        return await self._end(claim, RowState.DONE)

    async def dead(self, claim: Claim, reason: str) -> bool:
        """Slack has refused it for good; `reason` is Slack's error code.

        Pending again if it was asked for since the claim. False: fenced out, as for `done`.
        """
        return await self._end(claim, RowState.DEAD, reason)

    async def retry(self, claim: Claim, after: timedelta, *, counts: bool, faults: int = 0) -> bool:
        """Due again after this long. With `counts` the attempt was an uncertain one (read back first).

        Without it the attempt is given back. `faults` is how many failures of our own it has met in a row.
        False: fenced out, as for `done`. The dispatcher is notified, for this may be due before what it
        waits for.
        """

        def mark(connection: Connection) -> int | None:
            made = statements(connection.dialect.name)
            again_at = made.moment(self._clock, after)
            values = {"again_at": again_at, "given_back": 0 if counts else 1, "failed": faults}
            return _left(connection, made.retry, claim, values)

        left = await self._transactions.write(mark)
        self._notifier.notify()
        return left is not None

    @property
    def databases_clock(self) -> timedelta:
        """By how much the database's clock is ahead of this machine's, when rows were claimed last."""
        return self._steps.databases

    def is_out(self, error: BaseException) -> bool:
        each: BaseException | None = error
        while each is not None:
            if isinstance(each, OUT):
                return True
            each = each.__cause__ or each.__context__
        return False

    async def begun(self, row: int) -> bool:
        return await self._is(_BEGUN, outbox.c.id == row)

    async def others_have_case(self, claim: Claim) -> bool:
        """Return whether another row of the case has been begun, or a call of the dead may land."""
        # A mail that waits for its server leaves nothing in Slack, and may wait for days.
        begun = (_BEGUN & (outbox.c.kind != Kind.MAIL_INVITE)) | CLAIMED | (outbox.c.kind == Kind.COPIES)
        return await self._is(begun, outbox.c.case_id == claim.notification.case_id, outbox.c.id != claim.id)

    async def _is(self, *so: ColumnElement[bool]) -> bool:
        query = select(exists().where(UNFINISHED, *so))
        return await self._transactions.read(lambda connection: bool(connection.scalar(query)))

    async def in_hand(self, claim: Claim) -> bool:
        query = select(outbox.c.state).where(outbox.c.id == claim.id)
        return await self._transactions.read(lambda connection: connection.scalar(query) == RowState.CLAIMED)

    async def _end(self, claim: Claim, state: RowState, reason: str | None = None) -> bool:
        def mark(connection: Connection) -> int | None:
            made = statements(connection.dialect.name)
            times = {"now": made.moment(self._clock), **made.day(self._clock)}
            values = {"left": int(state), "reason": reason, "delivered": claim.generation}
            return _left(connection, made.end, claim, {**times, **values})

        left = await self._transactions.write(mark)
        if left == RowState.PENDING:
            self._notifier.notify()
        return left is not None

    def on_enqueue(self, callback: Callable[[], None]) -> None:
        self._notifier.subscribe(callback)

    async def next_due_in(self) -> timedelta | None:
        """Return how long until the next row is due (negative when overdue), None when there is none."""
        return await self._transactions.read(self._next_due_in)

    def _next_due_in(self, connection: Connection, ahead: timedelta = NO_TIME) -> timedelta | None:
        made = statements(connection.dialect.name)
        times = {"now": made.moment(self._clock), "trusted": made.trusted(self._clock, ahead)}
        next_at, at = connection.execute(made.next_due, times).one()
        return None if next_at is None else next_at - at

    async def oldest_due(self) -> timedelta | None:
        return await self._transactions.read(self._oldest_due)

    def _oldest_due(self, connection: Connection) -> timedelta | None:
        made = statements(connection.dialect.name)
        oldest, at = connection.execute(made.oldest_due, {"now": made.moment(self._clock)}).one()
        return None if oldest is None else at - oldest

    async def upcoming(self, limit: int) -> list[Upcoming]:
        """The unfinished rows that are next, due or not, of those that can be read."""
        query = select(*AS_STORED).where(UNFINISHED).order_by(outbox.c.next_at, outbox.c.id).limit(limit)

        def look(connection: Connection) -> list[Upcoming]:
            keys = TransactionKeys(self._keyring, connection)
            found = []
            for row in connection.execute(query):
                with suppress(*UNREADABLE):
                    claimed = row.state == RowState.CLAIMED
                    found.append(Upcoming(notification_of(row, keys), row.next_at, claimed, row.attempts))
            return found

        return await self._transactions.read(look)

    async def given_up(self) -> dict[tuple[str, bool], int]:
        """Return how many rows were given up and not asked for since, by kind, and whether somebody waits.

        Who waits for a summons or an alert, waits while the case is open and nobody has seen to it.
        """

        def look(connection: Connection) -> dict[tuple[str, bool], int]:
            rows = connection.execute(statements(connection.dialect.name).given_up).all()
            uow = self._looking(connection)
            return Counter((row.kind, _is_waited_for(uow, row)) for row in rows)

        return await self._transactions.read(look)

    async def set_aside_count(self) -> int:
        """Return how many rows cannot be read."""
        query = select(func.count()).where(ENDED, outbox.c.state == RowState.SET_ASIDE)
        return await self._transactions.read(lambda connection: connection.scalar(query) or 0)

    async def forget_done(self) -> Forgotten:
        """Delete rows that ended more than 30 days ago and receipts older than 7 days.

        PostgreSQL keeps in which transaction a row was written last (`xmin`): one of the directory that was
        written with rows of a case would belong to it. So all of the directory is written anew together,
        and lies in the order of its ids: where an UPDATE leaves a row tells which ones were changed.
        SQLite's log keeps the pages of each transaction in order, and is emptied.
        """
        now = self._clock.now()
        old_rows = delete(outbox).where(ENDED, outbox.c.done_at < now - KEPT_ENDED)
        old_receipts = delete(receipts).where(receipts.c.received_at < now - KEEP_RECEIPTS)

        def forget(connection: Connection) -> Forgotten:
            written_together(connection)
            return Forgotten(connection.execute(old_rows).rowcount, connection.execute(old_receipts).rowcount)

        forgotten = await self._transactions.write(forget, lambda _: self._transactions.scrub())
        await self._rewriting.rewrite(quiet=await self.oldest_due() is None)
        return forgotten


def _is_waited_for(uow: UnitOfWork, row: Row[Any]) -> bool:
    """Return whether a dead row was urgent, of an open case, and nobody has seen to it."""
    # What Slack does not let be deleted has arrived.
    if row.case_id is None or row.kind not in URGENT or row.dead_reason == "not_deleted":
        return False
    try:
        file = uow.case_file(row.case_id)
    except KeyLost:
        return True
    if file is None or not file.open:
        return False
    told = uow.find(Posted, subject=row.subject, kind=Kind(row.kind), case_id=row.case_id)
    arrived = any(posted.posted_at > row.enqueued_at for posted in told)
    return not is_seen_to(file, row.subject, row.enqueued_at, arrived=arrived)


def _left(connection: Connection, statement: Executable, claim: Claim, values: dict[str, Any]) -> int | None:
    """The state in which a mark left the row; None when another worker has claimed it since."""
    left: int | None = connection.scalar(statement, {**values, "row": claim.id, "held": claim.fence})
    return left
