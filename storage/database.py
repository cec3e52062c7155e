"""The database that the bot is given: transactions, receipts, the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.errors import AlreadyHandled
from bot.usecases.ports import Clock, UnitOfWork
from storage import revision
from storage.outbox import SqlOutbox, enqueue
from storage.tables import receipts
from storage.transactions import Transactions, open_transactions
from storage.unit_of_work import SqlUnitOfWork
from storage.wake import Wake

T = TypeVar("T")

# RETURNING tells whether a row was inserted; `rowcount` does not, on PostgreSQL.
_ACCEPT = {
    name: dialect.insert(receipts).on_conflict_do_nothing().returning(receipts.c.digest)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


class SqlDatabase:
    """A `Database` on SQLite or PostgreSQL. Opened by `open_database`; `close` it."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._wake = Wake(transactions.writer)
        self.outbox = SqlOutbox(transactions, clock, self._wake)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run in one read-write transaction; commit when it returns, roll back when it raises.

        `work` may run more than once: it has no effects but those on its unit of work.
        """
        return await self._write(work)

    async def once(self, receipt: Sequence[str], work: Callable[[UnitOfWork], T]) -> T:
        """As `write`, once for this delivery: AlreadyHandled if the receipt has been used before.

        The receipt is kept only if `work` returns: what was refused may be delivered again.
        """
        return await self._write(work, _digest(receipt))

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run in one read-only transaction, on one state of the database."""
        return await self._transactions.read(
            lambda connection: work(SqlUnitOfWork(connection, self._clock.now(), writes=False))
        )

    async def check_schema(self) -> None:
        """SchemaError, with one line that says what to do, unless the schema is the current one."""
        await self._transactions.read(revision.check)

    async def close(self) -> None:
        """Wait for what is under way, stop listening, close every connection."""
        await self._wake.close()
        await self._transactions.close()

    async def _write(self, work: Callable[[UnitOfWork], T], digest: str | None = None) -> T:
        def transaction(connection: Connection) -> tuple[T, bool]:
            uow = SqlUnitOfWork(connection, self._clock.now(), writes=True)
            if digest is not None:
                self._accept(connection, digest, uow)
            result = work(uow)
            if uow.intents:
                enqueue(connection, self._clock, uow.intents)
            return result, bool(uow.intents)

        def committed(outcome: tuple[T, bool]) -> None:
            # PostgreSQL tells every process by itself.
            if outcome[1] and not self._transactions.postgresql:
                self._wake.now()

        result, _ = await self._transactions.write(transaction, committed)
        return result

    def _accept(self, connection: Connection, digest: str, uow: SqlUnitOfWork) -> None:
        accept = _ACCEPT["postgresql" if self._transactions.postgresql else "sqlite"]
        inserted = connection.execute(accept, {"digest": digest, "received_at": uow.now}).first()
        if inserted is None:
            raise AlreadyHandled


def open_database(url: str, clock: Clock) -> SqlDatabase:
    """The database at `url`: sqlite:///FILE or postgresql://…. Nothing is connected yet.

    ValueError for any other kind of URL.
    """
    return SqlDatabase(open_transactions(url), clock)


def _digest(receipt: Sequence[str]) -> str:
    """A receipt as one hash; the lengths keep («a», «bc») from being («ab», «c»)."""
    digest = hashlib.sha256()
    for part in receipt:
        data = part.encode()
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()
