"""Needs, actions, placements and deadlines of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    _of_a_case(
        "case_needs",
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.Column("noted_by", sa.LargeBinary, nullable=False),
        sa.Column("involvement_id", sa.Text),
        sa.Column("taken_at", INSTANT),
        sa.UniqueConstraint("case_id", "need", name=op.f("uq_case_needs_case_id_need")),
        part=True,
    )
    _of_a_case(
        "actions",
        sa.Column("involvement_id", sa.Text, nullable=False),
        sa.Column("persons", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=False),
        sa.Column("agreed_by", sa.LargeBinary, nullable=False),
        sa.Column("need", sa.Text),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.Text),
        *_ending(),
        part=True,
    )
    _of_a_case(
        "placements",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
        sa.Column("confirmed_by", sa.LargeBinary, nullable=False),
        sa.Column("afterwards", sa.Text),
        *_ending(),
    )
    unended = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_placements_open",
        "placements",
        ["case_id", "person"],
        unique=True,
        sqlite_where=unended,
        postgresql_where=unended,
    )
    _of_a_case(
        "deadlines",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("set_by", sa.LargeBinary, nullable=False),
        sa.Column("involvement_id", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("text", sa.LargeBinary, nullable=False),
        *_ending(),
        part=True,
    )


def _ending() -> tuple[sa.Column[object], ...]:
    return sa.Column("ended_at", INSTANT), sa.Column("ended_by", sa.LargeBinary)


def _of_a_case(table: str, *parts: sa.schema.SchemaItem, part: bool = False) -> None:
    """With `part`, it refers to an agency's part in the case."""
    references = [_ref(table, "case_id", "cases")]
    if part:
        references.append(_ref(table, "involvement_id", "involvements"))
    op.create_table(
        table,
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *references,
    )
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])
    if part:
        op.create_index(op.f(f"ix_{table}_involvement_id"), table, ["involvement_id"])


def _ref(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_{table}_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )
