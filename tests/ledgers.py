"""The ledgers of a database, for tests that look into them."""

from __future__ import annotations

from collections.abc import Callable

from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase
from storage.ledgers.ledger import Entry, Ledger
from storage.unit_of_work import SqlUnitOfWork


def ledgers_in(uow: UnitOfWork) -> list[Ledger]:
    """Return all ledgers that open."""
    assert isinstance(uow, SqlUnitOfWork)
    readable = [scope for scope, known in uow.ledgers.all() if known.readable]
    return [ledger for ledger in map(uow.ledgers.load, readable) if ledger is not None]


def entries_in(uow: UnitOfWork) -> list[Entry]:
    """Return what waits, is in hand, or was given up, in all ledgers."""
    return [entry for ledger in ledgers_in(uow) for entry in ledger.entries.values()]


async def change_entries(database: SqlDatabase, change: Callable[[Entry], bool]) -> int:
    """Change entries in the database, behind the bot's back; return how many `change` has changed."""

    def work(uow: UnitOfWork) -> int:
        assert isinstance(uow, SqlUnitOfWork)
        return uow.ledgers.change_entries(lambda _: True, change)

    return await database.write(work)
