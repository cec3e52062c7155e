"""A database from before revision 0003 is upgraded: what waits is delivered, what was clear is sealed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData, create_engine, insert, select

from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.entities import Ask, Seat, SeatEnd
from bot.domain.directory.entities import Person
from bot.domain.notification_params import Day, Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.ports import Posted, UnitOfWork
from storage import migrate
from tests.databases import SettableClock, open_database, sqlite_url
from tests.inference.attacker import stolen
from tests.storage import entities as some

UID, TOKEN = "0f2d6c9a4b7e81d35c60@tot", "5b1e9d7c3a"
ENDED = Seat("seat9", "case", "deputy", some.SEAT.role, some.T0, "inv1", "meeting", end=SeatEnd.HANDED_OVER)
SUMMARY = Posted(
    *("summary", "summary:officer:officer:1", Kind.SUMMARY, "", "op9", "D1", "1.2", "d", some.T0),
    person_id="officer",
)
WAITING = (
    home_notification("officer"),
    Notification(Kind.OPEN_ASKS, "officer", recipient="officer", params=Occurrence("m1")),
    Notification(Kind.ROOM, "case", case_id="case"),
)
#: Whose account is gone.
GONE = "nurse"
#: As they stood in clear.
CLEAR: dict[str, dict[str, dict[str, Any]]] = {
    "asks": {"ask": {"uid": UID}, "ask2": {"uid": "uid-2"}},
    "calendar_entries": {"entry": {"uid": UID, "token": TOKEN}},
    "seats": {"seat9": {"end": "handed_over"}},
    "posted": {"summary": {"subject": "officer", "posted_at": some.T0}},
}


async def test_an_older_database(tmp_path: Path) -> None:
    old, now = tmp_path / "old" / "tot.db", tmp_path / "now" / "tot.db"
    for path in (old, now):
        path.parent.mkdir()
    migrate.prepare(sqlite_url(now))
    clock = SettableClock()
    database = open_database(sqlite_url(now), clock)
    asked = replace(some.ENTRY, uid=UID, token=TOKEN)
    sent = [replace(e, uid=UID) if isinstance(e, Ask) and e.id == "ask" else e for e in some.OPEN]
    await database.write(lambda uow: uow.add(*sent, asked, ENDED, SUMMARY))
    page = Notification(Kind.ROSTER_PAGE, "nurse", recipient="nurse", params=Day(some.T0.date()))
    await database.write(lambda uow: uow.enqueue(page))
    (claim,) = (await database.outbox.claim(1)).rows
    assert await database.outbox.done(claim)
    await database.write(lambda uow: uow.enqueue(*WAITING))
    await database.close()

    as_it_was(now, old)
    rows = repr(stolen(sqlite_url(old)))
    assert all(clear in rows for clear in (UID, TOKEN, "handed_over", "'subject': 'officer'"))
    migrate.upgrade(sqlite_url(old))

    database = open_database(sqlite_url(old), clock)

    def look(uow: UnitOfWork) -> tuple[list[str], SeatEnd | None, Posted]:
        seat, (posted,) = uow.get(Seat, "seat9"), uow.find(Posted, person_id="officer", case_id=None)
        assert seat is not None
        found = [*uow.find(CalendarEntry, uid=UID), *uow.find(CalendarEntry, token=TOKEN)]
        return [e.id for e in found], seat.end, posted

    found, end, posted = await database.read(look)
    assert (found, end) == (["entry", "entry"], SeatEnd.HANDED_OVER)
    people = await database.read(lambda uow: uow.find(Person))
    assert [p.id for p in people if p.deactivated] == [GONE]
    assert {p.dm_channel for p in people} == {None}
    assert refresh(posted).key == f"{Kind.SUMMARY}:officer:officer"
    claims = (await database.outbox.claim(9)).rows
    assert {c.notification.key for c in claims} == {n.key for n in WAITING}
    await database.write(lambda uow: uow.enqueue(*WAITING))
    assert len(await database.outbox.upcoming(9)) == len(WAITING), "the same rows, by the same keys"
    await database.close()
    left = stolen(sqlite_url(old))
    assert not [clear for clear in (UID, TOKEN, "handed_over", "officer") if clear in repr(own(left))]
    (ended,) = [row for row in left["outbox"] if row["state"] > 1]
    told = {(len(p["dm_channel"]), len(p["deactivated"])) for p in left["persons"]}
    assert len(told) == 1, "nobody is told from the others"
    assert {str(ended[name])[11:19] for name in ("due_at", "enqueued_at", "done_at")} == {"00:00:00"}


def own(rows: dict[str, list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    return [rows[table] for table in (*CLEAR, "outbox")]


def as_it_was(now: Path, old: Path) -> None:
    """Make the same database with the first revision's schema, in the way it was kept then."""
    shutil.copy(now.with_name("tot-keys.db"), old.with_name("tot-keys.db"))
    new, engine = create_engine(sqlite_url(now)), create_engine(sqlite_url(old))
    with engine.begin() as connection:
        config = migrate.configuration()
        config.attributes.update(connection=connection, applied=lambda **_: None)
        command.upgrade(config, "0001")
    here, there = MetaData(), MetaData()
    here.reflect(new)
    there.reflect(engine)
    with new.connect() as source, engine.begin() as target:
        for table in there.sorted_tables:
            if table.name in ("alembic_version", "audit"):
                continue
            names = set(table.c.keys())
            for row in source.execute(select(here.tables[table.name])).mappings():
                values = {name: value for name, value in row.items() if name in names}
                values.update(CLEAR.get(table.name, {}).get(str(row.get("id")), {}))
                if table.name == "persons":
                    values.update(dm_channel=None, deactivated=row["id"] == GONE)
                if table.name == "outbox" and values["case_id"] is None:
                    values["subject"] = "officer"
                    if values["done_at"] is not None:
                        at = datetime(2026, 11, 24, 9, 30, 1, tzinfo=UTC) + timedelta(seconds=1)
                        values.update(due_at=at, enqueued_at=at, done_at=at)
                target.execute(insert(table).values(values))
    new.dispose()
    engine.dispose()
