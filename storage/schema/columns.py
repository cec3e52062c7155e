"""The kinds of columns and indexes that the tables are made of, and the types of what they hold."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    event,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[str]:
    """The primary key."""
    return Column("id", Text, primary_key=True)


def reference(name: str, table: str, *, nullable: bool = False, index: bool = False) -> Column[str]:
    """A reference. It is checked at the end of the transaction, so that a use case may add and remove
    in any order. Nothing cascades: what is to be deleted is deleted by name.
    """
    key = ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    return Column(name, Text, key, nullable=nullable, index=index)


def plain(name: str, kind: Any, *, nullable: bool = False) -> Column[Any]:
    """A column that SQL sees."""
    return Column(name, kind, nullable=nullable)


def sealed(name: str, *, nullable: bool = False) -> Column[bytes]:
    """A column that only the key of its row's scope opens. It refers to nothing by itself."""
    return Column(name, LargeBinary, nullable=nullable, info={"sealed": True})


def filled(name: str) -> Column[bytes]:
    """A sealed column in which nothing is sealed too: whether there is a value tells something."""
    return Column(name, LargeBinary, nullable=True, info={"sealed": True, "filled": True})


def blind(name: str, *, nullable: bool = False) -> Column[bytes]:
    """The blind index of a sealed column, within one scope; NULL where that is."""
    return Column(f"{name}_ix", LargeBinary, nullable=nullable, info={"blind": name})


@event.listens_for(metadata, "before_create")
def _pick(target: MetaData, connection: Connection, **_: object) -> None:
    """Said as an option of each dialect, the condition would have every start load PostgreSQL's."""
    for index in (index for table in target.tables.values() for index in table.indexes):
        if (where := index.info.get("where")) is not None:
            index.dialect_options[connection.dialect.name]["where"] = text(where)


def partial_unique(name: str, *columns: str, where: str) -> Index:
    """At most one row with the same `columns` among those that `where` picks."""
    return Index(name, *columns, unique=True, info={"where": where})


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, UTC in Python whatever the database keeps. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone: what was written is UTC, by process_bind_param.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A word of a StrEnum, stored as text: a new word needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)
