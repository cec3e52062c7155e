"""One transaction, as the use cases see it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, delete, exists, select
from sqlalchemy.exc import IntegrityError

from bot.domain.audit import AuditEntry, Event
from bot.domain.case.entities import Case, Room, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.errors import Overtaken
from bot.domain.notifications import Notification
from bot.usecases.ports import Draft, Ids, Posted
from storage import case_files, lookups
from storage.directory_tables import agencies, contacts, teams
from storage.ids import RandomIds
from storage.mapper import OWNER_OF, Mapper, mapper_of
from storage.memory import DIRECTORY, Remembered, memory_of, question
from storage.scopes import owner, scopes
from storage.tables import cases, rooms, seats
from storage.vault.keys import INSTALLATION, case_scope
from storage.vault.ring import Ring

E = TypeVar("E")
T = TypeVar("T")
#: What is logged so whether or not anything has been changed.
_AS_IT_IS = frozenset(
    {
        Event.REFUSED,
        Event.EXPORTED,
        Event.REPORT_EXPORTED,
        Event.REMOVED,
        Event.PURGED,
        Event.PURGE_ORDERED,
    }
)
_CONTACTS = (
    mapper_of(Contact)
    .select()
    .join_from(contacts, agencies)
    .where(agencies.c.team_id == bindparam("team_id"))
)
#: The cases in which something may be found that is looked for in all of them.
_UNPURGED = select(cases.c.id).where(cases.c.purged_at.is_(None))
_WITH_ROOM = select(rooms.c.case_id).where(rooms.c.archived.is_(False))
_WITH_LIVE_SEAT = select(seats.c.case_id).where(seats.c.ended_at.is_(None)).distinct()
_CASE_OF_ROOM = select(rooms.c.case_id).where(rooms.c.channel_id_ix.in_(bindparam("here", expanding=True)))
_OWNERS: frozenset[type[Any]] = frozenset(OWNER_OF)
_OF_CONTACTS: frozenset[type[Any]] = frozenset({Contact, Agency})
_OF_ROOM: frozenset[type[Any]] = frozenset({Team, Room, Case})
_TEAM_AND_ROOM = (
    select(*mapper_of(Team).columns, *mapper_of(Room).columns)
    .join_from(rooms, cases)
    .join(teams)
    .where(rooms.c.case_id == bindparam("case_id"))
)


class SqlUnitOfWork:
    """A `UnitOfWork` on one connection, inside one transaction that others begin and end.

    `Overtaken` means that somebody else was first: the row is no longer as it was read, or what may
    exist only once exists already. It has to end the transaction: PostgreSQL takes no more statements.

    With `writes`, reading a case file on PostgreSQL locks the case until the transaction ends, so that
    two changes of one case follow each other. SQLite has one writer: what it has read or written here is
    held, and not read again before it is changed. `remembered` holds what is known of the directory.
    """

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        ring: Ring,
        remembered: Remembered | None = None,
        *,
        writes: bool,
    ) -> None:
        self.now = now
        self.ids: Ids = RandomIds(partial(_code_is_taken, connection))
        self.notifications: list[Notification] = []
        #: Whether anything has been changed but what the bot remembers of its own messages, and drafts.
        self.changed = False
        self._entries: dict[AuditEntry, None] = {}
        self._acted = False
        self.ring = ring
        self._connection = connection
        self._writes = writes
        self._memory = memory_of(connection, remembered, writes=writes)

    # --- entities ------------------------------------------------------------------------------

    def get(self, kind: type[E], id: str) -> E | None:
        """The entity with this id, or None."""
        held = self._memory.entity(kind, id)
        if held is not None:
            return held
        if kind in DIRECTORY:
            return next(iter(self._load(kind, {"id": [id]})), None)
        row = self._row(lookups.by_id(kind), id)
        if row is None:
            return None
        entity = mapper_of(kind).entity(row, self.ring)
        self._memory.read([entity])
        return entity

    def find(self, kind: type[E], /, **where: Any) -> list[E]:
        """Entities whose fields equal all of `where`, in the order of their kind (oldest first).

        None matches NULL; a tuple or list means «one of». A sealed field is found by its blind index, in
        the case that `where` names, else in all that are not over. TypeError for a field that there is
        not, or that cannot be looked for.
        """
        return self._load(kind, where)

    def add(self, *entities: object) -> None:
        """Insert new entities, in any order. Overtaken if one may exist only once and does."""
        for kind, group in groupby(entities, key=type):
            self._note(kind)
            mapper: Mapper[Any] = mapper_of(kind)
            new = list(group)
            self._refuse_second_room(new)
            rows = [mapper.row(entity, self.ring, new=True) for entity in new]
            self._execute_unique(kind, lookups.insertion(mapper), rows)
            self._memory.written(kind, new)

    def change(self, entity: E, **changes: Any) -> E:
        """Write changed fields and return the changed entity.

        The row must still be as `entity` has it in the changed fields, else Overtaken. Values are
        compared as entities have them, not in SQL, which does not look into every column.
        """
        kind = type(entity)
        mapper = mapper_of(kind)
        self._note(kind)
        changed = replace(entity, **changes)  # type: ignore[type-var]
        stored = self._stored(kind, changed.id)  # type: ignore[attr-defined]
        if stored is None or any(getattr(stored, name) != getattr(entity, name) for name in changes):
            raise Overtaken(what=kind.__name__)
        if changes:
            self._refuse_second_room([changed])
            values = mapper.row(changed, self.ring, changes)
            self._execute_unique(kind, lookups.change(mapper), {**values, lookups.THIS: changed.id})  # type: ignore[attr-defined]
            self._memory.written(kind, [replace(stored, **changes)])  # type: ignore[type-var]
        return changed

    def remove(self, entity: object) -> None:
        """Delete an entity. Deleting what is gone is no error; deleting what is referred to is."""
        kind = type(entity)
        self._note(kind)
        table = mapper_of(kind).table
        self._connection.execute(delete(table).where(table.c.id == entity.id))  # type: ignore[attr-defined]
        self._memory.removed(kind, entity.id)  # type: ignore[attr-defined]

    def _note(self, kind: type[Any]) -> None:
        self._acted = self._acted or kind is not Draft
        self.changed = self.changed or kind not in (Draft, Posted)

    # --- cases ---------------------------------------------------------------------------------

    def case_file(self, case_id: str) -> CaseFile | None:
        """A snapshot of one case, as this transaction sees it; None if there is no such case."""

        def ask() -> tuple[CaseFile | None, bool]:
            file = self._case_file(case_id)
            # Who comes later has to meet it too.
            return file, not self.ring.met_erased

        return self._memory.case(case_id, ask)

    def _case_file(self, case_id: str) -> CaseFile | None:
        # The lock comes first and alone: what is read after it is what the previous holder left.
        case = self._stored(Case, case_id) if self._writes else self.get(Case, case_id)
        if case is None:
            return None
        answer = self._memory.answer
        team, room = answer(("team and room", case_id), _OF_ROOM, lambda: self._team_and_room(case))
        names = answer(
            ("parts", case_id), case_files.KINDS, lambda: case_files.present(self._connection, case_id)
        )
        return case_files.whole(self.find, case, team, room, self._contacts_of_team(team.id), names)

    def hold_case(self, case_id: str) -> None:
        """Let no other transaction change the case until this one ends."""
        self._row(lookups.by_id(Case, lock=True), case_id)

    def case_of_channel(self, channel_id: str) -> str | None:
        """The id of the case whose room this channel is, as long as it is not archived."""
        here = self._blinds(mapper_of(Room), "channel_id", channel_id, {})
        return self._connection.scalar(_CASE_OF_ROOM, {"here": here}) if here else None

    def cases_with(self, person_id: str) -> list[str]:
        """Ids of the unpurged cases in which the person has a live seat, newest first."""
        theirs = self._blinds(mapper_of(Seat), "person_id", person_id, {"ended_at": None})
        seated = select(seats.c.case_id).where(
            seats.c.person_id_ix.in_(theirs or []), seats.c.ended_at.is_(None)
        )
        return self._newest_cases(cases.c.id.in_(seated))

    def cases_of_team(self, team_id: str) -> list[str]:
        """Ids of the team's unpurged cases, newest first."""
        return self._newest_cases(cases.c.team_id == team_id)

    # --- the directory -------------------------------------------------------------------------

    def person_by_slack(self, slack_id: str) -> Person | None:
        """The person with this Slack id."""
        return next(iter(self.find(Person, slack_id=slack_id)), None)

    def teams(self) -> list[Team]:
        """All teams, by key."""
        return self._load(Team, {})

    def coordinators(self, team_id: str) -> list[Coordinator]:
        """The team's coordinators now, longest first.

        In a write transaction they stay as they are until it ends: of two coordinators who relieve
        each other at once, the second one finds nobody left to relieve.
        """
        return self._load(Coordinator, {"team_id": team_id, "until": None}, lock=self._writes)

    def agencies(self, team_id: str) -> list[Agency]:
        """The team's agencies that have not been retired, core ones first, then by name."""
        found = self.find(Agency, team_id=team_id, retired=False)
        return sorted(found, key=lambda agency: not agency.core)

    def contacts(self, agency_id: str) -> list[Contact]:
        """The agency's contacts that have not been retired, in order on call."""
        return self.find(Contact, agency_id=agency_id, retired=False)

    def erase(self, case_id: str) -> None:
        """Once this is committed, destroy the case's key: what it sealed is gone, from every backup too."""
        self.ring.erase(case_scope(case_id))

    def erase_item(self, item: str) -> None:
        """The same for what lies outside cases."""
        self.ring.erase(item)

    def hold_item(self, item: str) -> None:
        """Let no other transaction change what lies outside cases until this one ends."""
        found = owner(item)
        if found is not None:
            table, id = found
            self._connection.execute(select(table.c.id).where(table.c.id == id).with_for_update())

    # --- the log -------------------------------------------------------------------------------

    def audit(self, *entries: AuditEntry) -> None:
        """Log what is done here, once each; the runner of the transaction writes it."""
        self._entries.update(dict.fromkeys(entries))

    def entries(self) -> list[AuditEntry]:
        """What to log if this succeeds: where nothing but a draft has been changed, it was only shown."""
        if self._acted:
            return list(self._entries)
        shown = (e if e.event in _AS_IT_IS else replace(e, event=Event.SERVED) for e in self._entries)
        return list(dict.fromkeys(shown))

    def refusals(self) -> list[AuditEntry]:
        """What to log if this is rolled back."""
        return [e for e in self._entries if e.event is Event.REFUSED]

    # --- notifications -------------------------------------------------------------------------------

    def enqueue(self, *notifications: Notification) -> None:
        """Leave notifications in the outbox; they are written as the last thing of the transaction."""
        self.notifications.extend(notifications)

    # --- the rest ------------------------------------------------------------------------------

    def _load(self, kind: type[E], where: dict[str, Any], *, lock: bool = False) -> list[E]:
        """A list of one's own."""
        if kind is Person and where.keys() == {"id"} and isinstance(where["id"], list | tuple):
            return self._memory.people(where["id"], lambda ids: self._query(Person, {"id": ids}))  # type: ignore[return-value]
        # A sealed field is looked for in all that are not over, so that an end is another answer.
        about = frozenset({kind}) if kind in DIRECTORY else _OWNERS | {kind}
        found = self._memory.answer(question(kind, where), about, lambda: self._query(kind, where, lock=lock))
        return list(found)

    def _contacts_of_team(self, team_id: str) -> list[Contact]:
        def query() -> list[Contact]:
            rows = self._connection.execute(_CONTACTS, {"team_id": team_id}).all()
            return mapper_of(Contact).in_order(rows, self.ring)

        return list(self._memory.answer((Contact, "of a team", team_id), _OF_CONTACTS, query))

    def _query(self, kind: type[E], where: dict[str, Any], *, lock: bool = False) -> list[E]:
        mapper = mapper_of(kind)
        searched: dict[str, Any] = {}
        for name, value in where.items():
            if name in mapper.blinds:
                blinds = self._blinds(mapper, name, value, where)
                # «Equal to the one» is cheaper than «one of one».
                searched[mapper.blinds[name].name] = blinds[0] if blinds and len(blinds) == 1 else blinds
            else:
                searched[name] = value
        query, values = lookups.find_by(kind, searched, lock=lock)
        found = mapper.in_order(self._connection.execute(query, values).all(), self.ring)
        self._memory.read(found)
        return found

    def _stored(self, kind: type[E], id: str) -> E | None:
        """The entity as it is now, to be changed: nobody else changes it before this transaction ends."""
        if self._connection.dialect.name == "sqlite":
            return self.get(kind, id)
        row = self._row(lookups.by_id(kind, lock=True), id)
        return None if row is None else mapper_of(kind).entity(row, self.ring)

    def _blinds(
        self, mapper: Mapper[Any], name: str, value: Any, where: dict[str, Any]
    ) -> list[bytes] | None:
        """What a sealed field with this value is found by: in each case it is another. None for None."""
        if value is None:
            return None
        values = value if isinstance(value, tuple | list) else [value]
        return self.ring.blinds(self._scopes(mapper, where), mapper.what(name), values)

    def _scopes(self, mapper: Mapper[Any], where: dict[str, Any]) -> list[str]:
        if where.get("item") is not None:
            return [where["item"]]
        if "case_id" not in mapper.names:
            return [INSTALLATION]
        if "case_id" in where:
            named = where["case_id"]
            return [case_scope(c) for c in (named if isinstance(named, tuple | list) else [named])]
        answer, connection = self._memory.answer, self._connection
        if mapper.table.c.case_id.nullable:
            everywhere = answer("scopes", _OWNERS, lambda: scopes(connection, purged=False))
            return [*everywhere, INSTALLATION]
        query, about = _UNPURGED, _OWNERS
        if mapper.kind is Room:
            query, about = _WITH_ROOM, frozenset({Room})
        elif mapper.kind is Seat and where.get("ended_at", ...) is None:
            query, about = _WITH_LIVE_SEAT, frozenset({Seat})
        found = answer(query, about, lambda: connection.scalars(query).all())
        return [case_scope(case_id) for case_id in found]

    def _refuse_second_room(self, entities: Sequence[object]) -> None:
        """A channel is the room of one case. No index can tell: each case has one of its own."""
        owners = {r.channel_id: r.case_id for r in entities if isinstance(r, Room) and r.channel_id}
        if not owners:
            return
        for stored in self._load(Room, {"channel_id": list(owners)}):
            if stored.channel_id is not None and owners[stored.channel_id] != stored.case_id:
                raise Overtaken(what="Room")

    def _row(self, query: Select[Any], id: str) -> Row[Any] | None:
        return self._connection.execute(query, {"id": id}).one_or_none()

    def _team_and_room(self, case: Case) -> tuple[Team, Room]:
        team, room = mapper_of(Team), mapper_of(Room)
        row = self._connection.execute(_TEAM_AND_ROOM, {"case_id": case.id}).one()
        split = len(team.columns)
        return team.entity(row[:split], self.ring), room.entity(row[split:], self.ring)

    def _newest_cases(self, condition: ColumnElement[bool]) -> list[str]:
        query = select(cases.c.id).where(condition, cases.c.purged_at.is_(None))
        return list(self._connection.scalars(query.order_by(cases.c.opened_at.desc(), cases.c.id)))

    def _execute_unique(self, kind: type[Any], statement: Any, rows: Any) -> None:
        try:
            self._connection.execute(statement, rows)
        except IntegrityError as error:
            if _is_duplicate(error):
                raise Overtaken(what=kind.__name__) from error
            raise


def _code_is_taken(connection: Connection, code: str) -> bool:
    return bool(connection.scalar(select(exists().where(cases.c.code == code))))


def _is_duplicate(error: IntegrityError) -> bool:
    """Whether a row exists already, as opposed to one that refers to nothing."""
    duplicates = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return (
        getattr(error.orig, "sqlstate", None) == "23505"
        or getattr(error.orig, "sqlite_errorcode", None) in duplicates
    )
