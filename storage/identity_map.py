"""The entities with tables of their own that one transaction has read and written, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact
from storage.documents.document import Document
from storage.kinds import equals
from storage.mapper import mapper_of

E = TypeVar("E")


class IdentityMap:
    """Each entity once, as it is now.

    A group is all of one kind that belongs to one team. Once loaded it stays complete: what is kept or
    removed is so in its group too. `edits` counts what has changed in any of them.
    """

    def __init__(self) -> None:
        self.edits = 0
        self._entities: dict[tuple[type[Any], str], Any] = {}
        self._groups: dict[tuple[type[Any], str | None], dict[str, Any]] = {}
        self._files: dict[str, tuple[Document, int, int, CaseFile]] = {}

    def get(self, kind: type[E], id: str) -> E | None:
        """Return the entity, if it has been read or written."""
        return self._entities.get((kind, id))

    def keep(self, entities: Iterable[Any]) -> None:
        """Keep entities that have been read or written, as they are from now on."""
        for entity in entities:
            kind, id = type(entity), entity.id
            if self._entities.get((kind, id)) == entity:
                continue
            self.remove(kind, id)
            self._entities[kind, id] = entity
            self.edits += 1
            if (group := self._group_of(entity)) is not None:
                group[id] = entity

    def remove(self, kind: type[Any], id: str) -> None:
        """Forget an entity: it has been deleted."""
        entity = self._entities.pop((kind, id), None)
        if entity is not None:
            self.edits += 1
            if (group := self._group_of(entity)) is not None:
                group.pop(id, None)

    def load(self, kind: type[E], team_id: str, entities: Iterable[E]) -> None:
        """Keep all of a kind that belongs to a team, as it has just been read."""
        group = self._groups[kind, team_id] = {}
        for entity in entities:
            id: str = getattr(entity, "id")  # noqa: B009 - E is any entity
            if self._entities.setdefault((kind, id), entity) != entity:
                self.keep([entity])
            group[id] = entity

    def holds(self, kind: type[Any], team_id: str) -> bool:
        return (kind, team_id) in self._groups

    def group(self, kind: type[E], team_id: str) -> list[E]:
        """All of a kind that belongs to a team, in their order; they have been loaded."""
        return mapper_of(kind).sorted(self._groups[kind, team_id].values())

    def file(self, document: Document, made: Callable[[], CaseFile]) -> CaseFile:
        """The file of a case, made anew only after something in it has changed."""
        id = document.key[1]
        if (kept := self._files.get(id)) is not None:
            of, document_edits, edits, file = kept
            if of is document and (document_edits, edits) == (document.edits, self.edits):
                return file
        file = made()
        self._files[id] = (document, document.edits, self.edits, file)
        return file

    def find(self, kind: type[E], where: dict[str, Any]) -> list[E] | None:
        """As `UnitOfWork.find`, if what is looked for lies in one group that has been loaded; else None."""
        name = mapper_of(kind).owner
        owner = where.get(name) if name is not None else None
        group = self._groups.get((kind, self._owner(kind, owner))) if isinstance(owner, str) else None
        if group is None:
            return None
        found = (e for e in group.values() if all(equals(getattr(e, n), v) for n, v in where.items()))
        return mapper_of(kind).sorted(found)

    def _group_of(self, entity: Any) -> dict[str, Any] | None:
        kind = type(entity)
        name = mapper_of(kind).owner
        return None if name is None else self._groups.get((kind, self._owner(kind, getattr(entity, name))))

    def _owner(self, kind: type[Any], owner: str) -> str | None:
        """Contacts are read together for all agencies of a team."""
        if kind is not Contact:
            return owner
        agency = self.get(Agency, owner)
        return None if agency is None else agency.team_id
