"""The database that the bot is given: transactions, receipts, the outbox."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.audit import AuditEntry
from bot.domain.errors import AlreadyHandled
from bot.usecases.ports import Clock, UnitOfWork
from storage import audit, revision
from storage.audit_log import AuditLog
from storage.changes import Changes
from storage.erasing import forget_erased, unerased
from storage.memory import Remembered
from storage.outbox import SqlOutbox, enqueue
from storage.tables import receipts
from storage.transactions import Transactions, open_transactions
from storage.unit_of_work import SqlUnitOfWork
from storage.vault.keys import Vault
from storage.vault.keystore import Keystore, keystore_url
from storage.vault.ring import Ring
from storage.vault.rotation import seal_anew
from storage.vault.secret import SecretKey, secret_of_environment
from storage.vault.unlocking import install, unlock
from storage.wake import Wake

T = TypeVar("T")
# RETURNING tells whether a row was inserted; `rowcount` does not, on PostgreSQL.
_ACCEPT = {
    name: dialect.insert(receipts).on_conflict_do_nothing().returning(receipts.c.digest)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


class SqlDatabase:
    """A `Database` on SQLite or PostgreSQL. Opened by `open_database`; `close` it."""

    def __init__(self, url: str, transactions: Transactions, vault: Vault, clock: Clock) -> None:
        self.vault = vault
        self._url = url
        self._transactions = transactions
        self._clock = clock
        self._wake = Wake(transactions.writer)
        self._unlocking = asyncio.Lock()
        self._unlocked = False
        self._changes = Changes()
        self._remembered = Remembered()
        self.outbox = SqlOutbox(transactions, vault, clock, self._wake)

    @property
    def changes(self) -> int | None:
        """See `bot.usecases.ports.Database`. None on PostgreSQL, where other processes write unseen."""
        return None if self._transactions.postgresql else self._changes.number

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
        await self.unlock()

        latest: list[SqlUnitOfWork] = []

        def transaction(connection: Connection) -> T:
            ring = Ring(self.vault, connection)
            uow = SqlUnitOfWork(connection, self._clock.now(), ring, self._remembered, writes=False)
            latest[:] = [uow]
            return work(uow)

        try:
            result = await self._transactions.read(transaction)
        except Exception:
            if not (latest and latest[0].ring.met_erased):
                await self._log_refusals(latest)
                raise
            # A case was erased while it was being read: the state after that has no such case.
            result = await self._transactions.read(transaction)
        await self._log(latest[0].entries())
        return result

    async def check_schema(self) -> None:
        """Refuse to work on another schema, or with other keys, than the current ones.

        Raises:
            SchemaError, VaultError: one line that says what to do.
        """
        await self._transactions.read(revision.check)
        await self.unlock()

    async def unlock(self) -> None:
        """See that the keys belong to this database, once; a new installation gets its own.

        Raises:
            VaultError: they do not.
        """
        if self._unlocked:
            return
        async with self._unlocking:
            if not self._unlocked:
                if not await self._transactions.read(lambda connection: unlock(connection, self.vault)):
                    await self._transactions.write(lambda connection: install(connection, self.vault))
                self._unlocked = True

    async def seal_anew(self) -> int:
        """Seal every field with fresh keys, at once for all processes; how many rows."""
        await self.unlock()
        return await self._transactions.write(lambda connection: seal_anew(connection, self.vault))

    async def finish_erasing(self) -> None:
        """Erase wholly what a kill, or an old backup, has left half erased. To be called at start."""
        await self.unlock()
        now = self._clock.now()
        await self._transactions.write(lambda c: forget_erased(c, self.vault, now))
        if left := await self._transactions.read(lambda c: unerased(c, self.vault)):
            await asyncio.to_thread(self.vault.destroy, *left)

    async def back_up(self, path: Path) -> None:
        """Write a sealed backup to a new file. FileExistsError if it is there."""
        from storage.backup import back_up  # Alembic, which it needs, takes long to load

        await self.unlock()
        await asyncio.to_thread(back_up, self._url, self.vault, path, self._clock.now())

    @property
    def log(self) -> AuditLog:
        """The audit log, for those who look into it."""
        return AuditLog(self._transactions, self.vault)

    async def close(self) -> None:
        """Wait for what is under way, stop listening, close every connection."""
        await self._wake.close()
        await self._transactions.close()
        self.vault.close()

    async def _write(self, work: Callable[[UnitOfWork], T], digest: str | None = None) -> T:
        await self.unlock()

        latest: list[SqlUnitOfWork] = []

        def transaction(connection: Connection) -> tuple[T, SqlUnitOfWork]:
            if not self._transactions.postgresql and self._changes.look_at_others(connection):
                self._remembered.forget()
            uow = self._unit_of_work(connection)
            latest[:] = [uow]
            if digest is not None:
                self._accept(connection, digest, uow)
            result = work(uow)
            if uow.notifications:
                enqueue(connection, self._clock, uow.ring, uow.notifications)
            if entries := uow.entries():
                audit.append(connection, self.vault, uow.now, entries)
            return result, uow

        def committed(outcome: tuple[T, SqlUnitOfWork]) -> None:
            uow = outcome[1]
            if uow.changed or uow.notifications:
                self._changes.committed()
            # PostgreSQL tells every process by itself.
            if uow.notifications and not self._transactions.postgresql:
                self._wake.now()
            if uow.ring.erased:
                self.vault.destroy(*uow.ring.erased)
                self._transactions.scrub()

        try:
            result, _ = await self._transactions.write(transaction, committed)
        except Exception:
            await self._log_refusals(latest)
            raise
        return result

    async def _log_refusals(self, rolled_back: Sequence[SqlUnitOfWork]) -> None:
        await self._log([entry for uow in rolled_back for entry in uow.refusals()])

    async def _log(self, entries: Sequence[AuditEntry]) -> None:
        """In a transaction of its own: what was refused is rolled back, what was shown wrote nothing."""
        if entries:
            now = self._clock.now()
            await self._transactions.write(lambda c: audit.append(c, self.vault, now, entries))

    def _unit_of_work(self, connection: Connection) -> SqlUnitOfWork:
        ring = Ring(self.vault, connection)
        ring.hold()
        return SqlUnitOfWork(connection, self._clock.now(), ring, self._remembered, writes=True)

    def _accept(self, connection: Connection, digest: str, uow: SqlUnitOfWork) -> None:
        accept = _ACCEPT["postgresql" if self._transactions.postgresql else "sqlite"]
        inserted = connection.execute(accept, {"digest": digest, "received_at": uow.now}).first()
        if inserted is None:
            raise AlreadyHandled


def open_database(
    url: str, clock: Clock, secret: SecretKey | None = None, keystore: str | None = None
) -> SqlDatabase:
    """The database at `url`: sqlite:///FILE or postgresql://…. Nothing is connected yet.

    `secret` is TOT_SECRET_KEY's unless it is given. `keystore` is a file or URL; see `keystore_url`.

    Raises:
        ValueError: any other kind of URL.
        WrongSecretKey: there is no master key.
    """
    transactions = open_transactions(url)
    vault = Vault(Keystore(keystore_url(url, keystore)), secret or secret_of_environment())
    return SqlDatabase(url, transactions, vault, clock)


def _digest(receipt: Sequence[str]) -> str:
    """A receipt as one hash; the lengths keep («a», «bc») from being («ab», «c»)."""
    digest = hashlib.sha256()
    for part in receipt:
        data = part.encode()
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()
