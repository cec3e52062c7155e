"""The database that the bot is given: transactions, receipts, the outbox."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.audit import OPERATOR, AuditEntry, Event
from bot.domain.case.entities import Case
from bot.domain.errors import AlreadyHandled, TotError
from bot.domain.leftovers import Leftovers
from bot.usecases.ports import Clock, UnitOfWork
from storage import audit, schema
from storage.active import FileLock, ServerLock
from storage.audit import AuditLog
from storage.crypto.keyring import INSTALLATION, Keyring, blind, case_scope
from storage.crypto.keystore import Keystore, keystore_url
from storage.crypto.master_key import KeyLost, SecretKey, secret_of_environment
from storage.crypto.transaction_keys import TransactionKeys, scopes
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
from storage.transactions import Transactions, database_url, open_transactions
from storage.unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: The receipt that health probes write.
PROBE = "probe"
_RECEIVE = insert(receipts)


class NoSuchFile(TotError):
    """The SQLite file is not there: to connect would make an empty one, in the wrong place perhaps."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no database file {path}: run `tot migrate`, or mend DATABASE_URL")


class NotInstalled(TotError):
    """Tables, and nothing in them."""

    def __init__(self) -> None:
        super().__init__("nothing has been imported yet: tot partners import FILE")


@dataclass(frozen=True, slots=True)
class Condition:
    """Numbers of what an operator or a coordinator has to see to.

    They are of what is purged and still has a key; of what was begun to be erased long ago, and is there
    still; of lists of what stands in Slack; of rooms that others can read, as they were last seen; and of
    what does not open, or stands as it once was.
    """

    unerased: int
    refused_erasures: int
    leftovers: int
    open_rooms: int
    unreadable: int
    put_back: int


class SqlDatabase:
    """A `Database` on SQLite or PostgreSQL. Opened by `open_database`; `close` it."""

    def __init__(
        self,
        url: str,
        transactions: Transactions,
        keyring: Keyring,
        clock: Clock,
        *,
        follow_up: Callable[[UnitOfWork, str], None],
    ) -> None:
        self.keyring = keyring
        self._follow_up = follow_up
        self._url = url
        self._file = None if transactions.postgresql else Path(database_url(url).database or "")
        self.lock = ServerLock(transactions.writer) if self._file is None else FileLock(self._file)
        self._transactions = transactions
        self._clock = clock
        self._index, self._known = Index(), Known[Summary]()
        self._unlocking = asyncio.Lock()
        self._unlocked = False
        self._written = asyncio.Event()
        self.outbox = SqlOutbox(transactions, clock, looking=self._looking, writing=self._writing)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._write(work)

    async def note(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._write(work, late=True)

    async def once(self, receipt: Sequence[str], work: Callable[[UnitOfWork], T]) -> T:
        return await self._write(work, _digest(receipt))

    async def is_handled(self, receipt: Sequence[str]) -> bool:
        await self.unlock()
        used = select(receipts.c.digest).where(receipts.c.digest == self._mark(_digest(receipt)))
        return await self._transactions.read(lambda connection: connection.scalar(used) is not None)

    async def written(self, within: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._written.wait()

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._read(self._transactions.read, work)

    async def read_slowly(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._read(self._transactions.read_slowly, work)

    async def check_schema(self, *, looking: bool = False) -> None:
        """Refuse to work on another schema, or with other keys, than the current ones.

        Whoever is only looking makes nothing: no key store either.
        """
        if self._file is not None and not self._file.exists():
            raise NoSuchFile(self._file)
        await self._transactions.read(schema.check)
        if looking:
            if not await self._transactions.read(lambda connection: unlock(connection, self.keyring)):
                raise NotInstalled
            self._unlocked = True
        await self.unlock()

    async def hold(self, standing_by: Callable[[], Awaitable[None]]) -> None:
        """Be the one process that works until `close`; on PostgreSQL stand by until the other one is gone.

        Nobody has anything in hand then: it is due at once. So is what was set aside. `standing_by` is called
        if it has to wait.
        """
        await self.unlock()
        await self.lock.hold(standing_by)
        # Whoever worked until now may have been stopped for an upgrade.
        await self._transactions.read(schema.check)
        await self.outbox.start()
        # All documents are looked into once: whoever presses first does not wait for it.
        await self.unreadable()

    async def probe(self) -> None:
        """Write a receipt of nothing; raise what keeps it from being written: a lock, a full disk.

        A file that has been moved or removed is written to all the same, and lost at the end.
        """
        for file in (self._file, self.keyring.keystore.file):
            if file is not None and not file.exists():
                raise FileGone(f"{file} is not there any more")
        row = {"digest": PROBE, "received_at": self._clock.now()}

        def write(connection: Connection) -> None:
            connection.execute(delete(receipts).where(receipts.c.digest == PROBE))
            connection.execute(_RECEIVE, row)

        await self._transactions.write(write)

    async def condition(self, since: datetime) -> Condition:
        """Return how it is with what is stored; what was begun to be erased before then is overdue."""

        def look(connection: Connection) -> Condition:
            uow = self._looking(connection)
            living = [facts for _, facts in uow.documents.living()]
            try:
                leftovers = len(uow.find(Leftovers, cleared=False))
            except KeyLost:
                leftovers = 0  # they are among the unreadable
            return Condition(
                unerased=len(unerased(connection, self.keyring)),
                refused_erasures=sum(f.erasing_since is not None and f.erasing_since < since for f in living),
                leftovers=leftovers,
                open_rooms=sum(facts.open_room for facts in living),
                unreadable=len(_unreadable(uow)),
                put_back=len(_put_back(uow)),
            )

        await self.unlock()
        return await self._transactions.read(look)

    async def unlock(self) -> None:
        """See that the keys belong to this database, once; a new installation gets its own."""
        if self._unlocked:
            return
        async with self._unlocking:
            if not self._unlocked:
                if not await self._transactions.read(lambda connection: unlock(connection, self.keyring)):
                    await self._transactions.write(lambda connection: install(connection, self.keyring))
                self._unlocked = True

    async def seal_anew(self) -> int:
        """Seal every field with fresh keys, at once for all processes; how many rows."""
        await self.unlock()
        return await self._transactions.write(lambda connection: seal_anew(connection, self.keyring))

    async def finish_erasing(self) -> None:
        """Erase wholly what a kill, a busy key store or an old backup has left half erased.

        To be called at start, and again and again: a key store that is busy then is not busy for ever.
        """
        await self.unlock()
        now = self._clock.now()

        def forget(connection: Connection) -> None:
            uow = self._writing(connection)
            forget_erased(uow.documents, uow.ledgers, connection, self.keyring, now)

        await self._transactions.write(forget)
        left = await self._transactions.read(lambda c: unerased(c, self.keyring))
        await asyncio.to_thread(self.keyring.destroy, *left)

    async def living(self) -> list[str]:
        """Return the cases («case/<id>»), and things outside cases, that are not erased."""
        return await self._transactions.read(lambda connection: scopes(connection, purged=False))

    async def unreadable(self) -> list[str]:
        """Return the cases («case/<id>»), and things outside cases, that do not open."""
        await self.unlock()
        return await self._transactions.read(lambda c: _unreadable(self._looking(c)))

    async def put_back(self) -> list[str]:
        """Return the cases («case/<id>»), and things outside cases, that stand as they once were.

        Somebody has put back a row of theirs, and not its ledger, or the other way round.
        """
        await self.unlock()
        return await self._transactions.read(lambda c: _put_back(self._looking(c)))

    async def write_off(self, case_id: str) -> None:
        """Erase a case that does not open as one whose key is destroyed; its numbers are lost with it."""
        entry = AuditEntry(Event.PURGE_ORDERED, OPERATOR, case_id)
        await self.write(lambda uow: uow.audit(entry))
        await asyncio.to_thread(self.keyring.destroy, case_scope(case_id))
        await self.finish_erasing()

    async def back_up(self, path: Path) -> None:
        """Write a sealed backup to a new file. FileExistsError if it is there."""
        from storage.backup import back_up  # Alembic, which it needs, takes long to load

        await self.unlock()
        await asyncio.to_thread(back_up, self._url, self.keyring, path, self._clock.now())

    @property
    def log(self) -> AuditLog:
        """The audit log, for those who look into it."""
        return AuditLog(self._transactions, self.keyring, self._case_of_code)

    def _case_of_code(self, connection: Connection, code: str) -> str | None:
        """The case with this code; one that does not open is called by its id."""
        uow = self._looking(connection)
        if case_scope(code) in uow.documents.standing():
            return code
        return next((case.id for case in uow.find(Case, code=code)), None)

    async def close(self) -> None:
        """Wait for what is under way, close every connection."""
        await self._transactions.close()
        self.keyring.close()
        await self.lock.release()

    async def _read(
        self, run: Callable[[Callable[[Connection], T]], Awaitable[T]], work: Callable[[UnitOfWork], T]
    ) -> T:
        await self.unlock()

        latest: list[SqlUnitOfWork] = []

        def transaction(connection: Connection) -> T:
            uow = self._looking(connection)
            latest[:] = [uow]
            with _forgetting(uow):
                return work(uow)

        try:
            result = await run(transaction)
        except Exception:
            if not (latest and latest[0].keys.met_erased):
                await self._log_refusals(latest)
                raise
            # A case was erased while it was being read: the state after that has no such case.
            result = await run(transaction)
        await self._log(latest[0].entries())
        return result

    async def _write(
        self, work: Callable[[UnitOfWork], T], digest: str | None = None, *, late: bool = False
    ) -> T:
        await self.unlock()

        latest: list[SqlUnitOfWork] = []
        #: Whether what is delivered was asked for once more.
        again: list[bool] = []

        def transaction(connection: Connection) -> T:
            uow = self._writing(connection, late=late)
            latest[:] = [uow]
            if digest is not None:
                try:
                    row = {"digest": self._mark(digest), "received_at": uow.now}
                    connection.execute(_RECEIVE, row)
                except IntegrityError as error:
                    if not _is_second(error):
                        raise
                    raise AlreadyHandled from None
            with _forgetting(uow):
                result = work(uow)
                uow.follow_up()
                written = uow.documents.flush()
                for scope in uow.keys.erased:
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
            if uow.keys.erased:
                self._erase(uow.keys.erased)

        try:
            result = await self._transactions.write(transaction, committed)
        except Exception:
            await self._log_refusals(latest)
            raise
        self._written.set()
        self._written = asyncio.Event()
        return result

    def _erase(self, scopes: Sequence[str]) -> None:
        """Destroy the keys of what has been forgotten; upkeep goes on where the key store is busy."""
        try:
            self.keyring.destroy(*scopes)
            self._transactions.scrub()
        except DBAPIError as error:
            # What has been committed stands: to raise would say that it had not been.
            log.error("erasing.failed", error=type(error).__name__)

    async def _log_refusals(self, rolled_back: Sequence[SqlUnitOfWork]) -> None:
        await self._log([entry for uow in rolled_back for entry in uow.refusals()])

    async def _log(self, entries: Sequence[AuditEntry]) -> None:
        """In a transaction of its own: what was refused is rolled back, what was shown wrote nothing."""
        if entries:
            now = self._clock.now()
            await self._transactions.write(lambda c: audit.append(c, self.keyring, now, entries))

    def _looking(self, connection: Connection) -> SqlUnitOfWork:
        """A unit of work that only reads, in any transaction."""
        return self._unit(connection, writes=False)

    def _writing(self, connection: Connection, *, late: bool = False) -> SqlUnitOfWork:
        if not late:
            self.lock.check(connection)
        return self._unit(connection, writes=True)

    def _unit(self, connection: Connection, *, writes: bool) -> SqlUnitOfWork:
        keys = TransactionKeys(self.keyring, connection)
        documents, ledgers = Documents(connection, keys, self._index), Ledgers(connection, keys, self._known)
        now, follow_up = self._clock.now(), self._follow_up
        return SqlUnitOfWork(now, keys, documents, ledgers, writes=writes, follow_up=follow_up)

    def _mark(self, digest: str) -> str:
        """Return by what a receipt is known in the database."""
        # Of the first keys, whichever are current: Slack delivers again also while all is sealed anew.
        keys = self.keyring.keys(INSTALLATION, 1)
        if keys is None:
            raise KeyLost("the key store has no key for receipts: bring its export back")
        return blind(keys, "receipts:digest", digest).hex()


def _unreadable(uow: SqlUnitOfWork) -> list[str]:
    """The scopes of which the document, or the ledger, does not open."""
    found = set(uow.documents.unreadable())
    return sorted(found | {scope for scope, known in uow.ledgers.all() if not known.readable})


def _put_back(uow: SqlUnitOfWork) -> list[str]:
    """The scopes of which the ledger was written with another version of the document than stands."""
    stand, known = uow.documents.standing(), dict(uow.ledgers.all())
    there = (scope for scope in known.keys() & stand.keys() if known[scope].document is not None)
    return sorted(scope for scope in there if known[scope].document != stand[scope][0])


@contextmanager
def _forgetting(uow: SqlUnitOfWork) -> Iterator[None]:
    """After this, nothing of a case is left with whoever still has the unit of work, or an error.

    What of a case stayed in memory could outlive its key: Python frees what refers to itself when it looks
    for garbage, and an idle bot makes none.
    """
    try:
        yield
    except BaseException as error:
        each: BaseException | None = error
        while each is not None:
            traceback.clear_frames(each.__traceback__)
            each = each.__cause__ or each.__context__
        raise
    finally:
        uow.forget()


def open_database(
    url: str,
    clock: Clock,
    secret: SecretKey | None = None,
    keystore: str | None = None,
    *,
    follow_up: Callable[[UnitOfWork, str], None],
) -> SqlDatabase:
    """The database at `url`: sqlite:///FILE or postgresql://…. Nothing is connected yet.

    `follow_up` leaves what follows from a case that has changed, as the last thing of the transaction.
    `secret` is TOT_SECRET_KEY's unless it is given. `keystore` is a file or URL; see `keystore_url`.

    Raises:
        ValueError: any other kind of URL.
    """
    transactions = open_transactions(url)
    keyring = Keyring(Keystore(keystore_url(url, keystore)), secret or secret_of_environment())
    return SqlDatabase(url, transactions, keyring, clock, follow_up=follow_up)


class FileGone(TotError):
    """A file that is worked on has been moved or removed."""


def _is_second(error: IntegrityError) -> bool:
    """Return whether a row was refused because there is one with its key."""
    sqlite, server = (getattr(error.orig, name, None) for name in ("sqlite_errorname", "sqlstate"))
    return sqlite == "SQLITE_CONSTRAINT_PRIMARYKEY" or server == "23505"


def _digest(receipt: Sequence[str]) -> str:
    """A receipt as one hash; the lengths keep («a», «bc») from being («ab», «c»)."""
    digest = hashlib.sha256()
    for part in receipt:
        data = part.encode()
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()
