"""Since when a case is in its phase, where that has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    with op.batch_alter_table(
        "cases", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    ) as cases:
        cases.add_column(sa.Column("phase_since", sa.DateTime(timezone=True)))
