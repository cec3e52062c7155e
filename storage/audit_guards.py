"""Compares the audit log's table, and the triggers that keep it append-only, with what the schema makes.

A trigger that drops rows as they are written leaves no gap in the chain: only this check finds it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.schema.infrastructure import APPEND_ONLY

#: As PostgreSQL prints them; SQLite keeps triggers as they were written.
_POSTGRESQL = {
    "audit_no_change": "CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
}
_ON_POSTGRESQL = text(
    "SELECT tgname, pg_get_triggerdef(oid, true), tgenabled IN ('O', 'A') FROM pg_trigger"
    " WHERE tgrelid = 'audit'::regclass AND NOT tgisinternal"
    " UNION ALL SELECT rulename, definition, true FROM pg_rules WHERE tablename = 'audit'"
)
_FUNCTION = text("SELECT prosrc FROM pg_proc WHERE proname = 'audit_append_only'")
#: SQLite keeps the table's name as it was written when the trigger was made.
_ON_SQLITE = text(
    "SELECT name, sql, true FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = 'audit'"
)
#: A plain table that shows every row: no view, no partition or inheritance, no row security.
_TABLE_OF_POSTGRESQL = text(
    "SELECT relkind = 'r' AND NOT relispartition AND NOT relrowsecurity AND NOT EXISTS"
    " (SELECT FROM pg_inherits WHERE oid IN (inhparent, inhrelid))"
    " FROM pg_class WHERE oid = 'audit'::regclass"
)
_TABLE_OF_SQLITE = text(
    "SELECT type = 'table' AND upper(sql) NOT LIKE '%CONFLICT%' FROM sqlite_master"
    " WHERE lower(name) = 'audit'"
)


def faults(connection: Connection) -> list[str]:
    """Return the faults of the log's table and triggers: missing, changed, switched off, or not the bot's."""
    postgresql = connection.dialect.name == "postgresql"
    expected = _POSTGRESQL if postgresql else {s.split()[2]: s for s in APPEND_ONLY["sqlite"]}
    found = {
        name: (definition, on)
        for name, definition, on in connection.execute(_ON_POSTGRESQL if postgresql else _ON_SQLITE)
    }
    made = connection.scalar(_TABLE_OF_POSTGRESQL if postgresql else _TABLE_OF_SQLITE)
    said = [] if made else ["the table audit is not the one that the bot made"]
    for name, definition in expected.items():
        if name not in found:
            said.append(f"the trigger {name} is missing")
        elif not found[name][1]:
            said.append(f"the trigger {name} is switched off")
        elif found[name][0] != definition:
            said.append(f"the trigger {name} has been changed")
    said += [f"the bot did not make the trigger {name}" for name in sorted(found.keys() - expected)]
    if postgresql:
        bodies = list(connection.scalars(_FUNCTION))
        if any(f"$${body}$$" not in APPEND_ONLY["postgresql"][0] for body in bodies) or not bodies:
            said.append("the function audit_append_only of the triggers has been changed")
    return said
