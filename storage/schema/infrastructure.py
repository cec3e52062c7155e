"""The tables of no subject: receipts, the installation with its key check, the log."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, Column, Integer, LargeBinary, Table, Text, event

from storage.schema.columns import UtcDateTime, metadata

receipts = Table(
    "receipts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("received_at", UtcDateTime, nullable=False, index=True),
)
# One row: `known` is the mark of the installation's newest keys (storage.installation).
installation = Table(
    "installation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("known", LargeBinary, nullable=False),
    # On PostgreSQL, a random number of the active process (storage.active).
    Column("epoch", BigInteger),
    # When a backup was last put back, and when it was made.
    Column("restored_at", UtcDateTime),
    Column("restored_from", UtcDateTime),
)

#: Nobody, not even the bot, changes or deletes log entries.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ),
}


def guard(audit: Table) -> None:
    """Create the triggers together with the table."""
    for dialect, statements in APPEND_ONLY.items():
        for statement in statements:
            ddl = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(audit, "after_create", ddl.execute_if(dialect=dialect))


# Rows are numbered without gaps, each with a hash that covers all rows before it (storage.audit).
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("event", Text, nullable=False),
    Column("scope_ref", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
guard(audit)
