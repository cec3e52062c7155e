"""Leftovers that Slack does not let the bot delete; since when things outside cases are being erased."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    for name in ("guidances", "convenings", "joint_meetings"):
        with op.batch_alter_table(name, recreate=recreate) as table:
            table.add_column(sa.Column("erasing_since", sa.DateTime(timezone=True)))
    team = sa.ForeignKey("teams.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "leftovers",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("team_id", sa.Text(), team, nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("links", sa.LargeBinary(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_leftovers_team_id", "leftovers", ["team_id"])
