"""People who have been written to, or are gone from Slack: sealed, as for those who are not."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the values, marked with a byte of zero: the keys are not here; whoever has them seals first."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, dm_channel, deactivated FROM persons")).all()
    anew: Literal["always", "never"] = "always" if connection.dialect.name == "sqlite" else "never"
    with op.batch_alter_table("persons", recreate=anew) as batch:
        batch.drop_column("deactivated")
    with op.batch_alter_table("persons", recreate=anew) as batch:
        batch.add_column(
            sa.Column("deactivated", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
        )
    names = [sa.column(name, sa.LargeBinary()) for name in ("dm_channel", "deactivated")]
    values = sa.table("persons", sa.column("id"), *names)
    for id, channel, gone in rows:
        marked = {"deactivated": b"\0true" if gone else b"\0false"}
        if channel is None:
            marked["dm_channel"] = b"\0"
        connection.execute(sa.update(values).where(values.c.id == id).values(marked))
    with op.batch_alter_table("persons") as batch:
        batch.alter_column("deactivated", existing_type=sa.LargeBinary(), server_default=None)
