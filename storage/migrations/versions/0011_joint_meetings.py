"""Joint meetings can be moved, and calendars are told of them by mail."""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add column and table. No meeting has been moved yet: everybody was asked when it was called."""
    with _rebuilt("joint_meetings") as meetings:
        meetings.add_column(sa.Column("asked_sequence", sa.Integer, nullable=False, server_default="0"))
    with _rebuilt("joint_meetings") as meetings:
        meetings.alter_column("asked_sequence", server_default=None)
    op.create_table(
        "joint_entries",
        sa.Column("id", sa.Text, nullable=False),
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
        sa.Column("joint_id", sa.Text, nullable=False),
        sa.Column("invitation_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_entries")),
        _ref("joint_id", "joint_meetings"),
        _ref("invitation_id", "joint_invitations"),
        sa.UniqueConstraint("uid", name=op.f("uq_joint_entries_uid")),
        sa.UniqueConstraint("token", name=op.f("uq_joint_entries_token")),
    )
    op.create_index(op.f("ix_joint_entries_joint_id"), "joint_entries", ["joint_id"])
    op.create_index(op.f("ix_joint_entries_invitation_id"), "joint_entries", ["invitation_id"])
    op.create_index(
        "uq_joint_entries_standing",
        "joint_entries",
        ["invitation_id"],
        unique=True,
        sqlite_where=sa.text("NOT cancelled"),
        postgresql_where=sa.text("NOT cancelled"),
    )


def _ref(column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_joint_entries_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    return op.batch_alter_table(
        table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    )
