"""Mails that were not used are kept with the entry: the newest of each hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("calendar_entries", "joint_entries")


def upgrade() -> None:
    """Add the column, empty for the entries that are there."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("held", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("held")
