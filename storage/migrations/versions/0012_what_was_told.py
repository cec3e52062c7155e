"""The start that a calendar was told last, and whether somebody is asked anew."""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. What an older entry was told is not known: the meeting's start stands for it."""
    with _rebuilt("asks") as asks:
        asks.add_column(sa.Column("asked_anew", sa.Boolean, nullable=False, server_default=sa.false()))
    with _rebuilt("asks") as asks:
        asks.alter_column("asked_anew", server_default=None)
    with _rebuilt("calendar_entries") as entries:
        entries.add_column(sa.Column("starts_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE calendar_entries SET starts_at = coalesce("
        "(SELECT meetings.starts_at FROM meetings JOIN asks ON asks.meeting_id = meetings.id"
        " WHERE asks.id = calendar_entries.ask_id),"
        "(SELECT meetings.starts_at FROM meetings"
        " JOIN liaison_invitations ON liaison_invitations.meeting_id = meetings.id"
        " WHERE liaison_invitations.id = calendar_entries.invitation_id))"
    )
    with _rebuilt("calendar_entries") as entries:
        entries.alter_column("starts_at", nullable=False)
    with _rebuilt("joint_entries") as entries:
        entries.add_column(sa.Column("starts_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE joint_entries SET starts_at ="
        " (SELECT starts_at FROM joint_meetings WHERE joint_meetings.id = joint_entries.joint_id)"
    )
    with _rebuilt("joint_entries") as entries:
        entries.alter_column("starts_at", nullable=False)


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    return op.batch_alter_table(
        table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    )
