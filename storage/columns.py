"""What tables are made of: references, facts, and facts that only a key opens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, MetaData, Text, text

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


def fact(name: str, kind: Any, *, nullable: bool = False) -> Column[Any]:
    """A column that SQL sees."""
    return Column(name, kind, nullable=nullable)


def sealed(name: str, *, nullable: bool = False) -> Column[bytes]:
    """A fact that only the key of its row's scope opens (storage.vault). It refers to nothing by itself."""
    return Column(name, LargeBinary, nullable=nullable, info={"sealed": True})


def person(name: str, *, nullable: bool = False) -> Column[bytes]:
    """The sealed id of a person."""
    return Column(name, LargeBinary, nullable=nullable, info={"sealed": True, "person": True})


def blind(name: str, *, nullable: bool = False) -> Column[bytes]:
    """What a sealed fact is found by, within one scope; NULL where the fact is."""
    return Column(f"{name}_ix", LargeBinary, nullable=nullable, info={"blind": name})


def some(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that `where` picks."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def one(name: str, *columns: str, where: str) -> Index:
    """At most one row with the same `columns` among those that `where` picks."""
    return some(name, *columns, where=where, unique=True)
