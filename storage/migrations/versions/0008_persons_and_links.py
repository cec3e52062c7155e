"""Persons whose part is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
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


def _of_a_case(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f(f"fk_{table}_case_id_cases"),
            deferrable=True,
            initially="DEFERRED",
        ),
    )
