"""PostgreSQL's files, written anew: a deleted row lies in them until then, and where one lies tells."""

from __future__ import annotations

from functools import partial

import structlog
from sqlalchemy import Connection, Table, update
from sqlalchemy.exc import OperationalError

from storage.crypto.transaction_keys import scopes
from storage.schema import metadata
from storage.schema.documents import documents
from storage.schema.infrastructure import audit
from storage.schema.ledgers import ledgers
from storage.transactions import Transactions

#: Which row of these lies where, and which was written last, and with what, would tell of cases.
_SEALED = (documents, ledgers)
#: PostgreSQL's name for a lock that was not had in time.
_LOCKED = "55P03"

log = structlog.get_logger(__name__)


class Rewriting:
    """Hourly upkeep. While somebody reads for long, as a dump does, files are left: the next time will do."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        #: How much had been erased when the files were written anew last, and the time before.
        self._erased = (0, 0)

    async def rewrite(self, *, quiet: bool) -> None:
        """Have the rows lie in order and, when it is `quiet`, what was erased lately be gone."""
        if not self._transactions.postgresql:
            return
        try:
            for table in _SEALED:
                await self._transactions.write(partial(_in_order, table))
            if not quiet:
                return
            erased = len(await self._transactions.read(lambda connection: scopes(connection, purged=True)))
            if (erased, erased) != self._erased:
                # And once more the next time: somebody may have read for long.
                await self._transactions.rewrite(t.name for t in metadata.sorted_tables if t is not audit)
                self._erased = (erased, self._erased[0])
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED:
                raise
            log.warning("documents.unordered", error=type(error.orig).__name__)


def write_together(connection: Connection) -> None:
    """Write all rows at once: no transaction tells with which others one was written."""
    if connection.dialect.name == "postgresql":
        for table in _SEALED:
            key = next(iter(table.primary_key))
            connection.execute(update(table).values({key: key}))


def _in_order(table: Table, connection: Connection) -> None:
    """Have PostgreSQL write the files of a table anew; what was there before is gone with the old ones.

    Nobody can read them meanwhile: somebody else's long transaction is not waited for.
    """
    connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
    connection.exec_driver_sql(f"CLUSTER {table.name} USING pk_{table.name}")
