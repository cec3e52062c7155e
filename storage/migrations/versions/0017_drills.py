"""Drills, and the month in which a contact was reached and a duty line confirmed."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    for name, column in (("agencies", "line_confirmed"), ("contacts", "last_reached")):
        with op.batch_alter_table(name, recreate=recreate) as table:
            table.add_column(sa.Column(column, sa.Date()))
    team = sa.ForeignKey("teams.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "drills",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("team_id", sa.Text(), team, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_on", sa.Date()),
        sa.Column("begun_by", sa.LargeBinary(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True)),
        sa.Column("erasing_since", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_drills_team_id", "drills", ["team_id"])
    standing = sa.text("purged_at IS NULL")
    op.create_index(
        "uq_drills_standing",
        "drills",
        ["team_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    drill = sa.ForeignKey("drills.id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "drill_asks",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("drill_id", sa.Text(), drill, nullable=False),
        sa.Column("person_id", sa.LargeBinary(), nullable=False),
        sa.Column("reached_on", sa.Date()),
        sa.Column("token", sa.LargeBinary()),
        sa.Column("mailed_on", sa.Date()),
        sa.Column("token_ix", sa.LargeBinary()),
        sa.UniqueConstraint("token_ix"),
    )
    op.create_index("ix_drill_asks_drill_id", "drill_asks", ["drill_id"])
