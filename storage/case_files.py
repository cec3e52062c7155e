"""A case as a whole: everything that hangs on it, and the part of the directory that it touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, exists, select

from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.duty import Arrival, Correction, EscalationStep, Tick
from bot.domain.case.entities import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, LiaisonInvitation, Link
from bot.domain.case.pause import Pause
from bot.domain.case.persons import ClosedPerson
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from storage.mapper import mapper_of

E = TypeVar("E")
#: What hangs on a case, each kind under the name that it has in a `CaseFile`.
_PARTS: Mapping[str, type[Any]] = {
    "seats": Seat,
    "meetings": Meeting,
    "duties": Duty,
    "asks": Ask,
    "entries": CalendarEntry,
    "steps": EscalationStep,
    "arrivals": Arrival,
    "ticks": Tick,
    "corrections": Correction,
    "closed_persons": ClosedPerson,
    "links": Link,
    "liaisons": Liaison,
    "invitations": LiaisonInvitation,
    "pauses": Pause,
    "needs": CaseNeed,
    "actions": CaseAction,
    "placements": Placement,
    "deadlines": Deadline,
}
KINDS = frozenset(_PARTS.values())
#: The fields of them that name a person.
_PEOPLE = (
    *("person_id", "called_by", "chair", "quorum_by", "acknowledged_by", "answered_by", "overtaken_by"),
    *("named_by", "approved_by", "registered_by", "recorded_by", "ticked_by", "corrected_by", "closed_by"),
    *("set_by", "noted_by", "agreed_by", "confirmed_by", "ended_by"),
)
#: Which of them a case has any of: most have few, and one question is cheaper than one for each.
_WHICH = select(
    *(
        exists().where(mapper_of(kind).table.c.case_id == bindparam("case_id")).label(name)
        for name, kind in _PARTS.items()
    )
)


class Find(Protocol):
    """`UnitOfWork.find`."""

    def __call__(self, kind: type[E], /, **where: Any) -> list[E]:
        """Entities whose fields equal all of `where`."""
        ...


def present(connection: Connection, case_id: str) -> Collection[str]:
    """The names of the parts of which the case has any."""
    row = connection.execute(_WHICH, {"case_id": case_id}).one()
    return {name for name, found in zip(_PARTS, row, strict=True) if found}


def whole(
    find: Find, case: Case, team: Team, room: Room, contacts: Sequence[Contact], names: Collection[str]
) -> CaseFile:
    """The snapshot of a case; `contacts` are the whole team's, `names` the parts that are `present`."""
    parts: dict[str, Any] = {
        name: tuple(find(kind, case_id=case.id)) if name in names else () for name, kind in _PARTS.items()
    }
    agencies = {a.id: a for a in find(Agency, team_id=team.id)}
    coordinators = find(Coordinator, team_id=team.id)
    named = {
        case.opened_by,
        *room.members,
        *(c.person_id for c in contacts),
        *(c.person_id for c in coordinators),
        *_named_by(parts.values()),
    }

    def in_order(involvement: Involvement) -> tuple[bool, str]:
        """Core agencies first, then by name; an agency's own involvements stay oldest first."""
        agency = agencies[involvement.agency_id]
        return not agency.core, agency.shown_name

    return CaseFile(
        team=team,
        case=case,
        room=room,
        involvements=tuple(sorted(find(Involvement, case_id=case.id), key=in_order)),
        **parts,
        agencies=agencies,
        contacts=tuple(contacts),
        coordinators=tuple(coordinators),
        persons={p.id: p for p in find(Person, id=sorted(named))},
    )


def _named_by(kinds: Iterable[Iterable[Any]]) -> Iterator[str]:
    for things in kinds:
        for thing in things:
            yield from (person for name in _PEOPLE if (person := getattr(thing, name, None)))
