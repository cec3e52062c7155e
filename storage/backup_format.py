"""The format of a backup: a sealed file that holds, for PostgreSQL, the tables as one stream.

The file is written and read in one pass. It has a header that anybody may read, then sealed blocks. Each is
bound to its place in the file, to whether it is the last, and to the header: no block can be cut off, moved
or added, and no header can be put before another file's blocks.

The stream has for each table its name and columns as JSON, its rows in blocks as COPY gives them, and an
empty block; an empty name ends it. Every item has its length before it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from bot.domain.errors import TotError
from storage.schema import metadata
from storage.schema.documents import DRAFT, documents

MAGIC = b"TOT BACKUP 1\n"
BLOCK = 1 << 20
#: Selects the documents that a backup omits: drafts, sealed with the installation's key, could be read from a
#: backup after their case's key is gone.
LEFT_OUT = f"kind = '{DRAFT}'"
_PREFIX = 7
_SIZE = 4


class BackupBroken(TotError):
    """The file is no backup, is damaged, or was made with another installation's keys."""


class SealedWriter:
    """Writes a sealed file, which cannot be read without the block that `end` writes."""

    def __init__(self, file: BinaryIO, aead: AESGCM, header: Mapping[str, Any]) -> None:
        self._file = file
        self._aead = aead
        self._head = MAGIC + json.dumps(dict(header)).encode() + b"\n"
        self._prefix = os.urandom(_PREFIX)
        self._pending = bytearray()
        self._blocks = 0
        file.write(self._head + self._prefix)

    def write(self, data: bytes) -> None:
        """Append to the content."""
        self._pending += data
        while len(self._pending) > BLOCK:
            self._seal(bytes(self._pending[:BLOCK]), last=False)
            del self._pending[:BLOCK]

    def end(self) -> None:
        """Seal what is left as the last block."""
        self._seal(bytes(self._pending), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        sealed = self._aead.encrypt(_nonce(self._prefix, self._blocks, last=last), data, self._head)
        self._file.write(len(sealed).to_bytes(_SIZE) + sealed)
        self._blocks += 1


def read_header(file: BinaryIO) -> dict[str, Any]:
    """Return the header of a sealed file."""
    file.seek(0)
    try:
        if file.readline(len(MAGIC)) != MAGIC:
            raise ValueError
        header: dict[str, Any] = json.loads(file.readline(BLOCK))
    except ValueError:
        raise BackupBroken("this file is not a backup") from None
    return header


def read_blocks(file: BinaryIO, aead: AESGCM) -> Iterator[bytes]:
    """Yield the content, block by block. It is known to be genuine and complete only after the last block."""
    read_header(file)
    end = file.tell()
    file.seek(0)
    head = file.read(end)
    prefix = file.read(_PREFIX)
    size = file.read(_SIZE)
    number = 0
    while size:
        sealed = file.read(int.from_bytes(size))
        size = file.read(_SIZE)
        try:
            yield aead.decrypt(_nonce(prefix, number, last=not size), sealed, head)
        except (InvalidTag, ValueError):
            raise BackupBroken("the backup is damaged, or another installation made it") from None
        number += 1
    if number == 0:
        raise BackupBroken("the backup is damaged: it has been cut off")


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes((last,))


def copy_out(connection: psycopg.Connection[Any], write: Callable[[bytes], None]) -> None:
    """Write every table without the omitted documents, as the connection's transaction sees it."""
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns]
        _put(write, json.dumps([table.name, names]).encode())
        kept = sql.SQL(f"WHERE NOT {LEFT_OUT}" if table is documents else "")
        statement = sql.SQL("COPY (SELECT {} FROM {} {}) TO STDOUT (FORMAT binary)").format(
            _columns(names), sql.Identifier(table.name), kept
        )
        with connection.cursor().copy(statement) as copy:
            for data in copy:
                _put(write, bytes(data))
        _put(write, b"")
    _put(write, b"")


def copy_in(connection: psycopg.Connection[Any], blocks: Iterator[bytes]) -> None:
    """Replace the content of every table, in the connection's transaction."""
    items = _items(blocks)
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in metadata.tables)
    # The log's append-only trigger is off only in this transaction, which replaces everything.
    connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
    connection.execute(sql.SQL("TRUNCATE {}").format(tables))
    while head := next(items, b""):
        name, columns = json.loads(head)
        if name not in metadata.tables:
            raise BackupBroken("the backup holds a table that this version does not know")
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
            sql.Identifier(name), _columns(columns)
        )
        with connection.cursor().copy(statement) as copy:
            while data := next(items, b""):
                copy.write(data)
    for _ in items:
        pass  # the backup is known to be complete only after all of it has been read
    connection.execute("ALTER TABLE audit ENABLE TRIGGER USER")


def _items(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the items, each preceded by its length."""
    data = bytearray()
    for block in blocks:
        data += block
        while len(data) >= _SIZE and len(data) >= (end := _SIZE + int.from_bytes(data[:_SIZE])):
            yield bytes(data[_SIZE:end])
            del data[:end]
    if data:
        raise BackupBroken("the backup is damaged: it has been cut off")


def _columns(names: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _put(write: Callable[[bytes], None], data: bytes) -> None:
    write(len(data).to_bytes(_SIZE) + data)
