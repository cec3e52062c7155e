"""The schema of 2.0.0: the tables as this version declares them."""

from __future__ import annotations

from alembic import op

from storage.schema import metadata

# Earlier numbers are not used again; only our own tests had databases of them.
revision = "0204"
down_revision = None


def upgrade() -> None:
    """Create the tables as declared: nothing is released yet, so that no second description is kept."""
    metadata.create_all(op.get_bind())
