"""The tables: sealed documents and ledgers, the log, receipts, and one row of the installation."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.domain.errors import TotError
from storage.schema import (  # noqa: F401 - so that `metadata` has them all
    documents,
    infrastructure,
    ledgers,
)
from storage.schema.columns import metadata

__all__ = ["KNOWN", "NEWEST", "SchemaError", "check", "metadata", "refuse_unknown", "revision_of"]

_VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"
#: The revisions, by their file names: they are needed at every start, and Alembic takes long to load.
KNOWN = sorted(path.name[:4] for path in _VERSIONS.glob("[0-9]*.py"))
NEWEST = KNOWN[-1]


class SchemaError(TotError):
    """The schema of the database is not the one that this version of the bot works with."""


def check(connection: Connection, newest: str = NEWEST) -> None:
    """Raise SchemaError, with one line that says what to do, unless the schema is at the newest revision."""
    found = revision_of(connection)
    if found is None:
        raise SchemaError("the database has no tables yet: run `tot migrate`")
    refuse_unknown(found)
    if found != newest:
        raise SchemaError(f"the database is at revision {found}, older than {newest}: run `tot migrate`")


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database; None if it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def refuse_unknown(found: str | None) -> None:
    if found is not None and found not in KNOWN:
        raise SchemaError(
            f"the database is at revision {found}, which this version of the bot does not know: "
            "run the version that made it, or restore a backup (CHANGELOG.md)"
        )
