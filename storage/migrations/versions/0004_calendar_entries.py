"""What calendars have been told by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "calendar_entries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("ask_id", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("stamped_at", INSTANT, nullable=False),
        sa.Column("ask_sequence", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("trouble", sa.Text),
        sa.Column("reply_sequence", sa.Integer),
        sa.Column("reply_stamp", INSTANT),
        sa.Column("replied_at", INSTANT),
        sa.Column("tentative", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entries")),
        _ref("case_id", "cases"),
        _ref("ask_id", "asks"),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_entries_uid")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_entries_token")),
    )
    op.create_index(op.f("ix_calendar_entries_case_id"), "calendar_entries", ["case_id"])
    op.create_index(op.f("ix_calendar_entries_ask_id"), "calendar_entries", ["ask_id"])
    op.create_index(
        "uq_calendar_entries_standing",
        "calendar_entries",
        ["ask_id"],
        unique=True,
        sqlite_where=sa.text("NOT cancelled"),
        postgresql_where=sa.text("NOT cancelled"),
    )


def _ref(column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_calendar_entries_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )
