"""What a reading connection remembers of the directory, for as long as nobody has committed anything."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RootTransaction

from bot.domain.directory import Agency, Contact, Coordinator, Person, Team

#: Asked for by every command, button and message, and changed by hardly any.
KINDS = frozenset({Team, Coordinator, Agency, Contact, Person})
_PLACE = "directory"

Memo = dict[Hashable, list[Any]]


@dataclass(frozen=True, slots=True)
class _Kept:
    transaction: RootTransaction | None
    version: int
    memo: Memo


def memo_of(connection: Connection) -> Memo | None:
    """What this connection has read since the last commit of any other, in whatever process; else empty.

    None on PostgreSQL. SQLite tells of commits by `PRAGMA data_version`, as the transaction sees it.
    """
    if connection.dialect.name != "sqlite":
        return None
    transaction = connection.get_transaction()
    kept: _Kept | None = connection.info.get(_PLACE)
    if kept is None or kept.transaction is not transaction:
        driver: Any = connection.connection.driver_connection
        (version,) = driver.execute("PRAGMA data_version").fetchone()
        kept = _Kept(transaction, version, kept.memo if kept and kept.version == version else {})
        connection.info[_PLACE] = kept
    return kept.memo


def question(kind: type[Any], where: Mapping[str, Any]) -> Hashable:
    """What is asked for, as a key."""
    asked = ((name, tuple(v) if isinstance(v, list) else v) for name, v in where.items())
    return (kind, frozenset(asked))
