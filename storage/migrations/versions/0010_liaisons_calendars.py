"""Meetings in the calendars of liaisons, who have no duty to attend."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the invitations; an entry in a calendar is of an ask or of one of them."""
    op.create_table(
        "liaison_invitations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("liaison_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.LargeBinary, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("moved", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_invitations")),
        _ref("case_id", "cases"),
        _ref("liaison_id", "liaisons"),
        _ref("meeting_id", "meetings"),
        sa.UniqueConstraint(
            "liaison_id", "meeting_id", name=op.f("uq_liaison_invitations_liaison_id_meeting_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_liaison_invitations_uid")),
    )
    op.create_index(op.f("ix_liaison_invitations_case_id"), "liaison_invitations", ["case_id"])
    op.create_index(op.f("ix_liaison_invitations_meeting_id"), "liaison_invitations", ["meeting_id"])
    with op.batch_alter_table(
        "calendar_entries", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    ) as entries:
        entries.alter_column("ask_id", existing_type=sa.Text, nullable=True)
        entries.add_column(sa.Column("invitation_id", sa.Text))
        entries.create_foreign_key(
            op.f("fk_calendar_entries_invitation_id_liaison_invitations"),
            "liaison_invitations",
            ["invitation_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    op.create_index(op.f("ix_calendar_entries_invitation_id"), "calendar_entries", ["invitation_id"])
    op.create_index(
        "uq_calendar_entries_invited",
        "calendar_entries",
        ["invitation_id"],
        unique=True,
        sqlite_where=sa.text("NOT cancelled"),
        postgresql_where=sa.text("NOT cancelled"),
    )


def _ref(column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_liaison_invitations_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )
