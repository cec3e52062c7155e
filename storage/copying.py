"""All tables of a PostgreSQL database as one stream of bytes, by COPY.

For each table: its name and columns as JSON, then its rows in blocks, then an empty block; last an empty
name. Everything has its length before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg import sql

from storage.backup_file import BackupBroken
from storage.tables import metadata

_SIZE = 4


def copy_out(connection: psycopg.Connection[Any], write: Callable[[bytes], None]) -> None:
    """Write every table, as the connection's transaction sees it."""
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns]
        _put(write, json.dumps([table.name, names]).encode())
        statement = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(
            sql.Identifier(table.name), _columns(names)
        )
        with connection.cursor().copy(statement) as copy:
            for data in copy:
                _put(write, bytes(data))
        _put(write, b"")
    _put(write, b"")


def copy_in(connection: psycopg.Connection[Any], blocks: Iterator[bytes]) -> None:
    """Replace what every table holds, in the connection's transaction.

    Raises:
        BackupBroken: the stream is not one that `copy_out` has written.
    """
    stream = _Stream(blocks)
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in metadata.tables)
    # The log's own guard is off for this transaction alone, in which everything is replaced.
    connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
    connection.execute(sql.SQL("TRUNCATE {}").format(tables))
    while head := stream.take():
        name, columns = json.loads(head)
        if name not in metadata.tables:
            raise BackupBroken("the backup holds a table that this version does not know")
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
            sql.Identifier(name), _columns(columns)
        )
        with connection.cursor().copy(statement) as copy:
            while data := stream.take():
                copy.write(data)
    stream.finish()
    connection.execute("ALTER TABLE audit ENABLE TRIGGER USER")
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT coalesce(max(id), 1) FROM outbox))"
    )


class _Stream:
    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._data = bytearray()

    def take(self) -> bytes:
        return self._read(int.from_bytes(self._read(_SIZE)))

    def finish(self) -> None:
        """Read to the end: only then is it known to be whole."""
        for _ in self._blocks:
            pass

    def _read(self, size: int) -> bytes:
        while len(self._data) < size:
            block = next(self._blocks, None)
            if block is None:
                raise BackupBroken("the backup is damaged: it has been cut off")
            self._data += block
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken


def _columns(names: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _put(write: Callable[[bytes], None], data: bytes) -> None:
    write(len(data).to_bytes(_SIZE) + data)
