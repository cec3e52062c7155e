"""The format of a backup: a sealed file, written and read in one pass.

It has a header that anybody may read, then sealed blocks. Each is bound to its place in the file, to whether
it is the last, and to the header: no block can be cut off, moved or added, and no header can be put before
another file's blocks.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import TotError

MAGIC = b"TOT BACKUP 2\n"
BLOCK = 1 << 20
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
    file.seek(0)
    try:
        if file.readline(len(MAGIC)) != MAGIC:
            raise ValueError
        header: dict[str, Any] = json.loads(file.readline(BLOCK))
    except ValueError:
        raise BackupBroken("this file is not a backup, or another version made it") from None
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
