"""Joint meetings can be moved: with which sequence people were asked last."""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. No meeting has been moved yet: everybody was asked when it was called."""
    with _rebuilt("joint_meetings") as meetings:
        meetings.add_column(sa.Column("asked_sequence", sa.Integer, nullable=False, server_default="0"))
    with _rebuilt("joint_meetings") as meetings:
        meetings.alter_column("asked_sequence", server_default=None)


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    return op.batch_alter_table(
        table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    )
