"""A document: its entities in memory, and as the text to seal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from bot.domain.errors import Overtaken
from storage.crypto.master_key import KeyLost
from storage.documents.aggregates import (
    KINDS,
    UNIQUE_MARKS,
    Aggregate,
    Key,
    aggregate_of,
)

E = TypeVar("E")
M = TypeVar("M", bound=BaseModel)

#: The format that is written. Adding, renaming or removing a field needs a new format, and a lift to it.
FORMAT = 1
#: Lifts the parsed text (kinds by name, each a list) from each earlier format to the next.
Lifts = Mapping[int, Callable[[dict[str, Any]], None]]
LIFTS: Lifts = {}


@dataclass(eq=False)
class Document:
    """The entities of an aggregate, by kind and id.

    `version` is that of the row it was read from, None for a new one; versions have no order. `edits` counts
    the changes since it was read; `changed` says that it has to be written.
    """

    key: Key
    version: int | None = None
    edits: int = 0
    changed: bool = False
    entities: dict[type[Any], dict[str, Any]] = field(default_factory=dict)

    @property
    def aggregate(self) -> Aggregate:
        return aggregate_of(self.key)

    @property
    def root(self) -> Any:
        """The entity that the document is named after, or None."""
        return self.get(self.aggregate.root, self.key.partition("/")[2])

    @property
    def is_over(self) -> bool:
        """Return whether its root has been erased."""
        return getattr(self.root, "purged_at", None) is not None

    @property
    def is_empty(self) -> bool:
        return not any(self.entities.values())

    def get(self, kind: type[E], id: str) -> E | None:
        return self.entities.get(kind, {}).get(id)

    def all(self, kind: type[E]) -> list[E]:
        return list(self.entities.get(kind, {}).values())

    def texts(self) -> Iterator[str]:
        """Yield the texts in all fields by which an entity may be found."""
        for kind, theirs in self.entities.items():
            for entity, name in product(theirs.values(), KINDS[kind].names):
                if isinstance(value := getattr(entity, name), str):
                    yield value

    def put(self, entity: Any, *, new: bool = False) -> None:
        """Add or replace an entity. Raise Overtaken if another one exists and only one may."""
        kind = type(entity)
        entity = _in_utc(entity)
        theirs = self.entities.setdefault(kind, {})
        if new and entity.id in theirs:
            raise Overtaken
        others = [other for other in theirs.values() if other.id != entity.id]
        for mark in UNIQUE_MARKS.get(kind, ()):
            own = mark(entity)
            if own is not None and any(mark(other) == own for other in others):
                raise Overtaken
        theirs[entity.id] = entity
        self._edited()

    def copy(self) -> Document:
        """Return a copy that may be changed."""
        entities = {kind: dict(theirs) for kind, theirs in self.entities.items()}
        return Document(self.key, self.version, entities=entities)

    def remove(self, kind: type[Any], id: str) -> None:
        if self.entities.get(kind, {}).pop(id, None) is not None:
            self._edited()

    def _edited(self) -> None:
        self.edits += 1
        self.changed = True

    def strip(self) -> None:
        """Remove everything that is not kept of an erased document."""
        kept = self.aggregate.kept
        self.entities = {
            kind: {id: KINDS[kind].bare(entity, kept[kind]) for id, entity in theirs.items()}
            for kind, theirs in self.entities.items()
            if kind in kept
        }

    def text(self) -> str:
        """Return the entities as JSON, after reading it back: unreadable text is never written."""
        kinds: dict[str, Any] = {k.__name__: tuple(theirs.values()) for k, theirs in self.entities.items()}
        made = _model(self.aggregate).model_construct(None, format=FORMAT, **kinds)
        text = made.model_dump_json(warnings="error")
        Document(self.key).read(text)
        return text

    def read(self, text: str) -> None:
        """Load the entities from a text. Raise KeyLost if this version does not know the text."""
        read = parsed(_model(self.aggregate), text, self.key, FORMAT, LIFTS)
        for kind in self.aggregate.kinds:
            self.entities[kind.kind] = {each.id: each for each in getattr(read, kind.kind.__name__)}


def parsed(model: type[M], text: str, name: str, present: int, lifts: Lifts) -> M:
    """Parse the text of a document or a ledger, lifted to the present format. Raise KeyLost if that fails."""
    with suppress(ValidationError):
        return model.model_validate_json(text)
    wrong = KeyLost(f"{name} is not in a format that this version knows")
    try:
        older = json.loads(text)
        found = int(older["format"])
        for number in range(found, present):
            lifts[number](older)
    except (ValueError, TypeError, LookupError):
        raise wrong from None
    if found > present:
        raise KeyLost(f"{name} was written by a newer version of the bot: it is left unchanged")
    try:
        return model.model_validate({**older, "format": present})
    except ValidationError:
        # No cause: the ValidationError holds the text.
        raise wrong from None


@cache
def _model(aggregate: Aggregate) -> type[BaseModel]:
    """Return the schema of an aggregate's documents: unknown fields are refused, not dropped."""
    kinds: dict[str, Any] = {k.kind.__name__: (tuple[k.kind, ...], ()) for k in aggregate.kinds}  # type: ignore[name-defined]
    return create_model(
        aggregate.word,
        __config__=ConfigDict(extra="forbid"),
        format=(int, Field(ge=FORMAT, le=FORMAT)),
        **kinds,
    )


def _in_utc(entity: E) -> E:
    """Return the entity with its times in UTC. Raise ValueError for a time without a zone."""
    times = {}
    for name in type(entity).__dataclass_fields__:  # type: ignore[attr-defined]
        value = getattr(entity, name)
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"a naive datetime cannot be stored: {value!r}")
            if value.tzinfo is not UTC:
                times[name] = value.astimezone(UTC)
    return replace(entity, **times) if times else entity  # type: ignore[type-var]
