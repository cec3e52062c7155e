"""What a reading connection remembers of the directory, for as long as nobody has committed anything."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.domain.directory import Agency, Contact, Coordinator, Person, Team

#: Asked for by every command, button and message, and changed by hardly any.
KINDS = frozenset({Team, Coordinator, Agency, Contact, Person})
_PLACE = "directory"

Memo = dict[Hashable, list[Any]]


def memo_of(connection: Connection) -> Memo | None:
    """What this connection has read since the last commit of any other, in whatever process; else empty.

    None on PostgreSQL. SQLite tells of commits by `PRAGMA data_version`, as the transaction sees it.
    """
    if connection.dialect.name != "sqlite":
        return None
    driver: Any = connection.connection.driver_connection
    (version,) = driver.execute("PRAGMA data_version").fetchone()
    kept: tuple[int, Memo] | None = connection.info.get(_PLACE)
    if kept is None or kept[0] != version:
        kept = (version, {})
        connection.info[_PLACE] = kept
    return kept[1]


def question(kind: type[Any], where: Mapping[str, Any]) -> Hashable:
    """What is asked for, as a key."""
    asked = ((name, tuple(v) if isinstance(v, list) else v) for name, v in where.items())
    return (kind, frozenset(asked))
