"""Persons whose part is over, links between cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
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
