"""Finish erasures: after a kill in between, or after an old backup came back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select, update

from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import RoomTrouble
from bot.domain.report.yearly import bare_facts
from bot.usecases.report import keep_counts
from bot.usecases.room.trouble import bare_rooms
from storage.audit import append, purged
from storage.crypto.keyring import Erased, Keyring, case_scope
from storage.crypto.master_key import KeyLost
from storage.crypto.transaction_keys import CASE, OWNERS, TransactionKeys, owner_of, scopes
from storage.schema import metadata
from storage.schema.case import cases, rooms
from storage.schema.leftovers import leftovers
from storage.unit_of_work import SqlUnitOfWork

#: What refers comes before what it refers to.
_TABLES = list(reversed(metadata.sorted_tables))
_KEPT = ("rooms", "former_rooms")


def forget_erased(connection: Connection, keyring: Keyring, now: datetime) -> int:
    """Take away what is left of what was erased: an old backup has it again.

    Such a backup is from before a case's numbers were kept, and what they are made of needs no key: they
    are kept now, as they were when the backup was made.
    """
    uow = SqlUnitOfWork(connection, now, TransactionKeys(keyring, connection), writes=True)
    forgotten = 0
    for scope in scopes(connection, purged=False):
        found = owner_of(scope)
        if found is None or not _is_erased(keyring, scope):
            continue
        table, id = found
        left: dict[str, object] = {"purged_at": now}
        if scope.startswith(f"{CASE}/") and (file := uow.case_file(id)) is not None:
            keep_counts(uow, file)
            bare_rooms(uow, file)
            left = bare_facts(file.case, file.team, now)
        for each, column in _belonging(scope):
            connection.execute(delete(each).where(each.c[column] == (scope if column == "item" else id)))
        connection.execute(update(table).where(table.c.id == id).values(**left))
        # What a log of before the deletion says of it has its time too, unless that is over already.
        with suppress(Erased):
            append(connection, keyring, now, [_purged(scope, id)])
        forgotten += 1
    return forgotten


def lost_case(connection: Connection, keyring: Keyring, code: str) -> str | None:
    """Return the id of the case with this code if its key is lost; None if there is none."""
    named = select(cases.c.id, cases.c.opened_by).where(cases.c.code == code, cases.c.purged_at.is_(None))
    for id, opened_by in connection.execute(named).all():
        try:
            TransactionKeys(keyring, connection).open(case_scope(id), f"cases:opened_by:{id}", opened_by)
        except KeyLost:
            return str(id)
    return None


def _belonging(scope: str) -> list[tuple[Table, str]]:
    """Everything that names it. Rooms stay, so that a channel that could not be archived, and its code, are
    known.
    """
    word = scope.partition("/")[0]
    named = {f"{word}_id"} | ({"item"} if word != CASE else set())
    return [(t, c) for t in _TABLES if t.name not in _KEPT for c in sorted(named & set(t.c.keys()))]


def _purged(scope: str, id: str) -> AuditEntry:
    return AuditEntry(Event.PURGED, BOT, id if scope.startswith(f"{CASE}/") else scope)


def keyless(connection: Connection, keyring: Keyring) -> list[str]:
    """Scopes of what is not purged and cannot be read all the same: the key store does not have their key."""
    alive = scopes(connection, purged=False)
    kept = {row.scope for row in keyring.keystore.all() if row.wrapped is not None}
    return [scope for scope in alive if scope not in kept]


def unerased(connection: Connection, keyring: Keyring) -> list[str]:
    """Scopes of what is purged whose key is still there: the process was killed before it was destroyed.

    The log has to say so too: what nobody can forge who can write to the database alone.
    """
    kept = {row.scope for row in keyring.keystore.all() if row.wrapped is not None}
    left = [scope for scope in scopes(connection, purged=True) if scope in kept]
    logged = purged(connection, keyring) if left else set()
    return [scope for scope in left if scope.removeprefix(f"{CASE}/") in logged]


def overdue(connection: Connection, since: datetime) -> int:
    """Return how much was begun to be erased before then, and still is not."""
    stuck = (
        select(func.count(t.c.id)).where(t.c.purged_at.is_(None), t.c.erasing_since < since)
        for t in OWNERS.values()
    )
    return sum(connection.scalar(query) or 0 for query in stuck)


def uncleared(connection: Connection) -> int:
    """Return how many lists of what stands in Slack wait for a coordinator."""
    query = select(func.count()).select_from(leftovers).where(leftovers.c.cleared.is_(False))
    return connection.scalar(query) or 0


def open_rooms(connection: Connection) -> int:
    """Return how many rooms others than the people of their case can read, as they were last seen."""
    open_ = (RoomTrouble.PUBLIC, RoomTrouble.SHARED, RoomTrouble.OUT_AND_PUBLIC)
    query = select(func.count()).select_from(rooms)
    return connection.scalar(query.where(rooms.c.archived.is_(False), rooms.c.trouble.in_(open_))) or 0


def _is_erased(keyring: Keyring, scope: str) -> bool:
    try:
        keyring.keys(scope, 1)
    except Erased:
        return True
    return False
