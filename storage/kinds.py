"""Kinds of entities, in documents and ledgers: their order, and the persons that they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, fields, replace
from functools import cached_property
from typing import Any, Generic, TypeVar, get_origin, get_type_hints

from bot.domain.errors import Overtaken

E = TypeVar("E")

#: The fields that hold a person's id, in every kind.
PERSONS = frozenset(
    (
        *("person_id", "opened_by", "in_charge", "offered_to", "called_by", "chair"),
        *("acknowledged_by", "registered_by", "recorded_by", "corrected_by", "not_ours_by"),
        *("answered_by", "overtaken_by", "named_by", "approved_by", "agreed_by", "proposed_by"),
        *("asker", "talk_by", "decided_by", "begun_by"),
    )
)


class Kind(Generic[E]):
    """A kind of entity.

    `order` is the field to sort by; entities without a value come last, ties are sorted by id. `part` is the
    field of a `CaseFile` that holds them.
    """

    def __init__(self, kind: type[E], order: str, *, part: str | None = None) -> None:
        self.kind = kind
        self.part = part
        self.names = tuple(f.name for f in fields(kind))  # type: ignore[arg-type]
        self.persons = tuple(name for name in self.names if name in PERSONS)
        self._order = order

    def bare(self, entity: E, kept: Collection[str]) -> E:
        """Return the entity with only the fields in `kept`; the others are empty."""
        return self.kind(
            **{name: getattr(entity, name) if name in kept else empty for name, empty in self._empty.items()}
        )

    @cached_property
    def _empty(self) -> dict[str, Any]:
        """Each field's default, otherwise an empty value of its type."""
        hints = get_type_hints(self.kind)
        return {
            f.name: _nothing(hints[f.name]) if f.default is MISSING else f.default
            for f in fields(self.kind)  # type: ignore[arg-type]
        }

    def sorted(self, entities: Iterable[E]) -> list[E]:
        found = list(entities)
        if len(found) > 1:
            found.sort(key=self._place)
        return found

    def _place(self, entity: E) -> tuple[bool, Any, str]:
        value = getattr(entity, self._order)
        return (value is None, value, getattr(entity, "id"))  # noqa: B009 - E is any entity


def _nothing(hint: Any) -> Any:
    return () if get_origin(hint) is tuple else hint() if hint in (str, int, bool) else None


def equals(value: Any, wanted: Any) -> bool:
    """Return whether a field's value is the wanted one, or one of several wanted ones."""
    return value in wanted if isinstance(wanted, tuple | list | frozenset) else bool(value == wanted)


def compared(stored: E | None, entity: E, changes: Mapping[str, Any]) -> E:
    """Return the stored entity, changed. Raise Overtaken if it differs from `entity` in these fields."""
    if stored is None or any(getattr(stored, name) != getattr(entity, name) for name in changes):
        raise Overtaken
    return replace(stored, **changes)  # type: ignore[type-var]
