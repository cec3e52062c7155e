"""PostgreSQL's files, written anew: a deleted row lies in them until then, and where one lies tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, update
from sqlalchemy.exc import OperationalError

from bot.usecases.ports import Clock
from storage.crypto.transaction_keys import any_purged
from storage.schema import metadata
from storage.schema.directory import contacts, coordinators, persons
from storage.schema.drill import drill_asks
from storage.schema.infrastructure import audit
from storage.transactions import Transactions

#: Rows of people: which lies where, and which was changed last, would tell who.
_OF_PEOPLE = (persons, contacts, coordinators, drill_asks)
#: How long before the last time something may have been erased and left there: somebody read for long.
_TWICE_WITHIN = timedelta(hours=1)
#: PostgreSQL's name for a lock that was not had in time.
_LOCKED = "55P03"

log = structlog.get_logger(__name__)


class Rewriting:
    """Hourly upkeep. While somebody reads for long, as a dump does, files are left: the next time will do."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._erased_since = datetime.min.replace(tzinfo=UTC)

    async def rewrite(self, *, quiet: bool) -> None:
        """Have the rows of people lie in order and, when it is `quiet`, what was erased lately be gone."""
        if not self._transactions.postgresql:
            return
        now = self._clock.now()
        try:
            await self._transactions.write(_in_order)
            if not quiet:
                return
            if await self._transactions.read(lambda connection: any_purged(connection, self._erased_since)):
                await self._transactions.rewrite(t.name for t in metadata.sorted_tables if t is not audit)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED:
                raise
            log.warning("directory.unordered", error=type(error.orig).__name__)
        else:
            self._erased_since = now - _TWICE_WITHIN


def written_together(connection: Connection) -> None:
    """Write all rows of people at once: no transaction tells with which rows of a case one was written."""
    if connection.dialect.name == "postgresql":
        for table in _OF_PEOPLE:
            connection.execute(update(table).values(id=table.c.id))


def _in_order(connection: Connection) -> None:
    """Have PostgreSQL write the files of these tables anew; what was there before is gone with the old ones.

    Nobody can read them meanwhile: somebody else's long transaction is not waited for.
    """
    connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
    for table in _OF_PEOPLE:
        connection.exec_driver_sql(f"CLUSTER {table.name} USING pk_{table.name}")
