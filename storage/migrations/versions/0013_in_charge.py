"""Columns for which coordinator has a case, and since when."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("cases", recreate=recreate) as cases:
        cases.add_column(sa.Column("in_charge", sa.LargeBinary()))
        cases.add_column(sa.Column("in_charge_at", sa.DateTime(timezone=True)))
