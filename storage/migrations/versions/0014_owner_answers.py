"""A table of what the owner of the workspace has answered about Slack's settings, who and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "owner_answers",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.LargeBinary(), nullable=False),
    )
