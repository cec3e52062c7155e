"""Own failures are counted apart from Slack's, and a claimed row names who holds it."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has failed yet by this count; what is claimed has a lease, and no holder."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    with op.batch_alter_table("outbox", recreate=recreate) as outbox:
        outbox.add_column(sa.Column("faults", sa.Integer(), nullable=False, server_default="0"))
        outbox.add_column(sa.Column("holder", sa.Integer()))
