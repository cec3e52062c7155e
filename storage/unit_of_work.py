"""One transaction, as the use cases see it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Row, Select, bindparam, delete
from sqlalchemy.exc import IntegrityError

from bot.domain.access import Action
from bot.domain.audit import AuditEntry, Event
from bot.domain.case.entities import Case, FormerRoom, Room, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.errors import Overtaken
from bot.domain.notifications import Notification
from bot.usecases.ports import Draft, Ids, Posted
from storage import queries
from storage.case_file import file_of
from storage.crypto.keyring import case_scope
from storage.crypto.master_key import KeyLost
from storage.crypto.transaction_keys import TransactionKeys
from storage.documents.aggregates import AGGREGATE_OF, AGGREGATES, CASE
from storage.documents.index import Facts
from storage.documents.store import Documents
from storage.identity_map import IdentityMap
from storage.ids import RandomIds
from storage.ledgers.store import Ledgers
from storage.mapper import Mapper, mapper_of
from storage.schema.directory import agencies, contacts

E = TypeVar("E")
T = TypeVar("T")
#: What is logged so whether or not anything has been changed.
_AS_IT_IS = frozenset(
    (Event.REFUSED, Event.EXPORTED, Action.SHARE_REPORT, Event.REMOVED, Event.PURGED, Event.PURGE_ORDERED)
)
_CONTACTS = (
    mapper_of(Contact)
    .select()
    .join_from(contacts, agencies)
    .where(agencies.c.team_id == bindparam("team_id"))
)


class SqlUnitOfWork:
    """A `UnitOfWork` on one connection, inside one transaction that others begin and end.

    `Overtaken` means that somebody else was first: the row is no longer as it was read, or what may
    exist only once exists already. It has to end the transaction: PostgreSQL takes no more statements.

    With `writes`, reading a case file on PostgreSQL locks the case until the transaction ends, so that
    two changes of one case follow each other; SQLite has one writer. What has been read or written here is
    held, so that a case is read once and its file follows what is changed; `held` is what others have read
    who share a transaction that only reads.
    """

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        keys: TransactionKeys,
        documents: Documents,
        ledgers: Ledgers,
        held: IdentityMap | None = None,
        *,
        writes: bool,
    ) -> None:
        self.now = now
        self.notifications: list[Notification] = []
        #: Ids of the cases that have been settled, in that order.
        self.settled: dict[str, None] = {}
        self._entries: dict[AuditEntry, None] = {}
        self._acted = False
        self.keys = keys
        self._connection = connection
        self._writes = writes
        self._locks = writes and connection.dialect.name == "postgresql"
        #: Nobody else changes these before this transaction ends.
        self._locked: set[tuple[type[Any], str]] = set()
        self._held = held or IdentityMap()
        self.documents = documents
        self.ledgers = ledgers
        # Not by a method of this: what refers to itself is freed only when garbage is looked for.
        self.ids: Ids = RandomIds(partial(_code_is_taken, documents))

    # --- entities ------------------------------------------------------------------------------

    def get(self, kind: type[E], id: str) -> E | None:
        if kind in AGGREGATE_OF:
            return self.documents.get(kind, id)
        if kind is Posted:
            return next(iter(self.find(kind, id=id)), None)
        mapper = mapper_of(kind)
        held = self._held.get(kind, id)
        if held is None and (row := self._row(queries.by_id(kind), id)) is not None:
            held = mapper.entity(row, self.keys)
            self._held.keep([held])
        return held

    def find(self, kind: type[E], /, **where: Any) -> list[E]:
        """Entities whose fields equal all of `where`, in the order of their kind (oldest first).

        None matches NULL; a tuple or list means «one of». TypeError for a field that there is not, or that
        cannot be looked for.
        """
        if kind is Posted:
            return cast("list[E]", self.ledgers.find(where))
        return self.documents.find(kind, where) if kind in AGGREGATE_OF else self._load(kind, where)

    def add(self, *entities: object) -> None:
        """Insert new entities, in any order. Overtaken if one may exist only once and does."""
        for kind, group in groupby(entities, key=type):
            self._note(kind)
            if kind in AGGREGATE_OF or kind is Posted:
                for entity in group:
                    if isinstance(entity, Posted):
                        self.ledgers.add(entity)
                    else:
                        self.documents.add(entity)
                continue
            mapper: Mapper[Any] = mapper_of(kind)
            new = list(group)
            rows = [mapper.row(entity, self.keys) for entity in new]
            self._execute_unique(kind, queries.insertion(mapper), rows)
            self._hold_written(new)

    def change(self, entity: E, **changes: Any) -> E:
        """Write changed fields and return the changed entity.

        The row must still be as `entity` has it in the changed fields, else Overtaken. Values are
        compared as entities have them, not in SQL, which does not look into every column.
        """
        kind = type(entity)
        self._note(kind)
        if isinstance(entity, Posted):
            return cast(E, self.ledgers.change(entity, changes))
        if kind in AGGREGATE_OF:
            return self.documents.change(entity, changes)
        mapper = mapper_of(kind)
        changed = replace(entity, **changes)  # type: ignore[type-var]
        stored = self._stored(kind, changed.id)  # type: ignore[attr-defined]
        if stored is None or any(getattr(stored, name) != getattr(entity, name) for name in changes):
            raise Overtaken(what=kind.__name__)
        if changes:
            values = mapper.row(changed, self.keys, changes)
            self._execute_unique(kind, queries.change(mapper), {**values, queries.THIS: changed.id})  # type: ignore[attr-defined]
            self._hold_written([replace(stored, **changes)])  # type: ignore[type-var]
        return changed

    def remove(self, entity: object) -> None:
        """Delete an entity. Deleting what is gone is no error; deleting what is referred to is."""
        kind = type(entity)
        self._note(kind)
        if isinstance(entity, Posted):
            self.ledgers.remove(entity)
            return
        if kind in AGGREGATE_OF:
            self.documents.remove(kind, entity.id)  # type: ignore[attr-defined]
            return
        table = mapper_of(kind).table
        self._connection.execute(delete(table).where(table.c.id == entity.id))  # type: ignore[attr-defined]
        self._held.remove(kind, entity.id)  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Let go of what is held: whoever still has the unit of work has nothing of a case with it."""
        self._held = IdentityMap()
        self.documents, self.ledgers = self.documents.emptied(), self.ledgers.emptied()
        self.ids = RandomIds(partial(_code_is_taken, self.documents))
        self._writes = False

    def _note(self, kind: type[Any]) -> None:
        if not self._writes:
            raise RuntimeError("a transaction that only reads writes nothing")
        self._acted = self._acted or kind is not Draft

    def _hold_written(self, entities: Sequence[Any]) -> None:
        self._held.keep(entities)
        self._locked.update((type(entity), entity.id) for entity in entities)

    # --- cases ---------------------------------------------------------------------------------

    def case_file(self, case_id: str) -> CaseFile | None:
        key = (CASE.word, case_id)
        # The lock comes first and alone: what is read after it is what the previous holder left.
        document = self.documents.for_update(key) if self._writes else self.documents.load(key)
        if document is None or document.root is None:
            return None
        team = self._team_with_people(document.root.team_id)
        return self._held.file(document, lambda: file_of(document, team, self._held, self._people))

    def current(self, file: CaseFile) -> CaseFile:
        return (self._writes and self.case_file(file.case.id)) or file

    def _team_with_people(self, team_id: str) -> Team:
        """A team, with its people loaded."""
        team = self.get(Team, team_id)
        if team is None:
            raise LookupError("a case of no team")
        if self._held.holds(Contact, team_id):
            return team
        for kind in (Agency, Coordinator):
            self._held.load(kind, team_id, self._query(kind, {"team_id": team_id}))
        found = self._connection.execute(_CONTACTS, {"team_id": team_id})
        self._held.load(Contact, team_id, mapper_of(Contact).in_order(found, self.keys))
        return team

    def _people(self, ids: Iterable[str]) -> dict[str, Person]:
        held = {id: self._held.get(Person, id) for id in ids}
        missing = [id for id, person in held.items() if person is None]
        if missing:
            held.update({person.id: person for person in self._query(Person, {"id": missing})})
        return {id: person for id, person in held.items() if person is not None}

    def refuse_unreadable(self) -> None:
        if unreadable := self.documents.unreadable():
            raise KeyLost(f"{len(unreadable)} documents do not open: without them this would be wrong")

    def lock_case(self, case_id: str) -> None:
        if self._locks:
            self.documents.for_update((CASE.word, case_id))

    def case_changed(self, case_id: str, *notifications: Notification) -> None:
        """The case has changed: leave `notifications` in the outbox, and what follows from its new state.

        That is what `follow_up` leaves, once for each case, as the last thing of the transaction.
        """
        self.enqueue(*notifications)
        self.settled[case_id] = None

    def case_of_channel(self, channel_id: str) -> str | None:
        return next((room.case_id for room in self.find(Room, channel_id=channel_id)), None)

    def cases_with(self, person_id: str) -> list[str]:
        seated = {seat.case_id for seat in self.find(Seat, person_id=person_id, ended_at=None)}
        return [id for id, _ in self._newest() if id in seated]

    def cases_of_team(self, team_id: str) -> list[str]:
        return [id for id, facts in self._newest() if facts.team_id == team_id]

    def _newest(self) -> list[tuple[str, Facts]]:
        """The cases that are not erased, newest first."""
        living = self.documents.living()
        found = [(id, facts) for (word, id), facts in living if word == CASE.word]
        return sorted(found, key=lambda each: (-each[1].opened, each[0]))

    # --- the directory -------------------------------------------------------------------------

    def person_by_slack(self, slack_id: str) -> Person | None:
        return next(iter(self.find(Person, slack_id=slack_id)), None)

    def teams(self) -> list[Team]:
        return self._load(Team, {})

    def coordinators(self, team_id: str) -> list[Coordinator]:
        """The team's coordinators now, longest first.

        In a write transaction they stay as they are until it ends: of two coordinators who relieve
        each other at once, the second one finds nobody left to relieve.
        """
        return self._load(Coordinator, {"team_id": team_id, "until": None}, lock=self._locks)

    def agencies(self, team_id: str) -> list[Agency]:
        found = self.find(Agency, team_id=team_id, retired=False)
        return sorted(found, key=lambda agency: not agency.core)

    def contacts(self, agency_id: str) -> list[Contact]:
        return self.find(Contact, agency_id=agency_id, retired=False)

    def erase(self, case_id: str) -> None:
        self.keys.erase(case_scope(case_id))

    def erase_item(self, item: str) -> None:
        """As `erase`, for an item outside cases."""
        self.keys.erase(item)

    def lock_item(self, item: str) -> bool:
        """As `lock_case`, of what lies outside cases; return whether it is there, and not erased."""
        word, _, id = item.partition("/")
        document = self.documents.for_update((word, id)) if word in AGGREGATES else None
        return document is not None and not document.is_over

    # --- the log -------------------------------------------------------------------------------

    def audit(self, *entries: AuditEntry) -> None:
        """Log what is done here, once each; the runner of the transaction writes it."""
        self._entries.update(dict.fromkeys(entries))

    def entries(self) -> list[AuditEntry]:
        """Return what to log on success: where nothing but a draft has been changed, it was only shown."""
        if self._acted:
            return list(self._entries)
        shown = (e if e.event in _AS_IT_IS else replace(e, event=Event.SERVED) for e in self._entries)
        return list(dict.fromkeys(shown))

    def refusals(self) -> list[AuditEntry]:
        """Return what to log if this is rolled back."""
        return [e for e in self._entries if e.event is Event.REFUSED]

    # --- notifications -------------------------------------------------------------------------------

    def enqueue(self, *notifications: Notification) -> None:
        self.notifications.extend(notifications)

    # --- the rest ------------------------------------------------------------------------------

    def _load(self, kind: type[E], where: dict[str, Any], *, lock: bool = False) -> list[E]:
        mapper = mapper_of(kind)
        for name in where.keys() - mapper.searchable:
            raise TypeError(f"{kind.__name__} cannot be found by {name!r}")
        held = None if lock else self._held.find(kind, where)
        return self._query(kind, where, lock=lock) if held is None else held

    def _query(self, kind: type[E], where: dict[str, Any], *, lock: bool = False) -> list[E]:
        mapper = mapper_of(kind)
        searched: dict[str, Any] = {}
        for name, value in where.items():
            if name in mapper.blinds:
                blinds = self._blinds(mapper, name, value)
                # «Equal to the one» is cheaper than «one of one».
                searched[mapper.blinds[name].name] = blinds[0] if blinds and len(blinds) == 1 else blinds
            else:
                searched[name] = value
        query, values = queries.find_by(kind, searched, lock=lock)
        found = mapper.in_order(self._connection.execute(query, values), self.keys)
        self._held.keep(found)
        return found

    def _stored(self, kind: type[E], id: str) -> E | None:
        """The entity as it is now, to be changed: nobody else changes it before this transaction ends."""
        if not self._locks or (kind, id) in self._locked:
            return self.get(kind, id)
        row = self._row(queries.by_id(kind, lock=True), id)
        if row is None:
            self._held.remove(kind, id)
            return None
        entity = mapper_of(kind).entity(row, self.keys)
        self._hold_written([entity])
        return entity

    def _blinds(self, mapper: Mapper[Any], name: str, value: Any) -> list[bytes] | None:
        """Return the blind indexes of a value, or of several. None for None."""
        if value is None:
            return None
        values = value if isinstance(value, tuple | list) else [value]
        return self.keys.blinds(mapper.what(name), values)

    def _row(self, query: Select[Any], id: str) -> Row[Any] | None:
        return self._connection.execute(query, {"id": id}).one_or_none()

    def _execute_unique(self, kind: type[Any], statement: Any, rows: Any) -> None:
        try:
            self._connection.execute(statement, rows)
        except IntegrityError as error:
            if _is_duplicate(error):
                raise Overtaken(what=kind.__name__) from error
            raise


def _code_is_taken(documents: Documents, code: str) -> bool:
    where = {"code": code}
    return bool(documents.find(Case, where) or documents.find(FormerRoom, where))


def _is_duplicate(error: IntegrityError) -> bool:
    """Return whether the row exists already, as opposed to one that refers to nothing."""
    duplicates = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return (
        getattr(error.orig, "sqlstate", None) == "23505"
        or getattr(error.orig, "sqlite_errorcode", None) in duplicates
    )
