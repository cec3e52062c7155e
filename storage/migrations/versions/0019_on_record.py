"""On record, as an agency says; guidance in a case's room; of deleted cases the years."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("involvements", recreate=recreate) as involvements:
        involvements.add_column(sa.Column("on_record", sa.LargeBinary()))
    case = sa.ForeignKey("cases.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "case_questions",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("case_id", sa.Text(), case, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asker", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("answered_by", sa.LargeBinary()),
    )
    op.create_index("ix_case_questions_case_id", "case_questions", ["case_id"])
    _years_alone()


def _years_alone() -> None:
    """Of cases that have been deleted already, as of those that will be."""
    times = ("opened_at", "closed_at", "purged_at")
    gone = ("delete_on", "erasing_since", "phase_since", "rhythm", "in_charge_at")
    cases = sa.table(
        *("cases", sa.column("id"), sa.column("team_id"), sa.column("phase")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in times),
        *map(sa.column, gone),
    )
    teams = sa.table("teams", sa.column("id"), sa.column("zone"))
    connection = op.get_bind()
    deleted = sa.select(cases.c.id, teams.c.zone, *(cases.c[name] for name in times))
    joined = deleted.join_from(cases, teams, cases.c.team_id == teams.c.id)
    for id, zone, *found in connection.execute(joined.where(cases.c.purged_at.is_not(None))).all():
        years = {name: _year_of(at, zone) for name, at in zip(times, found, strict=True)}
        bare = {**years, **dict.fromkeys(gone), "phase": "working"}
        connection.execute(sa.update(cases).where(cases.c.id == id).values(bare))


def _year_of(at: datetime | None, zone: str) -> datetime | None:
    if at is None:
        return None
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return datetime(aware.astimezone(ZoneInfo(zone)).year, 1, 1, 12, tzinfo=UTC)
