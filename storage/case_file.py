"""The file of a case: its document, with the part of the directory that it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from bot.domain.case.entities import Involvement, Room
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from storage.documents.aggregates import CASE, KINDS
from storage.documents.document import Document
from storage.identity_map import IdentityMap

_PARTS = [kind for kind in CASE.kinds if kind.part is not None]


def file_of(
    document: Document,
    team: Team,
    directory: IdentityMap,
    people: Callable[[Iterable[str]], dict[str, Person]],
) -> CaseFile:
    """The file of a case of a team whose people have been loaded; `people` gives persons by their ids."""
    case = document.root
    agencies = {agency.id: agency for agency in directory.group(Agency, case.team_id)}
    contacts: list[Contact] = directory.group(Contact, case.team_id)
    coordinators: list[Coordinator] = directory.group(Coordinator, case.team_id)

    def in_order(involvement: Involvement) -> tuple[bool, str]:
        """Core agencies first, then by name; an agency's own involvements stay oldest first."""
        agency = agencies[involvement.agency_id]
        return not agency.core, agency.shown_name

    parts: dict[str, Any] = {str(k.part): tuple(k.sorted(document.all(k.kind))) for k in _PARTS}
    parts["involvements"] = tuple(sorted(parts["involvements"], key=in_order))
    (room,) = document.all(Room)
    in_rooms = chain(room.members, room.left_out or (), *(r.members for r in parts["former_rooms"]))
    own = chain.from_iterable(theirs.values() for theirs in document.entities.values())
    named = frozenset((*in_rooms, *_named_by(own)))
    roles = {c.person_id for c in contacts} | {c.person_id for c in coordinators}
    return CaseFile(
        team=team,
        case=case,
        room=room,
        **parts,
        agencies=agencies,
        contacts=(*contacts, *(c.contact for c in parts["case_contacts"])),
        coordinators=tuple(coordinators),
        persons=people(sorted(named.union(roles))),
        named=named,
    )


def _named_by(entities: Iterable[Any]) -> Iterator[str]:
    for entity in entities:
        yield from filter(None, (getattr(entity, name) for name in KINDS[type(entity)].persons))
