"""The tables of no subject: the outbox, what was posted and received, drafts, the keys’ check, the log."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from bot.domain.notifications import Kind
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    id_column,
    metadata,
    partial_index,
    plain,
    sealed,
)

# Notifications. They name cases and persons but do not hold on to them: what they are about may be gone
# by the time they are delivered, and then they are no longer wanted.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    plain("op_id", Text),
    plain("kind", EnumText(Kind)),
    plain("subject", Text),
    sealed("recipient", nullable=True),
    plain("case_id", Text, nullable=True),
    plain("item", Text, nullable=True),
    sealed("params"),
    plain("dedup_key", LargeBinary),
    plain("due_at", UtcDateTime),
    plain("useful_until", UtcDateTime, nullable=True),
    plain("once", Boolean),
    plain("state", Integer),
    plain("next_at", UtcDateTime),
    plain("attempts", Integer),
    # Failures of our own in a row.
    Column("faults", Integer, nullable=False, server_default="0"),
    plain("fence", Integer),
    # Of a claimed row: the number of the lock that whoever holds it has for life. PostgreSQL only.
    plain("holder", Integer, nullable=True),
    plain("generation", Integer),
    plain("dead_reason", Text, nullable=True),
    plain("enqueued_at", UtcDateTime),
    plain("done_at", UtcDateTime, nullable=True),
    UniqueConstraint("dedup_key"),
    # Every query for it must spell «state < 2» out: no planner proves it of a bound parameter.
    partial_index("ix_outbox_unfinished", "next_at", "id", where="state < 2"),
    partial_index("ix_outbox_due", "due_at", where="state < 2"),
    partial_index("ix_outbox_ended", "done_at", where="state > 1"),
)
posted = Table(
    "posted",
    metadata,
    id_column(),
    sealed("key"),
    plain("kind", EnumText(Kind)),
    plain("subject", Text),
    plain("op_id", Text),
    sealed("channel_id"),
    sealed("ts"),
    sealed("digest"),
    plain("posted_at", UtcDateTime),
    plain("case_id", Text, nullable=True),
    sealed("person_id", nullable=True),
    sealed("file_id", nullable=True),
    plain("item", Text, nullable=True),
    sealed("params", nullable=True),
    blind("key"),
    blind("person_id", nullable=True),
    UniqueConstraint("key_ix"),
    Index(None, "person_id_ix"),
    Index(None, "case_id"),
    Index(None, "subject"),
    Index(None, "item"),
)
drafts = Table(
    "drafts",
    metadata,
    id_column(),
    sealed("person_id"),
    sealed("data"),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
receipts = Table(
    "receipts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("received_at", UtcDateTime, nullable=False, index=True),
)
# One row, made with the installation's key: `known` is a known text sealed with it, `generation` the one of
# the keys with which everything is sealed and found.
installation = Table(
    "installation",
    metadata,
    id_column(),
    plain("known", LargeBinary),
    plain("generation", Integer),
    # When a backup was put back last, and of when it is.
    plain("restored_at", UtcDateTime, nullable=True),
    plain("restored_from", UtcDateTime, nullable=True),
)

#: The same, word for word, as in the migration that makes the table.
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
    """Have the triggers made with the table."""
    for dialect, statements in APPEND_ONLY.items():
        for statement in statements:
            ddl = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(audit, "after_create", ddl.execute_if(dialect=dialect))


# Rows follow each other without a gap, each with the hash of all before it (storage.audit).
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    plain("at", UtcDateTime),
    plain("event", Text),
    plain("scope_ref", LargeBinary),
    plain("body", LargeBinary),
    plain("hash", LargeBinary),
    # One of every entry and person (storage.audit_people).
    plain("actor_ix", LargeBinary),
    plain("subject_ix", LargeBinary),
    Index(None, "actor_ix"),
    Index(None, "subject_ix"),
)
guard(audit)
