"""Rewrites PostgreSQL's files, which otherwise keep deleted rows and show the order of writes."""

from __future__ import annotations

from functools import partial

import structlog
from sqlalchemy import Connection, Table, update
from sqlalchemy.exc import OperationalError

from storage.schema.documents import documents
from storage.schema.infrastructure import receipts
from storage.schema.ledgers import ledgers
from storage.transactions import Transactions

#: Tables in which a row's position, its last write, and rows written with it would tell about cases.
_SEALED = (documents, ledgers)
#: PostgreSQL's code for a lock that could not be taken in time.
_LOCKED = "55P03"

log = structlog.get_logger(__name__)


async def rewrite(transactions: Transactions) -> None:
    """Put the rows in order, without deleted ones; skipped during a long read, such as a dump."""
    if not transactions.postgresql:
        return
    try:
        for table in (*_SEALED, receipts):
            await transactions.write(partial(_in_order, table))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCKED:
            raise
        log.warning("documents.unordered", error=type(error.orig).__name__)


def write_together(connection: Connection) -> None:
    """Write all rows in one transaction, so that `xmin` does not show which rows were written together."""
    if connection.dialect.name == "postgresql":
        for table in _SEALED:
            key = next(iter(table.primary_key))
            connection.execute(update(table).values({key: key}))


def _in_order(table: Table, connection: Connection) -> None:
    """Make PostgreSQL rewrite the files of a table; earlier content is gone with the old files.

    Nobody can read the table meanwhile, so a long transaction of somebody else is not waited for. What was
    counted for queries is counted again: it had values of deleted rows.
    """
    connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
    connection.exec_driver_sql(f"CLUSTER {table.name} USING pk_{table.name}")
    connection.exec_driver_sql(f"ANALYZE {table.name}")
