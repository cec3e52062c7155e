"""The bot's database: transactions, receipts, the outbox."""

from __future__ import annotations

import asyncio
import gc
import json
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.audit import OPERATOR, AuditEntry, Event
from bot.domain.case.entities import Room
from bot.domain.errors import AlreadyHandled, TotError
from bot.domain.leftovers import Leftovers
from bot.domain.room import IN_SIGHT
from bot.usecases.ports import Clock, UnitOfWork
from storage import audit, schema
from storage.active import FileLock, ServerLock
from storage.audit import AuditLog
from storage.crypto.keyring import FIRST, INSTALLATION, Keyring, blind, case_scope
from storage.crypto.master_key import KeyLost
from storage.documents.index import Index
from storage.documents.store import Documents
from storage.erasure import forget_erased, unerased
from storage.installation import install, seal_anew, unlock
from storage.ledgers.clock_steps import moment
from storage.ledgers.ledger import Summary
from storage.ledgers.store import Ledgers
from storage.outbox import SqlOutbox
from storage.schema.infrastructure import receipts
from storage.sealed_rows import Known
from storage.transactions import Transactions, file_of
from storage.unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: The digest of the receipt that health probes write.
PROBE = "probe"
_RECEIVE = insert(receipts)


class NotInstalled(TotError):
    """The database has tables and nothing in them."""

    def __init__(self) -> None:
        super().__init__("nothing has been imported yet: run `tot partners import FILE`")


@dataclass(frozen=True, slots=True)
class Condition:
    """Numbers of things that an operator or a coordinator has to take care of.

    `unerased` things are purged and still have a key; `refused_erasures` were begun long ago and are not
    finished; `leftovers` are lists of what is left in Slack; `open_rooms` could be read by others when last
    seen; `unreadable` things do not open; those `put_back` are in an older state.

    Of deliveries `oldest_due` is in seconds, `given_up` by kind and whether somebody waits for it (a summons
    or an alert of an open case), and those `set_aside` cannot be read.
    """

    unerased: int = 0
    refused_erasures: int = 0
    leftovers: int = 0
    open_rooms: int = 0
    unreadable: int = 0
    put_back: int = 0
    oldest_due: float = 0.0
    given_up: Mapping[tuple[str, bool], int] = field(default_factory=dict)
    set_aside: int = 0

    @property
    def dead(self) -> int:
        return sum(self.given_up.values())

    def dead_kinds(self, *, waited_for: bool) -> str:
        """Return numbers and kinds of what was given up, for the operator; empty if nothing was."""
        of_these = {kind: number for (kind, waits), number in self.given_up.items() if waits is waited_for}
        return ", ".join(f"{number} {kind}" for kind, number in sorted(of_these.items()))


class SqlDatabase:
    """A `Database` at `url`, sqlite:///FILE or postgresql://…; it connects when it is used, until `close`.

    `follow_up` enqueues what follows from a changed case, as the last step of the transaction. Raise
    ValueError for any other kind of URL.
    """

    def __init__(
        self, url: str, clock: Clock, keyring: Keyring, *, follow_up: Callable[[UnitOfWork, str], None]
    ) -> None:
        transactions = Transactions(url)
        self.keyring = keyring
        self._follow_up = follow_up
        self._file = file_of(url)
        self.lock = ServerLock(transactions.writer) if self._file is None else FileLock(self._file)
        self._transactions = transactions
        self._clock = clock
        self._index, self._known = Index(), Known[Summary]()
        #: Whether the keys are known to be this database's, and loaded.
        self._unlocked = False
        self.outbox = SqlOutbox(transactions, clock, reading_unit=self._unit, check_active=self.lock.check)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._write(work)

    async def note(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._write(work, late=True)

    async def once(self, receipt: Sequence[str], work: Callable[[UnitOfWork], T]) -> T:
        return await self._write(work, receipt)

    async def is_handled(self, receipt: Sequence[str]) -> bool:
        return await self._transactions.read(lambda connection: self._is_used(connection, receipt))

    async def read(self, work: Callable[[SqlUnitOfWork], T]) -> T:
        return await self._read(self._transactions.read, work)

    async def read_slowly(self, work: Callable[[SqlUnitOfWork], T]) -> T:
        return await self._read(self._transactions.read_slowly, work)

    async def check_schema(self, *, must_exist: bool = False) -> None:
        """Raise unless the schema is current and the keys belong to the database.

        With `must_exist` nothing is created, not even a key store.
        """
        if self._file is not None and not self._file.exists():
            # Connecting would make an empty one, perhaps in the wrong place.
            raise TotError(
                f"there is no database file {self._file}: run `tot migrate`, or correct DATABASE_URL"
            )
        await self._transactions.read(schema.check)
        if must_exist:
            if not await self._transactions.read(lambda connection: unlock(connection, self.keyring)):
                raise NotInstalled
        else:
            await self.unlock()

    async def hold(self, standing_by: Callable[[], Awaitable[None]]) -> None:
        """Become the one working process until `close`; on PostgreSQL stand by until another one is gone.

        Entries that the other process had claimed, or that were set aside, are then due at once.
        `standing_by` is called if this process has to wait.
        """
        await self.unlock()
        await self.lock.hold(standing_by)
        # The previous process may have been stopped for an upgrade.
        await self._transactions.read(schema.check)
        await self.outbox.start()
        # Open all documents once, so that the first person to press a button does not wait for it.
        await self.unreadable()

    async def probe(self) -> None:
        """Write a test receipt; errors such as a lock or a full disk are raised.

        Raise FileGone for a file that was moved or removed: writes to it succeed, and are lost at the end.
        """
        for file in (self._file, self.keyring.keystore.file):
            if file is not None and not file.exists():
                raise FileGone(f"{file} has been moved or removed")
        row = {"digest": PROBE, "received_at": self._clock.now()}

        def write(connection: Connection) -> None:
            connection.execute(delete(receipts).where(receipts.c.digest == PROBE))
            connection.execute(_RECEIVE, row)

        await self._transactions.write(write)

    async def condition(self, since: datetime) -> Condition:
        """Return the condition of the stored data; erasures begun before `since` are overdue."""

        def look(connection: Connection) -> Condition:
            uow = self._unit(connection)
            begun = (facts.erasing_since for _, facts in uow.documents.living())
            try:
                leftovers = len(uow.find(Leftovers, cleared=False))
            except KeyLost:
                leftovers = 0  # counted among the unreadable
            return Condition(
                unerased=len(unerased(connection, self.keyring)),
                refused_erasures=sum(at is not None and at < since for at in begun),
                leftovers=leftovers,
                open_rooms=len(uow.find(Room, archived=False, trouble=tuple(IN_SIGHT))),
                unreadable=len(_unreadable(uow)),
                put_back=len(_put_back(uow)),
            )

        waited = await self.outbox.oldest_due()
        return replace(
            await self._transactions.read(look),
            oldest_due=0.0 if waited is None else waited.total_seconds(),
            given_up=await self.outbox.given_up(),
            set_aside=await self.outbox.set_aside_count(),
        )

    async def unlock(self) -> None:
        """Check that the keys belong to this database; make the keys of a new installation."""
        if not await self._transactions.read(lambda connection: unlock(connection, self.keyring)):
            await self._transactions.write(lambda connection: install(connection, self.keyring))
        self._unlocked = True

    async def seal_anew(self) -> int:
        """Seal every row with new keys; return how many rows. The bot must not run meanwhile."""
        return await self._transactions.write(lambda connection: seal_anew(connection, self.keyring))

    async def finish_erasing(self) -> None:
        """Finish erasures that a kill, a busy key store or an old backup has left unfinished.

        Call it at start and regularly: a key store that is busy at start is not busy forever.
        """
        now = self._clock.now()

        def forget(connection: Connection) -> None:
            self.lock.check(connection)
            uow = self._unit(connection, writes=True)
            forget_erased(uow.documents, uow.ledgers, connection, self.keyring, now)

        await self._transactions.write(forget)
        left = await self._transactions.read(lambda c: unerased(c, self.keyring))
        await asyncio.to_thread(self.keyring.destroy, *left)

    async def unreadable(self) -> list[str]:
        """Return the cases («case/<id>»), and things outside cases, that do not open."""
        return await self.read(_unreadable)

    async def put_back(self) -> list[str]:
        """Return the cases («case/<id>»), and things outside cases, that are partly in an older state.

        Somebody has put back an old document without its ledger, or a ledger without its document.
        """
        return await self.read(_put_back)

    async def write_off(self, case_id: str) -> None:
        """Erase a case that does not open by destroying its key; its figures for the report are lost."""
        await self.log.note(self._clock.now(), AuditEntry(Event.PURGE_ORDERED, OPERATOR, case_id))
        await asyncio.to_thread(self.keyring.destroy, case_scope(case_id))
        await self.finish_erasing()

    async def back_up(self, path: Path) -> None:
        """Write a sealed backup to a new file. Raise FileExistsError if it exists."""
        from storage.backup import back_up  # imports Alembic, which takes long to load

        now = self._clock.now()
        await self._transactions.read_slowly(lambda connection: back_up(connection, self.keyring, path, now))

    @property
    def log(self) -> AuditLog:
        return AuditLog(self._transactions, self.keyring)

    async def close(self) -> None:
        """Wait for work in progress, then close every connection."""
        await self._transactions.close()
        self.keyring.close()
        await self.lock.release()

    async def _read(
        self, run: Callable[[Callable[[Connection], T]], Awaitable[T]], work: Callable[[SqlUnitOfWork], T]
    ) -> T:
        latest: list[SqlUnitOfWork] = []

        def transaction(connection: Connection) -> T:
            latest[:] = [uow := self._unit(connection)]
            return work(uow)

        for first in (True, False):
            try:
                result = await run(transaction)
                break
            except Exception:
                # If a case was erased while it was being read, it is read again, without it.
                if not (first and latest and latest[0].met_erased):
                    await self._log_refusals(latest)
                    raise
        await self._log(latest[0].entries())
        return result

    async def _write(
        self, work: Callable[[UnitOfWork], T], receipt: Sequence[str] | None = None, *, late: bool = False
    ) -> T:
        latest: list[SqlUnitOfWork] = []
        #: For each ended claim, whether its entry was requested again meanwhile.
        again: list[bool] = []

        def transaction(connection: Connection) -> T:
            if not late:
                self.lock.check(connection)
            uow = self._unit(connection, writes=True)
            latest[:] = [uow]
            if receipt is not None:
                if self._is_used(connection, receipt):
                    raise AlreadyHandled
                connection.execute(_RECEIVE, {"digest": self._digest(receipt), "received_at": uow.now})
            result = work(uow)
            uow.follow_up()
            written = uow.documents.flush()
            for scope in uow.erased:
                uow.ledgers.forget(scope)
            if uow.notifications or written:
                uow.ledgers.enqueue(uow.notifications, moment(connection, self._clock), written)
            again.clear()
            for claim, reason in uow.ended:
                again.append(uow.ledgers.end(claim, moment(connection, self._clock), reason))
            uow.ledgers.flush()
            if entries := uow.entries():
                audit.append(connection, self.keyring, uow.now, entries)
            return result

        def committed(_: T) -> None:
            (uow,) = latest
            for claim, _reason in uow.ended:
                self.outbox.release(claim)
            if uow.notifications or any(again):
                self.outbox.notify()
            if uow.erased:
                self._erase(uow.erased)

        try:
            return await self._transactions.write(transaction, committed)
        except Exception:
            await self._log_refusals(latest)
            raise

    def _erase(self, scopes: Sequence[str]) -> None:
        """Destroy the keys of erased scopes; if the key store is busy, `finish_erasing` does it later."""
        try:
            self.keyring.destroy(*scopes)
            self._transactions.scrub()
            # What was read of it can be in a reference cycle, and an idle bot would not collect it for long.
            gc.collect()
        except (SQLAlchemyError, sqlite3.Error) as error:
            # The transaction is committed: an exception would say that it is not.
            log.error("erasing.failed", error=type(error).__name__)

    async def _log_refusals(self, rolled_back: Sequence[SqlUnitOfWork]) -> None:
        await self._log([entry for uow in rolled_back for entry in uow.refusals()])

    async def _log(self, entries: Sequence[AuditEntry]) -> None:
        """Log in a separate transaction: a refused one is rolled back, one that only reads writes nothing."""
        if entries:
            now = self._clock.now()
            await self._transactions.write(lambda c: audit.append(c, self.keyring, now, entries))

    def _unit(self, connection: Connection, *, writes: bool = False) -> SqlUnitOfWork:
        if not self._unlocked:
            known = unlock(connection, self.keyring)
            if writes and not known:
                install(connection, self.keyring)
            # In a transaction that writes it may have been installed just now, and be rolled back.
            self._unlocked = known and not writes
        documents = Documents(connection, self.keyring, self._index)
        ledgers = Ledgers(connection, self.keyring, self._known)
        now, follow_up = self._clock.now(), self._follow_up
        return SqlUnitOfWork(now, documents, ledgers, writes=writes, follow_up=follow_up)

    def _is_used(self, connection: Connection, receipt: Sequence[str]) -> bool:
        used = select(receipts.c.digest).where(receipts.c.digest == self._digest(receipt))
        return connection.scalar(used) is not None

    def _digest(self, receipt: Sequence[str]) -> str:
        """Return the digest by which the database knows a receipt; JSON keeps its parts apart."""
        # Always with the first keys: Slack may redeliver after everything has been sealed with new ones.
        keys = self.keyring.needed(INSTALLATION, FIRST)
        return blind(keys, "receipts:digest", json.dumps([*receipt])).hex()


def _unreadable(uow: SqlUnitOfWork) -> list[str]:
    """Return the scopes whose document or ledger does not open."""
    found = set(uow.documents.unreadable())
    return sorted(found | {scope for scope, known in uow.ledgers.all() if not known.readable})


def _put_back(uow: SqlUnitOfWork) -> list[str]:
    """Return the scopes whose ledger was written with another version of the document than the stored one."""
    stand, known = uow.documents.standing(), dict(uow.ledgers.all())
    there = (scope for scope in known.keys() & stand.keys() if known[scope].document is not None)
    return sorted(scope for scope in there if known[scope].document != stand[scope][0])


class FileGone(TotError):
    """A file in use has been moved or removed."""
