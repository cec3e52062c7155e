"""Many cases fast: copies of one, which have all ended, made by SQLite itself."""

from __future__ import annotations

from sqlalchemy import Connection, Table, create_engine, text

from bot.domain.case import Ask, Case, Duty, Involvement, Meeting, Room, Seat
from bot.usecases.ports import Posted
from storage.mapper import TABLE_OF
from storage.transactions import database_url

#: What is different in every case.
_OWN = frozenset(
    (
        *("id", "case_id", "involvement_id", "meeting_id", "duty_id", "deputy_for", "uid"),
        *("code", "channel_id", "key", "subject"),
    )
)
_ENDING = frozenset({"closed_at", "ended_at", "withdrawn_at", "registered_at"})


def copy_case(url: str, copies: int) -> None:
    """Store the one case that there is this many times more, closed and with its room archived."""
    engine = create_engine(database_url(url))
    with engine.begin() as connection:
        for kind in (Case, Room, Involvement, Meeting, Seat, Duty, Ask, Posted):
            _copy(connection, TABLE_OF[kind], copies)
    engine.dispose()


def _copy(connection: Connection, table: Table, copies: int) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column.name) for column in table.columns)
    of_a_case = "" if table.name == "cases" else "WHERE t.case_id IS NOT NULL"
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({names})"  # noqa: S608 - names of our own
            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :copies)"
            f" SELECT {values} FROM n, {table.name} t {of_a_case}"
        ),
        {"copies": copies},
    )


def _value(name: str) -> str:
    if name in _OWN:
        return f"t.\"{name}\" || '-' || n.i"
    if name in _ENDING:
        return "(SELECT min(opened_at) FROM cases)"
    return "1" if name == "archived" else f't."{name}"'
