"""Access to a database's ledgers and log, for tests."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.audit import Logged
from bot.usecases.ports import UnitOfWork
from storage import audit
from storage.crypto.keyring import AUDIT
from storage.database import SqlDatabase
from storage.ledgers.ledger import Entry, Ledger
from storage.unit_of_work import SqlUnitOfWork


def ledgers_in(uow: UnitOfWork) -> list[Ledger]:
    """Return all ledgers that open."""
    assert isinstance(uow, SqlUnitOfWork)
    readable = [scope for scope, known in uow.ledgers.all() if known.readable]
    return [ledger for ledger in map(uow.ledgers.load, readable) if ledger is not None]


def entries_in(uow: UnitOfWork) -> list[Entry]:
    """Return every entry that waits, is claimed, or was given up, in all ledgers."""
    return [entry for ledger in ledgers_in(uow) for entry in ledger.entries.values()]


async def waiting_in(database: SqlDatabase) -> list[Entry]:
    """Return the unfinished entries, the next one first."""
    found = await database.read(lambda uow: [entry for entry in entries_in(uow) if entry.unfinished])
    return sorted(found, key=lambda entry: (entry.next_at, entry.id))


async def change_entries(database: SqlDatabase, change: Callable[[Entry], bool]) -> int:
    """Change entries in the database, behind the bot's back; return how many `change` has changed."""

    def work(uow: UnitOfWork) -> int:
        assert isinstance(uow, SqlUnitOfWork)
        return uow.ledgers.change_entries(lambda _: True, change)

    return await database.write(work)


async def logged(database: SqlDatabase) -> list[Logged]:
    """Return every log entry whose key exists, oldest first."""
    keyring = database.keyring

    def read(uow: UnitOfWork) -> list[Logged]:
        assert isinstance(uow, SqlUnitOfWork)
        return list(audit._opened(uow.documents._connection, keyring, AUDIT))

    return await database.read(read)
