"""The row that has been due longest is found without reading all that lies ahead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unfinished = sa.text("state < 2")
    op.create_index(
        "ix_outbox_due", "outbox", ["due_at"], sqlite_where=unfinished, postgresql_where=unfinished
    )
