"""What a reading connection remembers: of the directory for as long as nobody has committed anything, of a
case for those who share a transaction.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RootTransaction

from bot.domain.case_file import CaseFile
from bot.domain.directory import Agency, Contact, Coordinator, Person, Team

#: Asked for by every command, button and message, and changed by hardly any.
KINDS = frozenset({Team, Coordinator, Agency, Contact, Person})
_PLACE = "memo"


def forget_cases(connection: Connection) -> None:
    """The transaction is over: of no case anything stays in memory, lest it outlive the case's key."""
    memo: Memo | None = connection.info.get(_PLACE)
    if memo is not None:
        memo.cases.clear()


@dataclass(frozen=True, slots=True)
class Memo:
    """What has been asked of the directory, and the cases that have been read in this transaction."""

    transaction: RootTransaction | None
    version: int
    directory: dict[Hashable, list[Any]]
    cases: dict[str, CaseFile | None] = field(default_factory=dict)


def memo_of(connection: Connection) -> Memo | None:
    """What this connection has read since the last commit of any other, in whatever process; else empty.

    None on PostgreSQL. SQLite tells of commits by `PRAGMA data_version`, as the transaction sees it.
    """
    if connection.dialect.name != "sqlite":
        return None
    transaction = connection.get_transaction()
    memo: Memo | None = connection.info.get(_PLACE)
    if memo is None or memo.transaction is not transaction:
        driver: Any = connection.connection.driver_connection
        (version,) = driver.execute("PRAGMA data_version").fetchone()
        memo = Memo(transaction, version, memo.directory if memo and memo.version == version else {})
        connection.info[_PLACE] = memo
    return memo


def question(kind: type[Any], where: Mapping[str, Any]) -> Hashable:
    """What is asked for, as a key."""
    asked = ((name, tuple(v) if isinstance(v, list) else v) for name, v in where.items())
    return (kind, frozenset(asked))
