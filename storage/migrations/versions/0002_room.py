"""Rooms in trouble, the rooms that they were before, cases that are being erased."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("cases", recreate=recreate) as cases:
        cases.add_column(sa.Column("erasing_since", sa.DateTime(timezone=True)))
    with op.batch_alter_table("rooms", recreate=recreate) as rooms:
        rooms.add_column(sa.Column("trouble", sa.Text()))
        rooms.add_column(sa.Column("trouble_at", sa.DateTime(timezone=True)))
        rooms.add_column(sa.Column("left_out", sa.LargeBinary()))
    op.create_table(
        "former_rooms",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column(
            "case_id",
            sa.Text(),
            sa.ForeignKey("cases.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.LargeBinary(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("emptied_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_former_rooms_case_id", "former_rooms", ["case_id"])
