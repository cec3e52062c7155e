"""Each stored database comes through every revision since: rows, log, keys, and all that waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.domain.notifications import Kind
from bot.usecases.ports import UnitOfWork
from storage import audit_guards, migrate
from storage.mapper import MAPPERS
from storage.outbox_statements import RowState
from storage.transactions import database_url as with_driver
from tests.databases import PostgresServer, SettableClock, open_database, sqlite_url
from tests.storage.released import put_back, read, stored, tables_of

UNFINISHED = (RowState.PENDING, RowState.CLAIMED)
CLAIMED_AT_ONCE = 1000


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "tot.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.clone("template0") as url:
        yield url


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    engine = create_engine(with_driver(url))
    with engine.connect() as connection:
        found = tables_of(connection)
        assert audit_guards.faults(connection) == []
    engine.dispose()
    return found


def test_there_is_one_to_upgrade_from() -> None:
    assert stored()


@pytest.mark.parametrize("file", stored(), ids=lambda file: file.stem)
async def test_every_row_comes_through(empty_url: str, file: Path, clock: SettableClock) -> None:
    kept = read(file)["tables"]
    assert all(kept.values()), "every table had rows"
    put_back(empty_url, file)
    assert rows_of(empty_url) == kept, "as they were stored"

    migrate.upgrade(empty_url)

    after = rows_of(empty_url)
    # A revision that changes or takes away a column on purpose says so here.
    for name, rows in kept.items():
        left = [_ALTERED.get(name, _as_it_was)(row) for row in rows]
        assert [_part(row, rows[0].keys()) for row in after[name]] == left, name
    assert {row["kind"] for name in ("outbox", "posted") for row in after[name]} <= set(Kind)

    clock.move(timedelta(days=3650))
    database = open_database(empty_url, clock)
    await database.check_schema()
    await database.unlock()
    count, fault = await database.log.verify()
    assert (count, fault) == (len(kept["audit"]), None)
    for kind, mapper in MAPPERS.items():
        found = await database.read(partial(_all_of, kind))
        assert len(found) == len(after[mapper.table.name]), mapper.table.name
    claimed = await database.outbox.claim(CLAIMED_AT_ONCE)
    waited = sorted(row["kind"] for row in kept["outbox"] if row["state"] in UNFINISHED)
    assert sorted(claim.notification.kind for claim in claimed.rows) == waited
    assert await database.outbox.set_aside_count() == 0
    await database.close()


async def test_nobody_is_said_to_be_ill_any_more(empty_url: str) -> None:
    put_back(empty_url, stored()[0])
    engine = create_engine(with_driver(empty_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE asks SET reason = 'illness'"))
        connection.execute(text("UPDATE duties SET absence_reason = 'leave'"))
    engine.dispose()
    migrate.upgrade(empty_url)
    after = rows_of(empty_url)
    assert {row["reason"] for row in after["asks"]} == {"away"}
    assert {row["absence_reason"] for row in after["duties"]} == {"away"}


def _all_of(kind: type[Any], uow: UnitOfWork) -> list[Any]:
    return uow.find(kind)


def _years_alone(row: dict[str, Any]) -> dict[str, Any]:
    """A case as revision 0019 leaves it: of one that has been deleted the years, and no phase."""
    if row["purged_at"] is None:
        return row
    times = ("opened_at", "closed_at", "purged_at")
    years = {name: {"at": f"{row[name]['at'][:4]}-01-01T12:00:00+00:00"} for name in times}
    gone = ("delete_on", "erasing_since", "phase_since", "rhythm", "in_charge_at")
    return {**row, **years, **dict.fromkeys(set(gone) & row.keys()), "phase": "working"}


def _away(row: dict[str, Any]) -> dict[str, Any]:
    """An ask or a duty as revision 0021 leaves it: nobody is said to be ill, nor on leave."""
    names = {"reason", "absence_reason"} & row.keys()
    return {**row, **{name: "away" for name in names if row[name] in ("illness", "leave")}}


def _room_of_deleted(row: dict[str, Any]) -> dict[str, Any]:
    """As revision 0021 leaves it; the case of every stored room has been deleted."""
    return {**row, "trouble": None, "trouble_at": None}


def _years_of_room(row: dict[str, Any]) -> dict[str, Any]:
    times = ("left_at", "emptied_at")
    return {**row, **{name: {"at": f"{row[name]['at'][:4]}-01-01T12:00:00+00:00"} for name in times}}


def _as_it_was(row: dict[str, Any]) -> dict[str, Any]:
    return row


_ALTERED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "cases": _years_alone,
    "asks": _away,
    "duties": _away,
    "rooms": _room_of_deleted,
    "former_rooms": _years_of_room,
}


def _part(row: dict[str, Any], names: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in names}
