"""The table of ledgers: what the bot has told and has yet to tell, sealed whole."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from storage.schema.columns import metadata

ledgers = Table(
    "ledgers",
    metadata,
    # The scope of its key: «case/<id>», «drill/<id>» and so on, or «installation».
    Column("scope", Text, nullable=False),
    # Random, as a document's.
    Column("version", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("scope"),
    # All that is asked of many at once. When something is due is no column: it would tell what a case is at.
    Index(None, "scope", "version"),
    # In the order of the scopes, not in that in which they came.
    sqlite_with_rowid=False,
)
