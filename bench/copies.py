"""Many cases fast: copies of one, which have all ended, each sealed with a key of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from bench.processes import SECRET
from bot.clock import SystemClock
from bot.domain.case.entities import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.usecases.notifications import enqueue_follow_up
from bot.usecases.ports import Posted, UnitOfWork
from storage.database import open_database
from storage.vault.keys import case_scope

#: What is different in every case.
_OWN = frozenset(
    (
        *("id", "case_id", "involvement_id", "meeting_id", "duty_id", "deputy_for", "uid"),
        *("code", "channel_id", "key", "subject"),
    )
)
_ENDING = frozenset({"closed_at", "ended_at", "withdrawn_at", "registered_at"})
_TOGETHER = 1000


def copy_case(url: str, copies: int) -> None:
    """Store the one case that there is this many times more, closed and with its room archived."""
    asyncio.run(_copy_case(url, range(1, copies + 1)))


async def _copy_case(url: str, numbers: range) -> None:
    database = open_database(url, SystemClock(), SECRET, follow_up=enqueue_follow_up)
    await database.unlock()
    (case,) = await database.read(lambda uow: uow.find(Case))
    database.vault.create([case_scope(f"{case.id}-{n}") for n in numbers], 1)

    def copy(uow: UnitOfWork) -> None:
        kinds: tuple[type[Any], ...] = (Room, Involvement, Meeting, Seat, Duty, Ask, Posted)
        for original in (case, *(e for kind in kinds for e in uow.find(kind, case_id=case.id))):
            for first in range(0, len(numbers), _TOGETHER):
                uow.add(*_copies(original, case, numbers[first : first + _TOGETHER]))

    await database.write(copy)
    await database.close()


def _copies(original: Any, case: Case, numbers: range) -> Iterator[object]:
    values = {f.name: getattr(original, f.name) for f in fields(original)}
    for n in numbers:
        yield replace(original, **{name: _value(name, value, case, n) for name, value in values.items()})


def _value(name: str, value: Any, case: Case, n: int) -> Any:
    if name in _OWN:
        return value and f"{value}-{n}"
    if name in _ENDING:
        return case.opened_at
    return True if name == "archived" else value
