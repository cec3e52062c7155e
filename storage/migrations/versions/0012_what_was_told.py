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

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns. The start that an older entry was told follows from its end and the length."""
    with _rebuilt("asks") as asks:
        asks.add_column(sa.Column("asked_anew", sa.Boolean, nullable=False, server_default=sa.false()))
    with _rebuilt("asks") as asks:
        asks.alter_column("asked_anew", server_default=None)
    op.execute("UPDATE asks SET asked_anew = (sequence > 0)")
    for entries, meetings, meeting_of in (
        ("calendar_entries", "meetings", _MEETING_OF_ENTRY),
        ("joint_entries", "joint_meetings", "joint_id"),
    ):
        with _rebuilt(entries) as table:
            table.add_column(sa.Column("starts_at", INSTANT))
        _fill(entries, meetings, meeting_of)
        with _rebuilt(entries) as table:
            table.alter_column("starts_at", nullable=False)


#: Of an ask, or of a liaison's invitation.
_MEETING_OF_ENTRY = (
    "coalesce((SELECT meeting_id FROM asks WHERE asks.id = ask_id),"
    " (SELECT meeting_id FROM liaison_invitations WHERE liaison_invitations.id = invitation_id))"
)


def _fill(entries: str, meetings: str, meeting_of: str) -> None:
    """As long before the end that was told as the meeting is now."""
    bind = op.get_bind()
    entry = sa.table(entries, sa.column("id"), sa.column("starts_at", INSTANT), sa.column("ends_at", INSTANT))
    meeting = sa.table(
        meetings, sa.column("id"), sa.column("starts_at", INSTANT), sa.column("ends_at", INSTANT)
    )
    both = entry.join(meeting, meeting.c.id == sa.literal_column(f"({meeting_of})"))
    times = sa.select(entry.c.id, entry.c.ends_at, meeting.c.starts_at, meeting.c.ends_at)
    rows = bind.execute(times.select_from(both)).all()
    for id, told_end, start, end in rows:
        bind.execute(entry.update().where(entry.c.id == id).values(starts_at=told_end - (end - start)))


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    return op.batch_alter_table(
        table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    )
