"""Filling a database with many cases: copies of one case, each sealed with a key of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from bot.domain.case.entities import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.usecases.ports import Posted, UnitOfWork
from storage.crypto.keyring import case_scope
from storage.database import SqlDatabase
from tests.storage.entities import T0

#: Ids, and what else is different in every case.
_OWN = {"id", "case_id", "involvement_id", "meeting_id", "duty_id", "deputy_for", "uid", "code", "channel_id"}
_OWN |= {"key", "subject"}
_ENDING = frozenset({"closed_at", "purged_at", "ended_at", "withdrawn_at", "registered_at"})
STILL_OPEN = 10


async def copy_case(database: SqlDatabase, first: int, last: int) -> None:
    """Copy «case» to «case-first» … «case-last». After the tenth all have ended."""
    numbers = range(first, last + 1)
    database.keyring.create([case_scope(f"case-{n}") for n in numbers], 1)

    def copy(uow: UnitOfWork) -> None:
        kinds: tuple[type[Any], ...] = (Room, Involvement, Meeting, Seat, Duty, Ask, Posted)
        originals = [uow.get(Case, "case"), *(e for kind in kinds for e in uow.find(kind, case_id="case"))]
        for original in originals:
            # Of what is erased nobody remembers what was told.
            those = [n for n in numbers if n <= STILL_OPEN] if type(original) is Posted else numbers
            for some in (those[i : i + 1000] for i in range(0, len(those), 1000)):
                uow.add(*_copies(original, some))

    await database.write(copy)
    await know_sizes(database)


async def know_sizes(database: SqlDatabase) -> None:
    """Let PostgreSQL see how much there is, as it does by itself after a while. SQLite never looks."""
    if database._transactions.postgresql:
        await database._transactions.write(lambda connection: connection.exec_driver_sql("ANALYZE"))


def _copies(original: Any, numbers: Sequence[int]) -> Iterator[object]:
    old = {f.name: getattr(original, f.name) for f in fields(original)}
    return (
        replace(original, **{name: _value(name, value, n) for name, value in old.items()}) for n in numbers
    )


def _value(name: str, value: Any, n: int) -> Any:
    if name in _OWN:
        return value and f"{value}-{n}"
    if name in _ENDING:
        return T0 if n > STILL_OPEN else None
    if name == "archived":
        return n > STILL_OPEN
    return value
