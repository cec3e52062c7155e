"""A column for when a meeting began before its last move."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("meetings", recreate=recreate) as meetings:
        meetings.add_column(sa.Column("moved_from", sa.DateTime(timezone=True)))
