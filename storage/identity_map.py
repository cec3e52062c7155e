"""The entities that one transaction has read and written, and the case files made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, exists, select

from bot.domain.case.entities import Case, Involvement, Room
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Person, Team
from storage.mapper import MAPPERS, Mapper, mapper_of

E = TypeVar("E")

#: What a file is made of: what hangs on the case, and what belongs to its team.
_PARTS = [m for m in MAPPERS.values() if m.part is not None]
OF_CASE = [m.kind for m in _PARTS if m.owner == "case_id"]

#: Of which kinds a case has any: most have few, and one question is cheaper than one for each.
_HANGS_ON: BindParameter[str] = bindparam("case_id")
_WHICH = select(*(exists().where(mapper_of(kind).table.c.case_id == _HANGS_ON) for kind in OF_CASE))


def present(connection: Connection, case_id: str) -> set[type[Any]]:
    """Return the kinds of which the case has any."""
    row = connection.execute(_WHICH, {"case_id": case_id}).one()
    return {kind for kind, found in zip(OF_CASE, row, strict=True) if found}


class IdentityMap:
    """Each entity once, as it is now.

    A group is all of one kind that belongs to one case or team. Once loaded it stays complete: what is kept
    or removed is so in its group too. A case file is made of groups, and anew after a change in any of them.
    """

    def __init__(self) -> None:
        self._entities: dict[tuple[type[Any], str], Any] = {}
        self._groups: dict[tuple[type[Any], str | None], dict[str, Any]] = {}
        self._files: dict[str, CaseFile] = {}

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
            if (group := self._group_of(entity)) is not None:
                group[id] = entity
                self._files.clear()

    def remove(self, kind: type[Any], id: str) -> None:
        """Forget an entity: it has been deleted."""
        entity = self._entities.pop((kind, id), None)
        if entity is not None:
            self._files.clear()
            if (group := self._group_of(entity)) is not None:
                group.pop(id, None)

    def load(self, kind: type[E], owner: str, entities: Iterable[E]) -> None:
        """Keep all of a kind that belongs to a case or team, as it has just been read."""
        group = self._groups[kind, owner] = {}
        for entity in entities:
            id: str = getattr(entity, "id")  # noqa: B009 - E is any entity
            if self._entities.setdefault((kind, id), entity) != entity:
                self.keep([entity])
            group[id] = entity

    def holds(self, kind: type[Any], owner: str) -> bool:
        return (kind, owner) in self._groups

    def find(self, kind: type[E], where: dict[str, Any]) -> list[E] | None:
        """As `UnitOfWork.find`, if what is looked for lies in one group that has been loaded; else None."""
        name = mapper_of(kind).owner
        owner = where.get(name) if name is not None else None
        group = self._groups.get((kind, self._owner(kind, owner))) if isinstance(owner, str) else None
        if group is None:
            return None
        found = (e for e in group.values() if all(_equals(getattr(e, n), v) for n, v in where.items()))
        return mapper_of(kind).sorted(found)

    def file(self, case: Case, people: Callable[[Iterable[str]], dict[str, Person]]) -> CaseFile:
        """The file of a case whose groups have been loaded; `people` gives persons by their ids."""
        file = self._files.get(case.id)
        if file is None:
            file = self._files[case.id] = self._made(case, people)
        return file

    def _made(self, case: Case, people: Callable[[Iterable[str]], dict[str, Person]]) -> CaseFile:
        def group(mapper: Mapper[Any]) -> list[Any]:
            owner = case.id if mapper.owner == "case_id" else case.team_id
            return mapper.sorted(self._groups[mapper.kind, owner].values())

        agencies = {agency.id: agency for agency in group(mapper_of(Agency))}

        def in_order(involvement: Involvement) -> tuple[bool, str]:
            """Core agencies first, then by name; an agency's own involvements stay oldest first."""
            agency = agencies[involvement.agency_id]
            return not agency.core, agency.shown_name

        parts: dict[str, Any] = {str(mapper.part): tuple(group(mapper)) for mapper in _PARTS}
        parts["involvements"] = tuple(sorted(parts["involvements"], key=in_order))
        (room,) = self._groups[Room, case.id].values()
        in_rooms = chain(room.members, room.left_out or (), *(r.members for r in parts["former_rooms"]))
        own = (parts[str(mapper.part)] for mapper in _PARTS if mapper.owner == "case_id")
        named = frozenset((*in_rooms, *_named_by(chain([case], *own))))
        directory = _named_by(chain(parts["contacts"], parts["coordinators"]))
        parts["contacts"] += tuple(c.contact for c in parts["case_contacts"])
        return CaseFile(
            team=self._entities[Team, case.team_id],
            case=case,
            room=room,
            **parts,
            agencies=agencies,
            persons=people(sorted(named.union(directory))),
            named=named,
        )

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


def _equals(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, tuple | list) else bool(value == wanted)


def _named_by(entities: Iterable[Any]) -> Iterator[str]:
    for entity in entities:
        yield from filter(None, (getattr(entity, name) for name in mapper_of(type(entity)).persons))
