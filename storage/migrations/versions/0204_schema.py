"""The schema of 2.0.0: the tables as this version declares them."""

from __future__ import annotations

from alembic import op

from storage.schema import metadata

# No number before it is used again: the databases of those were never anybody's but our own tests'.
revision = "0204"
down_revision = None


def upgrade() -> None:
    """Nothing is released yet, so that the tables need no second description that is written out and kept."""
    metadata.create_all(op.get_bind())
