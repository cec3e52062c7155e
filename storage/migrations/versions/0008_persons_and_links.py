"""Persons whose part is over, links between cases, liaisons, a rhythm, cases that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    _of_a_case(
        "closed_persons",
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("closed_by", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("case_id", "letter", name=op.f("uq_closed_persons_case_id_letter")),
    )
    _of_a_case(
        "links",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.Column("token_ix", sa.LargeBinary, nullable=False),
    )
    op.create_index(op.f("ix_links_case_id"), "links", ["case_id"])
    op.create_index(op.f("ix_links_token_ix"), "links", ["token_ix"])
    _of_a_case(
        "liaisons",
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("named_by", sa.LargeBinary, nullable=False),
        sa.Column("title", sa.LargeBinary, nullable=False),
        sa.Column("seat_id", sa.Text),
        sa.Column("acknowledged_via", sa.Text),
        sa.Column("ended_at", INSTANT),
        _ref("liaisons", "seat_id", "seats"),
    )
    op.create_index(op.f("ix_liaisons_case_id"), "liaisons", ["case_id"])
    op.create_index(op.f("ix_liaisons_seat_id"), "liaisons", ["seat_id"])
    liaison = sa.text("role = 'liaison' AND ended_at IS NULL")
    op.create_index(
        "uq_seats_live_liaison",
        "seats",
        ["case_id", "person_id_ix"],
        unique=True,
        sqlite_where=liaison,
        postgresql_where=liaison,
    )
    with op.batch_alter_table(
        "cases", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    ) as cases:
        cases.add_column(sa.Column("rhythm", sa.Text))
    _of_a_case(
        "standstills",
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("contact_on", sa.Date, nullable=False),
        sa.Column("involvement_id", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("set_by", sa.LargeBinary, nullable=False),
        sa.Column("ended_at", INSTANT),
        _ref("standstills", "involvement_id", "involvements"),
    )
    op.create_index(op.f("ix_standstills_case_id"), "standstills", ["case_id"])
    op.create_index(op.f("ix_standstills_involvement_id"), "standstills", ["involvement_id"])
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_standstills_standing",
        "standstills",
        ["case_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def _ref(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_{table}_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )


def _of_a_case(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _ref(table, "case_id", "cases"),
    )
