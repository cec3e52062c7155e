"""A notification's parameters in place of its mark, also of what is posted; it is of an item."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the columns. On SQLite the tables are made anew, so that they are as from `storage.tables`."""
    recreate: Literal["always", "auto"] = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    op.execute("DELETE FROM outbox")
    op.drop_index("ix_posted_matter", "posted")
    with op.batch_alter_table("outbox", recreate=recreate) as outbox:
        outbox.drop_column("mark")
        outbox.add_column(sa.Column("params", sa.LargeBinary, nullable=False))
        outbox.alter_column("matter", new_column_name="item")
    with op.batch_alter_table("posted", recreate=recreate) as posted:
        posted.alter_column("matter", new_column_name="item")
        posted.add_column(sa.Column("params", sa.LargeBinary))
    op.create_index("ix_posted_item", "posted", ["item"])
