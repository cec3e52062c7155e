"""Filling a database with many cases, fast: copies of one case, made by the database itself."""

from __future__ import annotations

from sqlalchemy import Connection, Table, text

from bot.domain.case import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.usecases.ports import Posted
from storage.database import SqlDatabase
from storage.mapper import TABLE_OF

#: Ids, and what else is different in every case.
_OWN = frozenset(
    (
        *("id", "case_id", "involvement_id", "meeting_id", "duty_id", "deputy_for", "uid"),
        *("code", "channel_id", "key", "subject"),
    )
)
_ENDING = frozenset({"closed_at", "purged_at", "ended_at", "withdrawn_at", "registered_at"})
STILL_OPEN = 10


async def copy_case(database: SqlDatabase, first: int, last: int) -> None:
    """Copy «case» to «case-first» … «case-last». After the tenth all have ended."""

    def copy(connection: Connection) -> None:
        for kind in (Case, Room, Involvement, Meeting, Seat, Duty, Ask, Posted):
            _copy(connection, TABLE_OF[kind], first, last)

    await database._transactions.write(copy)
    await know_sizes(database)


async def know_sizes(database: SqlDatabase) -> None:
    """Let PostgreSQL see how much there is, as it does by itself after a while. SQLite never looks."""
    if database._transactions.postgresql:
        await database._transactions.write(lambda connection: connection.exec_driver_sql("ANALYZE"))


def _copy(connection: Connection, table: Table, first: int, last: int) -> None:
    names = [f'"{column.name}"' for column in table.columns]
    values = [_value(column.name) for column in table.columns]
    of_the_case = "t.id = 'case'" if table.name == "cases" else "t.case_id = 'case'"
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(names)})"  # noqa: S608 - names of our own
            " WITH RECURSIVE n(i) AS"
            " (SELECT CAST(:first AS integer) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
            f" SELECT {', '.join(values)} FROM n, {table.name} t WHERE {of_the_case}"
        ),
        {"first": first, "last": last},
    )


def _value(name: str) -> str:
    if name in _OWN:
        return f"t.{name} || '-' || n.i"
    if name in _ENDING:
        return f"CASE WHEN n.i > {STILL_OPEN} THEN (SELECT min(since) FROM coordinators) END"  # noqa: S608
    if name == "archived":
        return f"n.i > {STILL_OPEN}"
    return f't."{name}"'
