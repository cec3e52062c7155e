"""A column for who has to be rung anew because a meeting has moved."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("asks", recreate=recreate) as asks:
        asks.add_column(sa.Column("ring_anew", sa.Boolean()))
