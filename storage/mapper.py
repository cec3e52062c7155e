"""Entities ↔ rows, by the fields of the dataclass: one entry for each kind of entity, at the end.

A field whose column is sealed is opened and sealed with the installation's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import Select, Table, select

from bot.domain.case.duty import Count
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.leftovers import Leftovers
from bot.domain.owner import OwnerAnswer
from bot.domain.report.yearly import YearCount
from bot.usecases.ports import Draft
from storage.crypto.keyring import INSTALLATION
from storage.crypto.transaction_keys import TransactionKeys
from storage.kinds import Kind as EntityKind
from storage.schema import directory, infrastructure, leftovers, owner, report

E = TypeVar("E")


class Json:
    """Tuples and dataclasses as JSON text. SQL never looks into it."""

    def __init__(self, hint: Any) -> None:
        self._hint = hint

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        # Made when a value of its kind is first met: all of them are a thirtieth of the start.
        return TypeAdapter(self._hint)

    def encode(self, value: Any) -> str:
        return self._adapter.dump_json(value).decode()

    def decode(self, stored: str) -> Any:
        """Return the value, validated. Keys that this version does not know are ignored."""
        return self._adapter.validate_json(stored)


#: What is sealed in a filled column where there is nothing.
NOTHING = ""


class Mapper(EntityKind[E]):
    """Turns entities of one kind into rows of its table and back."""

    def __init__(
        self,
        kind: type[E],
        table: Table,
        order: str,
        *,
        owner: str | None = None,
        part: str | None = None,
    ) -> None:
        super().__init__(kind, order, owner=owner, part=part)
        self.table = table
        self.columns = [table.c[name] for name in self.names]
        self.sealed = tuple(name for name in self.names if table.c[name].info.get("sealed"))
        self.codecs: Mapping[str, Json] = _codecs(kind, self.sealed)
        self.filled = frozenset(name for name in self.sealed if table.c[name].info.get("filled"))
        self.blinds = {c.info["blind"]: c for c in table.columns if "blind" in c.info}
        self.searchable = set(self.names) - self.codecs.keys() - (set(self.sealed) - self.blinds.keys())

    def select(self) -> Select[Any]:
        """All rows, the columns in the order of the fields."""
        return select(*self.columns)

    def row(self, entity: E, keys: TransactionKeys, names: Iterable[str] | None = None) -> dict[str, Any]:
        """The entity's row, or the part of it that `names` picks."""
        record = {name: getattr(entity, name) for name in self.names}
        picked = record if names is None else {name: record[name] for name in names}
        for name in self.codecs.keys() & picked.keys():
            if picked[name] is not None:
                picked[name] = self.codecs[name].encode(picked[name])
        for name in self.sealed:
            value = picked.get(name)
            if value is None and name in self.filled and name in picked:
                value = NOTHING
            if value is not None:
                picked[name] = keys.seal(INSTALLATION, self._where(name, record["id"]), value)
            if name in self.blinds and name in picked:
                found_by = None if value is None else keys.blind(INSTALLATION, self.what(name), value)
                picked[self.blinds[name].name] = found_by
        return picked

    def entity(self, row: Sequence[Any], keys: TransactionKeys) -> E:
        """The entity of a row of `select`."""
        if not self.codecs and not self.sealed:
            return self.kind(*row)
        record = dict(zip(self.names, row, strict=True))
        for name in self.sealed:
            if record[name] is not None:
                opened = keys.open(INSTALLATION, self._where(name, record["id"]), record[name])
                record[name] = None if name in self.filled and opened == NOTHING else opened
        for name, codec in self.codecs.items():
            if record[name] is not None:
                record[name] = codec.decode(record[name])
        return self.kind(**record)

    def _where(self, name: str, id: str) -> str:
        return f"{self.what(name)}:{id}"

    def what(self, name: str) -> str:
        """A field as seals and blind indexes name it: `table:column`."""
        return f"{self.table.name}:{name}"

    def in_order(self, rows: Iterable[Sequence[Any]], keys: TransactionKeys) -> list[E]:
        """The entities of rows of `select`, in the order of their kind."""
        return self.sorted(self.entity(row, keys) for row in rows)


def _codecs(kind: type[Any], sealed: Iterable[str]) -> dict[str, Json]:
    """Of tuples and dataclasses, and of sealed words and truths: SQL would not know them either."""
    hints = get_type_hints(kind)
    words = {name for name in sealed if any(_is_word(h) for h in (hints[name], *get_args(hints[name])))}
    words |= {name for name in sealed if bool in (hints[name], *get_args(hints[name]))}
    return {name: Json(hint) for name, hint in hints.items() if _is_structured(hint) or name in words}


def _is_structured(hint: Any) -> bool:
    """Return whether it is a tuple, one or nothing, or a dataclass."""
    return is_dataclass(hint) or any(get_origin(each) is tuple for each in (hint, *get_args(hint)))


def _is_word(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


_ALL: tuple[Mapper[Any], ...] = (
    Mapper(Team, directory.teams, "key"),
    Mapper(Person, directory.persons, "id"),
    Mapper(Coordinator, directory.coordinators, "since", owner="team_id", part="coordinators"),
    Mapper(Agency, directory.agencies, "name", owner="team_id"),
    Mapper(Contact, directory.contacts, "position", owner="agency_id", part="contacts"),
    Mapper(Count, report.counts, "month"),
    Mapper(YearCount, report.yearly_counts, "year"),
    Mapper(Leftovers, leftovers.leftovers, "noted_on"),
    Mapper(OwnerAnswer, owner.owner_answers, "id"),
    Mapper(Draft, infrastructure.drafts, "created_at"),
)
MAPPERS: Mapping[type[Any], Mapper[Any]] = {mapper.kind: mapper for mapper in _ALL}


def mapper_of(kind: type[E]) -> Mapper[E]:
    """The mapper of a kind of entity; TypeError for what has no table."""
    try:
        return MAPPERS[kind]
    except KeyError:
        raise TypeError(f"{kind.__name__} is not stored") from None
