"""The table of the yearly report's counts, which outlive the cases that they were counted in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    team = sa.ForeignKey("teams.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "yearly_counts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("team_id", sa.Text(), team, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("team_id", "year", "measure"),
    )
