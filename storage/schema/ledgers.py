"""The table of sealed ledgers: what the bot has told and has yet to tell."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from storage.schema.columns import metadata

ledgers = Table(
    "ledgers",
    metadata,
    # The scope of the key: «case/<id>», «drill/<id>» and so on, or «installation».
    Column("scope", Text, nullable=False),
    # Random, as a document's version.
    Column("version", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("scope"),
    # Covers the queries over many ledgers. Due times are no column: they would tell where a case stands.
    Index(None, "scope", "version"),
    # Stored in the order of the scopes, not in the order of insertion.
    sqlite_with_rowid=False,
)
