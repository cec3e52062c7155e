"""What lies outside cases: guidance, requests to convene, joint meetings; what is posted about them."""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; messages and intents may name what they are of."""
    _guidances()
    _convenings()
    _joint_meetings()
    for table in ("posted", "outbox"):
        with _rebuilt(table) as batch:
            batch.add_column(sa.Column("matter", sa.Text))
    op.create_index(op.f("ix_posted_matter"), "posted", ["matter"])


def _guidances() -> None:
    op.create_table(
        "guidances",
        _text("id"),
        _text("team_id"),
        _text("theme"),
        _at("asked_at"),
        _at("due_at"),
        _sealed("asker"),
        _sealed("text"),
        _sealed("uid"),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_by", sa.LargeBinary),
        sa.Column("talk_at", INSTANT),
        sa.Column("talk_by", sa.LargeBinary),
        sa.Column("talk_invited_at", INSTANT),
        sa.Column("talk_sequence", sa.Integer, nullable=False),
        sa.Column("in_time", sa.Boolean),
        sa.Column("outcome", sa.Text),
        sa.Column("closed_at", INSTANT),
        *_ending("guidances"),
    )
    op.create_index(op.f("ix_guidances_team_id"), "guidances", ["team_id"])


def _convenings() -> None:
    op.create_table(
        "convenings",
        _text("id"),
        _text("team_id"),
        sa.Column("agency_id", sa.Text),
        _text("urgency"),
        _at("asked_at"),
        _at("due_at"),
        _sealed("asker"),
        _sealed("note"),
        sa.Column("convened", sa.Boolean),
        sa.Column("reason", sa.Text),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.LargeBinary),
        _ref("convenings", "agency_id", "agencies"),
        *_ending("convenings"),
    )
    op.create_index(op.f("ix_convenings_team_id"), "convenings", ["team_id"])
    op.create_index(op.f("ix_convenings_agency_id"), "convenings", ["agency_id"])


def _joint_meetings() -> None:
    op.create_table(
        "joint_meetings",
        _text("id"),
        _text("team_id"),
        _at("starts_at"),
        _at("ends_at"),
        _at("called_at"),
        _sealed("called_by"),
        _sealed("topic"),
        _sealed("agenda"),
        sa.Column("place", sa.LargeBinary),
        sa.Column("link", sa.LargeBinary),
        sa.Column("theme", sa.Text),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("number_came", sa.Integer),
        sa.Column("cancelled_at", INSTANT),
        sa.Column("registered_at", INSTANT),
        *_ending("joint_meetings"),
    )
    op.create_index(op.f("ix_joint_meetings_team_id"), "joint_meetings", ["team_id"])
    op.create_table(
        "joint_invitations",
        _text("id"),
        _text("joint_id"),
        _text("agency_id"),
        _sealed("person_id"),
        _text("uid"),
        _at("invited_at"),
        sa.Column("comes", sa.Boolean),
        sa.Column("answered_at", INSTANT),
        sa.Column("came", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_invitations")),
        _ref("joint_invitations", "joint_id", "joint_meetings"),
        _ref("joint_invitations", "agency_id", "agencies"),
        sa.UniqueConstraint("uid", name=op.f("uq_joint_invitations_uid")),
    )
    op.create_index(op.f("ix_joint_invitations_joint_id"), "joint_invitations", ["joint_id"])
    op.create_index(op.f("ix_joint_invitations_agency_id"), "joint_invitations", ["agency_id"])


def _ending(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What each of them has: its deletion, its key, its team."""
    return (
        sa.Column("delete_on", sa.Date),
        sa.Column("purged_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _ref(table, "team_id", "teams"),
    )


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    return op.batch_alter_table(
        table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=False)


def _sealed(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _ref(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_{table}_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )
