"""A thousand cases: every query that somebody waits for uses indexes."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection

from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.entities import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.domain.directory.entities import Contact, Person
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Posted, UnitOfWork
from storage.crypto.keyring import case_scope
from storage.database import SqlDatabase
from tests.storage.entities import OPEN, T0
from tests.storage.test_case_files import file_of, statements

#: The tables that grow; the directory stays small.
_LARGE = ("documents", "ledgers", "receipts")
#: What is another one in another case; what is set in a case that is over; how many are not.
_OWN = {"id", "case_id", "involvement_id", "meeting_id", "duty_id", "deputy_for", "uid", "code", "channel_id"}
_OWN |= {"key", "subject"}
_ENDING = {"closed_at", "purged_at", "ended_at", "withdrawn_at", "registered_at"}
STILL_OPEN = 10
OF_A_CASE = (Case, Room, Involvement, Meeting, Seat, Duty, Ask, Posted)


def copy_of(original: Any, n: int) -> Any:
    """An entity that belongs to «case», as it is in «case-n»."""
    has = {f.name: getattr(original, f.name) for f in fields(original)}
    changed = {name: value and f"{value}-{n}" for name, value in has.items() if name in _OWN}
    if n > STILL_OPEN:
        changed |= dict.fromkeys(_ENDING & has.keys(), T0) | dict.fromkeys({"archived"} & has.keys(), True)
    return replace(original, **changed)


async def copy_case(database: SqlDatabase, copies: int) -> None:
    """Of what is over nobody remembers what was told. Each case is sealed with a key of its own."""
    numbers = range(1, copies + 1)
    database.keyring.create([case_scope(f"case-{n}") for n in numbers], 1)
    originals = [each for each in OPEN if type(each) in OF_A_CASE]
    copied = (copy_of(e, n) for n in numbers for e in originals if n <= STILL_OPEN or type(e) is not Posted)
    await database.write(lambda uow: uow.add(*copied))
    await know_sizes(database)


async def know_sizes(database: SqlDatabase) -> None:
    """Let PostgreSQL see how much there is, as it does by itself after a while. SQLite never looks."""
    if database._transactions.postgresql:
        await database._transactions.write(lambda connection: connection.exec_driver_sql("ANALYZE"))


def everyday(uow: UnitOfWork) -> None:
    """Every lookup that somebody waits for."""
    assert uow.case_file("case-5") is not None
    assert uow.case_of_channel("C1-7") == "case-7"
    assert uow.person_by_slack("U2") is not None
    assert len(uow.cases_with("officer")) == 11
    assert len(uow.cases_of_team("team")) == 11
    assert uow.coordinators("team")
    assert uow.agencies("team")
    assert uow.contacts("health")
    assert uow.ids.code()
    assert len(uow.find(Case, team_id="team", purged_at=None)) == 11
    assert len(uow.find(Seat, person_id="officer", ended_at=None)) == 11
    assert len(uow.find(Ask, person_id="officer", withdrawn_at=None)) == 11
    assert uow.find(Meeting, case_id=["case-1", "case-2"])
    assert uow.find(Posted, case_id="case-3")
    assert uow.find(Posted, key="summons:ask:officer-4", case_id="case-4")
    assert len(uow.find(Posted, person_id="officer")) == 11
    assert not uow.find(CalendarEntry, uid="another")
    assert not uow.find(CalendarEntry, token="another")
    assert uow.find(Contact, person_id="nurse")
    assert uow.find(Person, id=["nurse", "officer"])
    assert uow.find(Room, case_id="case-3")
    assert len(uow.find(Room, archived=False)) == 11


def changing(uow: UnitOfWork) -> None:
    file = file_of(uow, "case-5")
    uow.change(file.case, persons=9)
    uow.change(file.asks[0], answered_at=T0)
    uow.remove(uow.find(Posted, case_id="case-5")[0])
    reminder = Notification(Kind.DEPUTY_WAITS, "ask-5", recipient="officer")
    uow.enqueue(Notification(Kind.ROOM, "case-5"), reminder)


async def delivering(database: SqlDatabase) -> None:
    later = T0.replace(year=2999)
    waiting = (Notification(Kind.HOME, str(n), recipient=str(n), due_at=later) for n in range(2000))
    await database.write(lambda uow: uow.enqueue(*waiting))
    await know_sizes(database)
    await database.once(["event"], changing)
    first, second, *_ = (await database.outbox.claim(5)).rows
    await database.outbox.retry(first, T0 - T0, counts=True)
    await database.outbox.done(second)
    await database.outbox.next_due_in()
    await database.outbox.oldest_due()
    await database.outbox.upcoming(5)
    await database.outbox.given_up()


async def test_among_a_thousand_cases_no_query_reads_a_table_from_end_to_end(database: SqlDatabase) -> None:
    transactions = database._transactions
    people = [Person(f"person-{n}", slack_id=f"S{n}") for n in range(1000)]
    await database.write(lambda uow: uow.add(*OPEN, *people))
    await copy_case(database, 1000)

    with statements(database) as sent:
        await database.read(everyday)
        await delivering(database)
    asked = {s: values for s, values in sent if s.startswith(("SELECT", "WITH", "UPDATE", "DELETE"))}
    assert len(asked) > 12

    def scans(connection: Connection) -> list[tuple[str, str]]:
        return [
            (line, statement)
            for statement, parameters in asked.items()
            for line in plan(connection, statement, parameters)
            if is_scan(line)
        ]

    assert await transactions.write(scans) == []


def plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    # The plan for any parameters is the one that a long-lived connection comes to use.
    numbers = {name: f"${n}" for n, name in enumerate(parameters, start=1)}
    generic = re.sub(r"%\((\w+)\)s", lambda m: numbers[m[1]], statement)
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {generic}")]


def is_scan(line: str) -> bool:
    """Return whether a line of a plan reads a table from end to end: «SCAN seats», «Seq Scan on seats»."""
    words = line.replace("->", " ").split()
    if "SCAN" in words:
        return words[words.index("SCAN") + 1] in _LARGE and "INDEX" not in words
    # There a row of these is short, since what is sealed lies apart.
    return "Seq Scan on" in line and words[words.index("on") + 1] in set(_LARGE) - {"documents", "ledgers"}
