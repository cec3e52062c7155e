"""The file of a case: its document, with the part of the directory that concerns it."""

from __future__ import annotations

from itertools import chain
from typing import Any

from bot.domain.case.entities import Involvement, Room
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from storage.documents.aggregates import CASE, KINDS
from storage.documents.document import Document

_PARTS = [kind for kind in CASE.kinds if kind.part is not None]


def file_of(document: Document, directory: Document) -> CaseFile:
    """Return the file of a case.

    Raises:
        LookupError: its team is not in the directory.
    """
    case = document.root
    team = directory.get(Team, case.team_id)
    if team is None:
        raise LookupError("a case of no team")
    everywhere = KINDS[Agency].sorted(directory.all(Agency))
    agencies = {agency.id: agency for agency in everywhere if agency.team_id == team.id}
    contacts = KINDS[Contact].sorted(c for c in directory.all(Contact) if c.agency_id in agencies)
    coordinators = KINDS[Coordinator].sorted(c for c in directory.all(Coordinator) if c.team_id == team.id)

    def in_order(involvement: Involvement) -> tuple[bool, str]:
        """Core agencies first, then by name; an agency's own involvements stay oldest first."""
        agency = agencies[involvement.agency_id]
        return not agency.core, agency.shown_name

    parts: dict[str, Any] = {str(k.part): tuple(k.sorted(document.all(k.kind))) for k in _PARTS}
    parts["involvements"] = tuple(sorted(parts["involvements"], key=in_order))
    order = {involvement.id: at for at, involvement in enumerate(parts["involvements"])}
    parts["duties"] = tuple(sorted(parts["duties"], key=lambda duty: order[duty.involvement_id]))
    (room,) = document.all(Room)
    in_rooms = chain(room.members, room.left_out or (), *(r.members for r in parts["former_rooms"]))
    own = chain.from_iterable(theirs.values() for theirs in document.entities.values())
    by_field = (getattr(each, name) for each in own for name in KINDS[type(each)].persons)
    named = frozenset(filter(None, (*in_rooms, *by_field)))
    roles = {c.person_id for c in contacts} | {c.person_id for c in coordinators}
    return CaseFile(
        team=team,
        case=case,
        room=room,
        **parts,
        agencies=agencies,
        contacts=(*contacts, *(c.contact for c in parts["case_contacts"])),
        coordinators=tuple(coordinators),
        persons={id: p for id in sorted(named | roles) if (p := directory.get(Person, id)) is not None},
        named=named,
    )
