"""The table of ledgers: what the bot has told and has yet to tell, sealed whole."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, PrimaryKeyConstraint, Table, Text

from storage.schema.columns import UtcDateTime, metadata, plain, sealed

ledgers = Table(
    "ledgers",
    metadata,
    # The scope of its key: «case/<id>», «drill/<id>» and so on, or «installation».
    plain("scope", Text),
    # Random, as a document's.
    plain("version", BigInteger),
    # The beginning of the minute in which something of it is due next: all that is asked of many at once.
    plain("due_at", UtcDateTime, nullable=True),
    sealed("sealed"),
    PrimaryKeyConstraint("scope"),
    Index(None, "due_at", "scope", "version"),
)
