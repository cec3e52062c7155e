"""No person beside a case: by value, by the time of a row, or by what stands in a mail."""

from __future__ import annotations

import json
from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: The columns to be sealed, and whether they are looked for.
SEALED = {
    "asks": (("uid",), False),
    "calendar_entries": (("uid", "token"), True),
    "liaison_invitations": (("uid",), False),
    "joint_invitations": (("uid",), False),
    "joint_entries": (("uid", "token"), True),
    "seats": (("end",), False),
}
OF_A_PERSON = "kind IN ('home', 'summary', 'open_asks', 'roster_page')"
OF_NOTHING = "case_id IS NULL AND item IS NULL"


def upgrade() -> None:
    for table, (names, found) in SEALED.items():
        _seal_later(table, names, found=found)
    _forget_when()
    op.drop_index("ix_audit_scope_ref", "audit")


def _seal_later(table: str, names: tuple[str, ...], *, found: bool) -> None:
    """Keep the values, marked with a byte of zero: the keys are not here; whoever has them seals first."""
    connection = op.get_bind()
    columns = ", ".join(f'"{name}"' for name in names)
    rows = connection.execute(sa.text(f"SELECT id, {columns} FROM {table}")).all()  # noqa: S608
    if table == "asks":
        op.drop_index("ix_asks_uid", "asks")
    with op.batch_alter_table(table) as batch:
        for name in names:
            if table not in ("asks", "seats"):
                batch.drop_constraint(f"uq_{table}_{name}", type_="unique")
            batch.drop_column(name)
    nullable = table == "seats"
    empty = None if nullable else sa.text("''")
    anew: Literal["always", "never"] = "always" if connection.dialect.name == "sqlite" else "never"
    with op.batch_alter_table(table, recreate=anew) as batch:
        for name in names:
            batch.add_column(sa.Column(name, sa.LargeBinary(), nullable=nullable, server_default=empty))
            if found:
                batch.add_column(sa.Column(f"{name}_ix", sa.LargeBinary()))
                batch.create_unique_constraint(f"uq_{table}_{name}_ix", [f"{name}_ix"])
    if not nullable:
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.alter_column(name, existing_type=sa.LargeBinary(), server_default=None)
    values = sa.table(table, sa.column("id"), *(sa.column(name, sa.LargeBinary()) for name in names))
    for id, *clear in rows:
        marked = {name: _marked(name, value) for name, value in zip(names, clear, strict=True)}
        connection.execute(sa.update(values).where(values.c.id == id).values(marked))


def _marked(name: str, value: str | None) -> bytes | None:
    """The value as it is to be sealed: a word as JSON."""
    if value is None:
        return None
    return b"\0" + (json.dumps(value) if name == "end" else value).encode()


def _forget_when() -> None:
    """Of rows that are of a person: who that is in clear, and the hour. What waits goes on waiting."""
    connection = op.get_bind()
    postgresql = connection.dialect.name == "postgresql"

    def day(column: str) -> str:
        if postgresql:
            return f"{column} = date_trunc('day', {column}, 'UTC')"
        return f"{column} = strftime('%Y-%m-%d 00:00:00.000000', {column})"

    op.execute("DELETE FROM outbox WHERE kind = 'home' AND state > 1")
    op.execute(f"UPDATE outbox SET subject = '' WHERE {OF_A_PERSON}")  # noqa: S608
    times = ", ".join(map(day, ("due_at", "next_at", "enqueued_at", "done_at")))
    op.execute(f"UPDATE outbox SET {times} WHERE {OF_NOTHING} AND state > 1")  # noqa: S608
    op.execute(f"UPDATE posted SET subject = '' WHERE {OF_A_PERSON}")  # noqa: S608
    op.execute(f"UPDATE posted SET {day('posted_at')} WHERE {OF_NOTHING}")  # noqa: S608
