"""Every query that somebody waits for can use an index, however many cases there are."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, text

from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.entities import Meeting, Seat
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Posted, UnitOfWork
from storage.database import SqlDatabase
from tests.storage.entities import T0
from tests.storage.test_case_files import file_of, statements

#: The tables that grow with the cases.
_LARGE = {"documents", "ledgers", "receipts"}


def everyday(uow: UnitOfWork) -> None:
    """Look things up in a case, in the directory, in all cases, and in a ledger."""
    uow.case_file("case")
    uow.case_of_channel("C1")
    uow.person_by_slack("U2")
    uow.ids.code()
    uow.find(Seat, person_id="officer", ended_at=None)
    uow.find(Meeting, case_id=["case", "another"])
    uow.find(Posted, key="summons:ask:officer", case_id="case")
    uow.find(Posted, person_id="officer")
    uow.find(CalendarEntry, token="another")


def changing(uow: UnitOfWork) -> None:
    file = file_of(uow)
    uow.change(file.case, persons=9)
    uow.change(file.asks[0], answered_at=T0)
    uow.remove(uow.find(Posted, case_id="case")[0])
    reminder = Notification(Kind.DEPUTY_WAITS, "ask", recipient="officer")
    uow.enqueue(Notification(Kind.ROOM, "case"), reminder)


async def delivering(database: SqlDatabase) -> None:
    await database.once(["event"], changing)
    first, second = (await database.outbox.claim(5)).rows
    await database.outbox.retry(first, T0 - T0, counts=True)
    await database.outbox.end(second)
    await database.outbox.next_due_in()
    await database.outbox.oldest_due()
    await database.outbox.upcoming(5)
    await database.outbox.given_up()


async def test_no_query_has_to_read_a_table_from_end_to_end(filled: SqlDatabase) -> None:
    with statements(filled) as sent:
        await filled.read(everyday)
        await delivering(filled)
    asked = {s: values for s, values in sent if s.startswith(("SELECT", "WITH", "UPDATE", "DELETE"))}
    assert len(asked) >= 10

    def scans(connection: Connection) -> list[tuple[str, str]]:
        if filled._transactions.postgresql:
            # In such small tables it would prefer sequential scans to indexes.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        return [
            (line, statement)
            for statement, parameters in asked.items()
            for line in plan(connection, statement, parameters)
            if is_scan(line)
        ]

    assert await filled._transactions.write(scans) == []


def plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    # A long-lived connection ends up using the generic plan.
    numbers = {name: f"${n}" for n, name in enumerate(parameters, start=1)}
    generic = re.sub(r"%\((\w+)\)s", lambda m: numbers[m[1]], statement)
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {generic}")]


def is_scan(line: str) -> bool:
    """Return whether a line of a plan is a full table scan: «SCAN seats», «Seq Scan on seats»."""
    words = line.replace("->", " ").split()
    if "SCAN" in words:
        return words[words.index("SCAN") + 1] in _LARGE and "INDEX" not in words
    return "Seq Scan on" in line and words[words.index("on") + 1] in _LARGE
