"""Mails that were not used are kept with the entry: the newest of each hour."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has been held of the entries that are there."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    for table in ("calendar_entries", "joint_entries"):
        with op.batch_alter_table(table, recreate=recreate) as entries:
            entries.add_column(sa.Column("held", sa.LargeBinary()))
