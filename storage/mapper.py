"""Entities ↔ rows, by the fields of the dataclass.

A field whose column is sealed is opened and sealed with the key of the row's scope: of what it is or belongs
to (`storage.scopes`), else the installation's. Of what is erased, what was sealed is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Generic, TypeVar, cast, get_origin, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import Select, Table, select

from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.duty import Arrival, Correction, Count, EscalationStep, Tick
from bot.domain.case.entities import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.domain.case.links import Liaison, LiaisonInvitation, Link
from bot.domain.case.pause import Pause
from bot.domain.case.persons import ClosedPerson
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.guidance import Guidance
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.notification_params import Params
from bot.domain.notifications import Kind
from bot.usecases.ports import Draft, Posted
from storage import action_tables, directory_tables, duty_tables, link_tables, outside_tables, tables
from storage.vault.keys import Erased, case_scope
from storage.vault.ring import Ring

E = TypeVar("E")
TABLE_OF: Mapping[type[Any], Table] = {
    Team: directory_tables.teams,
    Person: directory_tables.persons,
    Coordinator: directory_tables.coordinators,
    Agency: directory_tables.agencies,
    Contact: directory_tables.contacts,
    Case: tables.cases,
    Room: tables.rooms,
    Involvement: tables.involvements,
    Meeting: tables.meetings,
    Seat: tables.seats,
    Duty: tables.duties,
    Ask: tables.asks,
    EscalationStep: duty_tables.steps,
    Arrival: duty_tables.arrivals,
    Tick: duty_tables.agenda_ticks,
    Correction: duty_tables.corrections,
    Count: duty_tables.counts,
    Guidance: outside_tables.guidances,
    Convening: outside_tables.convenings,
    JointMeeting: outside_tables.joint_meetings,
    JointInvitation: outside_tables.joint_invitations,
    JointEntry: outside_tables.joint_entries,
    ClosedPerson: link_tables.closed_persons,
    Link: link_tables.links,
    Liaison: link_tables.liaisons,
    LiaisonInvitation: link_tables.liaison_invitations,
    Pause: link_tables.pauses,
    CaseNeed: action_tables.case_needs,
    CaseAction: action_tables.actions,
    Placement: action_tables.placements,
    Deadline: action_tables.deadlines,
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
    EscalationStep: "taken_at",
    Arrival: "at",
    Tick: "ticked_at",
    Correction: "corrected_at",
    Count: "month",
    Guidance: "asked_at",
    Convening: "asked_at",
    JointMeeting: "starts_at",
    JointInvitation: "invited_at",
    JointEntry: "made_at",
    ClosedPerson: "letter",
    Link: "id",
    Liaison: "since",
    LiaisonInvitation: "invited_at",
    Pause: "since",
    CaseNeed: "noted_at",
    CaseAction: "agreed_at",
    Placement: "confirmed_at",
    Deadline: "set_at",
    CalendarEntry: "made_at",
    Posted: "posted_at",
    Draft: "created_at",
}
#: The word with which the scope of a kind begins that has a key of its own (`storage.scopes`).
OWNER_OF: Mapping[type[Any], str] = {
    Case: "case",
    Guidance: "guidance",
    Convening: "convening",
    JointMeeting: "joint",
}


class Json:
    """Tuples and dataclasses as JSON text. SQL never looks into it."""

    def __init__(self, hint: Any) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(hint)

    def encode(self, value: Any) -> str:
        """The value as JSON text."""
        return self._adapter.dump_json(value).decode()

    def decode(self, stored: str) -> Any:
        """The value, validated. Keys that this version does not know are ignored."""
        return self._adapter.validate_json(stored)


NONE = "null"
_PARAMS: Mapping[type[Any], Json] = {kind.params: Json(kind.params) for kind in Kind if kind.params}


def encode_params(params: Params | None) -> str:
    """A notification's parameters as JSON text; its kind tells their shape."""
    return NONE if params is None else _PARAMS[type(params)].encode(params)


def decode_params(kind: Kind, stored: str) -> Params | None:
    """The parameters of a kind, validated; None where it has none."""
    if stored == NONE or kind.params is None:
        return None
    return cast(Params, _PARAMS[kind.params].decode(stored))


class Mapper(Generic[E]):
    """Turns entities of one kind into rows of its table and back."""

    def __init__(self, kind: type[E], table: Table) -> None:
        self.kind = kind
        self.table = table
        self.names = tuple(f.name for f in fields(kind))  # type: ignore[arg-type]
        self.codecs: Mapping[str, Json] = _codecs(kind)
        self.columns = [table.c[name] for name in self.names]
        self.sealed = tuple(name for name in self.names if table.c[name].info.get("sealed"))
        self.blinds = {c.info["blind"]: c for c in table.columns if "blind" in c.info}
        self.searchable = {*self.names, *(c.name for c in self.blinds.values())} - {
            *self.codecs,
            *self.sealed,
        }
        self._order = ORDER_OF[kind]

    def select(self) -> Select[Any]:
        """All rows, the columns in the order of the fields."""
        return select(*self.columns)

    def scope(self, record: Mapping[str, Any]) -> str:
        """Whose key opens a row."""
        if self.kind in OWNER_OF:
            return f"{OWNER_OF[self.kind]}/{record['id']}"
        if "joint_id" in self.names:
            return f"joint/{record['joint_id']}"
        item: str | None = record.get("item")
        return item or case_scope(record.get("case_id"))

    def row(
        self, entity: E, ring: Ring, names: Iterable[str] | None = None, *, new: bool = False
    ) -> dict[str, Any]:
        """The entity's row, or the part of it that `names` picks. `new` may make the key that it needs."""
        record = {name: getattr(entity, name) for name in self.names}
        picked = record if names is None else {name: record[name] for name in names}
        for name in self.codecs.keys() & picked.keys():
            picked[name] = self.codecs[name].encode(picked[name])
        if picked.get("params") is not None:
            picked["params"] = encode_params(picked["params"])
        scope = self.scope(record)
        for name in self.sealed:
            value = picked.get(name)
            if value is not None:
                picked[name] = ring.seal(scope, self._where(name, record["id"]), value, new=new)
            if name in self.blinds and name in picked:
                found_by = None if value is None else ring.blind(scope, self.what(name), value)
                picked[self.blinds[name].name] = found_by
        return picked

    def entity(self, row: Sequence[Any], ring: Ring) -> E:
        """The entity of a row of `select`."""
        if not self.codecs and not self.sealed:
            return self.kind(*row)
        record = dict(zip(self.names, row, strict=True))
        if self.sealed:
            scope = self.scope(record)
            for name in self.sealed:
                if record[name] is not None:
                    record[name] = self._opened(scope, name, record, ring)
        for name, codec in self.codecs.items():
            record[name] = codec.decode(record[name])
        if record.get("params") is not None:
            record["params"] = decode_params(record["kind"], record["params"])
        return self.kind(**record)

    def _opened(self, scope: str, name: str, record: Mapping[str, Any], ring: Ring) -> str | None:
        try:
            return ring.open(scope, self._where(name, record["id"]), record[name])
        except Erased:
            if self.table.c[name].nullable:
                return None
            return "[]" if name in self.codecs else ""

    def _where(self, name: str, id: str) -> str:
        return f"{self.what(name)}:{id}"

    def what(self, name: str) -> str:
        """A field as seals and blind indexes name it: `table:column`."""
        return f"{self.table.name}:{name}"

    def in_order(self, rows: Iterable[Sequence[Any]], ring: Ring) -> list[E]:
        """The entities of rows of `select`, in the order of their kind."""
        return sorted((self.entity(row, ring) for row in rows), key=self._place)

    def _place(self, entity: E) -> tuple[bool, Any, str]:
        value = getattr(entity, self._order)
        return (value is None, value, getattr(entity, "id"))  # noqa: B009 - E is any entity


def _codecs(kind: type[Any]) -> dict[str, Json]:
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
