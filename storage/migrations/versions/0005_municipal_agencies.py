"""A column for agencies that the municipality runs; nothing where its kind tells."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("agencies", recreate=recreate) as agencies:
        agencies.add_column(sa.Column("municipal", sa.Boolean()))
