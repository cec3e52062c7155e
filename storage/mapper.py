"""Entities ↔ rows, by the fields of the dataclass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Generic, Protocol, TypeVar, get_origin, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import Select, Table, select

from bot.domain.calendar_entry import CalendarEntry
from bot.domain.case import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.domain.directory import Agency, Contact, Coordinator, Person, Team
from bot.usecases.ports import Draft, Posted
from storage import tables

E = TypeVar("E")

TABLE_OF: Mapping[type[Any], Table] = {
    Team: tables.teams,
    Person: tables.persons,
    Coordinator: tables.coordinators,
    Agency: tables.agencies,
    Contact: tables.contacts,
    Case: tables.cases,
    Room: tables.rooms,
    Involvement: tables.involvements,
    Meeting: tables.meetings,
    Seat: tables.seats,
    Duty: tables.duties,
    Ask: tables.asks,
    CalendarEntry: tables.calendar_entries,
    Posted: tables.posted,
    Draft: tables.drafts,
}

#: The field that orders entities of a kind; those without a value come last, ties go by id.
ORDER_OF: Mapping[type[Any], str] = {
    Team: "key",
    Person: "id",
    Coordinator: "since",
    Agency: "name",
    Contact: "position",
    Case: "opened_at",
    Room: "id",
    Involvement: "asked_at",
    Meeting: "starts_at",
    Seat: "asked_at",
    Duty: "created_at",
    Ask: "asked_at",
    CalendarEntry: "made_at",
    Posted: "posted_at",
    Draft: "created_at",
}


class Codec(Protocol):
    """How a column is stored that SQL never looks into.

    `record` is the row that the value belongs to, for a codec that depends on whose value it is.
    """

    def encode(self, value: Any, record: Mapping[str, Any]) -> Any:
        """The value as it is stored."""
        ...

    def decode(self, stored: Any, record: Mapping[str, Any]) -> Any:
        """The value as the entity has it."""
        ...


class Json:
    """Tuples and dataclasses as JSON text."""

    def __init__(self, hint: Any) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(hint)

    def encode(self, value: Any, record: Mapping[str, Any]) -> str:
        """The value as JSON text."""
        return self._adapter.dump_json(value).decode()

    def decode(self, stored: str, record: Mapping[str, Any]) -> Any:
        """The value, validated. Keys that this version does not know are ignored."""
        return self._adapter.validate_json(stored)


class Mapper(Generic[E]):
    """Turns entities of one kind into rows of its table and back."""

    def __init__(self, kind: type[E], table: Table) -> None:
        self.kind = kind
        self.table = table
        self.names = tuple(f.name for f in fields(kind))  # type: ignore[arg-type]
        self.codecs: Mapping[str, Codec] = _codecs(kind)
        self.columns = [table.c[name] for name in self.names]
        self._order = ORDER_OF[kind]

    def select(self) -> Select[Any]:
        """All rows, the columns in the order of the fields."""
        return select(*self.columns)

    def row(self, entity: E, names: Iterable[str] | None = None) -> dict[str, Any]:
        """The entity's row, or the part of it that `names` picks."""
        record = {name: getattr(entity, name) for name in self.names}
        picked = record if names is None else {name: record[name] for name in names}
        encoded = {
            name: codec.encode(picked[name], record) for name, codec in self.codecs.items() if name in picked
        }
        return picked | encoded

    def entity(self, row: Sequence[Any]) -> E:
        """The entity of a row of `select`."""
        if not self.codecs:
            return self.kind(*row)
        record = dict(zip(self.names, row, strict=True))
        decoded = {name: codec.decode(record[name], record) for name, codec in self.codecs.items()}
        return self.kind(**(record | decoded))

    def in_order(self, rows: Iterable[Sequence[Any]]) -> list[E]:
        """The entities of rows of `select`, in the order of their kind."""
        return sorted(map(self.entity, rows), key=self._place)

    def _place(self, entity: E) -> tuple[bool, Any, str]:
        value = getattr(entity, self._order)
        return (value is None, value, getattr(entity, "id"))  # noqa: B009 - E is any entity


def _codecs(kind: type[Any]) -> dict[str, Codec]:
    hints = get_type_hints(kind)
    return {
        name: Json(hint) for name, hint in hints.items() if get_origin(hint) is tuple or is_dataclass(hint)
    }


_MAPPERS: Mapping[type[Any], Mapper[Any]] = {kind: Mapper(kind, table) for kind, table in TABLE_OF.items()}


def mapper_of(kind: type[E]) -> Mapper[E]:
    """The mapper of a kind of entity; TypeError for what has no table."""
    try:
        return _MAPPERS[kind]
    except KeyError:
        raise TypeError(f"{kind.__name__} is not stored") from None
