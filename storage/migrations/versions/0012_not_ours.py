"""Columns for an agency that says that a case is not theirs."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("involvements", recreate=recreate) as involvements:
        involvements.add_column(sa.Column("not_ours", sa.Text()))
        involvements.add_column(sa.Column("not_ours_at", sa.DateTime(timezone=True)))
        involvements.add_column(sa.Column("not_ours_by", sa.LargeBinary()))
