"""Several times proposed for one meeting, which suit whom, and who has promised a deputy."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("asks", recreate=recreate) as asks:
        asks.add_column(sa.Column("with_deputy", sa.Boolean()))
    op.create_table(
        "time_polls",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("case_id", sa.Text(), _to("cases"), nullable=False),
        sa.Column("proposed_by", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts", sa.LargeBinary(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.LargeBinary()),
        sa.Column("link", sa.LargeBinary()),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("chair", sa.LargeBinary()),
        sa.Column("meeting_id", sa.Text(), _to("meetings")),
        sa.Column("sequence", sa.Integer()),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index("ix_time_polls_meeting_id", "time_polls", ["meeting_id"])
    op.create_table(
        "time_answers",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("case_id", sa.Text(), _to("cases"), nullable=False),
        sa.Column("poll_id", sa.Text(), _to("time_polls"), nullable=False),
        sa.Column("involvement_id", sa.Text(), _to("involvements"), nullable=False),
        sa.Column("person_id", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.LargeBinary(), nullable=False),
        sa.Column("suits", sa.LargeBinary(), nullable=False),
        sa.Column("with_deputy", sa.LargeBinary(), nullable=False),
        sa.Column("via", sa.Text()),
    )
    for column in ("case_id", "poll_id", "involvement_id"):
        op.create_index(f"ix_time_answers_{column}", "time_answers", [column])


def _to(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
