"""Statements for entities, each built once: to build one takes longer than to run it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Update, bindparam, insert, update

from storage.mapper import Mapper, mapper_of

#: A field, and how it is compared: "=" one value, "in" one of several, "null".
Comparison = tuple[str, str]
#: No column is called that.
THIS = "this_id"


def by_id(kind: type[Any], *, lock: bool = False) -> Select[Any]:
    """The entity whose id is the parameter `id`."""
    return _query(mapper_of(kind), (("id", "="),), lock)


def find_by(
    kind: type[Any], where: dict[str, Any], *, lock: bool = False
) -> tuple[Select[Any], dict[str, Any]]:
    """Entities whose fields equal all of `where`, and the query's parameters.

    None matches NULL; a tuple or list means «one of». `lock` locks the rows found, on PostgreSQL, without
    holding up those who only refer to them. A sealed field is given as its blind index.
    """
    shape = tuple((name, _comparison(value)) for name, value in where.items())
    return _query(mapper_of(kind), shape, lock), {
        name: value for name, value in where.items() if value is not None
    }


@cache
def insertion(mapper: Mapper[Any]) -> Insert:
    """Insert the rows that are its parameters."""
    return insert(mapper.table)


@cache
def change(mapper: Mapper[Any]) -> Update:
    """Set the columns that are its parameters where the id is the parameter `THIS`."""
    return update(mapper.table).where(mapper.table.c.id == bindparam(THIS))


def _comparison(value: object) -> str:
    if value is None:
        return "null"
    return "in" if isinstance(value, tuple | list) else "="


@cache
def _query(mapper: Mapper[Any], shape: tuple[Comparison, ...], lock: bool) -> Select[Any]:
    query = mapper.select()
    for name, comparison in shape:
        column = mapper.table.c[name]
        if comparison == "null":
            query = query.where(column.is_(None))
        elif comparison == "in":
            query = query.where(column.in_(bindparam(name, expanding=True)))
        else:
            query = query.where(column == bindparam(name))
    return query.with_for_update(key_share=True) if lock else query
