"""People are found in the audit log by a blind index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: They go with the table as it is made anew on SQLite.
TRIGGERS = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END",
)


def upgrade() -> None:
    """Rows that stand have no index: it needs the keys, and the log is only added to."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("audit", recreate="always" if sqlite else "never") as batch:
        batch.add_column(sa.Column("actor_ix", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("subject_ix", sa.LargeBinary(), nullable=True))
    op.create_index("ix_audit_actor_ix", "audit", ["actor_ix"])
    op.create_index("ix_audit_subject_ix", "audit", ["subject_ix"])
    if sqlite:
        for trigger in TRIGGERS:
            op.execute(trigger)
