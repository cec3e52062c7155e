"""Several times proposed for a joint meeting, and which of them suit whom."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    recreate: Literal["always", "auto"] = "always" if sqlite else "auto"
    for name, column in (("joint_meetings", "times"), ("joint_invitations", "suits")):
        with op.batch_alter_table(name, recreate=recreate) as table:
            table.add_column(sa.Column(column, sa.LargeBinary()))
