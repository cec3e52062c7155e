"""Actions that stand in the place of one whose owner or day was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table(
        "actions", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    ) as actions:
        actions.add_column(sa.Column("follows", sa.Text))
        actions.create_foreign_key(
            op.f("fk_actions_follows_actions"),
            "actions",
            ["follows"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    followed = sa.text("follows IS NOT NULL")
    op.create_index(
        "uq_actions_follows",
        "actions",
        ["follows"],
        unique=True,
        sqlite_where=followed,
        postgresql_where=followed,
    )
