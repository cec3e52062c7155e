"""When a language was chosen; no illness among the reasons; of a deleted case's rooms the years."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("persons", recreate=recreate) as persons:
        persons.add_column(sa.Column("language_on", sa.Date()))
    for table, name in (("asks", "reason"), ("duties", "absence_reason")):
        reasons = sa.table(table, sa.column(name, sa.Text()))
        folded = reasons.c[name].in_(("illness", "leave"))
        op.execute(sa.update(reasons).where(folded).values({name: "away"}))
    _rooms_of_deleted()


def _rooms_of_deleted() -> None:
    """Of rooms of cases that have been deleted already, as of those that will be."""
    cases = sa.table("cases", *map(sa.column, ("id", "team_id", "purged_at")))
    teams = sa.table("teams", sa.column("id"), sa.column("zone"))
    rooms = sa.table("rooms", *map(sa.column, ("case_id", "trouble", "trouble_at")))
    times = [sa.column(name, sa.DateTime(timezone=True)) for name in ("left_at", "emptied_at")]
    former = sa.table("former_rooms", sa.column("id"), sa.column("case_id"), *times)
    deleted = sa.select(cases.c.id).where(cases.c.purged_at.is_not(None))
    of_deleted = rooms.c.case_id.in_(deleted)
    op.execute(sa.update(rooms).where(of_deleted).values(trouble=sa.null(), trouble_at=sa.null()))
    connection = op.get_bind()
    found = sa.select(former.c.id, teams.c.zone, *times).where(former.c.case_id.in_(deleted))
    joined = found.join_from(former, cases, cases.c.id == former.c.case_id).join(
        teams, teams.c.id == cases.c.team_id
    )
    for id, zone, left_at, emptied_at in connection.execute(joined).all():
        years = {"left_at": _year_of(left_at, zone), "emptied_at": _year_of(emptied_at, zone)}
        connection.execute(sa.update(former).where(former.c.id == id).values(years))


def _year_of(at: datetime | None, zone: str) -> datetime | None:
    if at is None:
        return None
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return datetime(aware.astimezone(ZoneInfo(zone)).year, 1, 1, 12, tzinfo=UTC)
