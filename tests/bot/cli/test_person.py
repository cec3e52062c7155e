"""`tot person export`: everything on one employee, by every column that names them; nothing on others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.audit import AuditEntry, Event
from bot.domain.directory.entities import Contact, Coordinator, Person
from storage.database import SqlDatabase
from storage.unit_of_work import STORED
from tests.bot.cli.conftest import Env, Tot, beside
from tests.storage.entities import EVERYTHING

WHO = "Leader@TOT.example"


@pytest.fixture(autouse=True)
def filled(sqlite_database_url: str, env: Env) -> None:
    async def fill(database: SqlDatabase) -> None:
        await database.write(lambda uow: uow.add(*EVERYTHING))
        await database.log.note(datetime.now(UTC), AuditEntry(Event.SERVED, "leader", "case"))

    env(DATABASE_URL=sqlite_database_url)
    beside(sqlite_database_url, fill)


def test_every_column_that_names_one_is_told_and_nobody_else(tot: Tot) -> None:
    said = tot.does("person", "export", WHO, "--reason", "access")
    found = json.loads(said)
    named = {(row["table"], column) for row in found["named"] for column in row.get("as", ())}
    by_column = {
        (type(entity).__name__, name)
        for entity in EVERYTHING
        if type(entity) not in (Person, Contact, Coordinator)
        for name in STORED[type(entity)].persons
        if getattr(entity, name) == "leader"
    }
    assert named >= by_column | {("Room", "members"), ("FormerRoom", "members")}
    account = {"slack_id": "U1", "work_mail": "leader@tot.example", "language": "en"}
    assert account.items() <= found["person"].items()
    (post,) = found["coordinator"]
    assert (post["team"], post["since"]) == ("TOT Bergen", "2026-11-24T08:30:00+00:00")
    log = [(row["event"], row["by"], row.get("what")) for row in found["log"]]
    assert log == [("person_exported", "the operator", "access"), ("served", "themselves", None)]
    others = ("officer", "nurse", "U2", "U4", "nurse@health.example")
    assert not [other for other in others if f'"{other}"' in said]
    internal = {"id", "case_id", "involvement_id", "meeting_id", "agency_id", "params", "text", "note"}
    assert not internal & {key for row in found["named"] for key in row}


def test_facts_are_told_of_what_is_about_one(tot: Tot) -> None:
    found = json.loads(tot.does("person", "export", "U2", "--reason", "access"))
    (contact,) = found["contact"]
    assert contact["agency"] == "Politiet"
    assert (contact["title"], contact["hours"]) == ("etterforsker", "out_of_office")
    assert contact["away_until"] == "2026-12-24"
    asks = [row for row in found["named"] if row["table"] == "Ask" and "person_id" in row["as"]]
    assert asks
    assert all(row["case"] == "k7f3" for row in asks)
    assert {"asked_at", "answer"} <= {key for row in asks for key in row}
    entries: list[dict[str, Any]] = [row for row in found["named"] if row["table"] == "CalendarEntry"]
    assert [row["address"] for row in entries]


def test_an_unknown_one_and_no_reason_are_refused(tot: Tot) -> None:
    said = tot.cannot("person", "export", "U0UKJENT", "--reason", "access")
    assert said == "nothing is stored about anybody with this Slack id or work mail\n"
    for reason in (("--reason", "Kari"), ()):
        assert tot("person", "export", WHO, *reason).code == 2
