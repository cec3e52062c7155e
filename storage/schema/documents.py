"""The table of documents: whatever has a key of its own, sealed whole."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, PrimaryKeyConstraint, Table, Text

from storage.schema.columns import metadata, plain, sealed

documents = Table(
    "documents",
    metadata,
    # The word of its aggregate («guidance»), and the id of what it is about.
    plain("kind", Text),
    plain("id", Text),
    # Random: that it is another one tells that it has been changed, and not how often.
    plain("version", BigInteger),
    # What is left of something erased is sealed with the installation's key, and empty where nothing is.
    plain("erased", Boolean),
    sealed("sealed", nullable=True),
    PrimaryKeyConstraint("kind", "id"),
    # All that is asked of many at once.
    Index(None, "kind", "erased", "id", "version"),
    # In the order of the ids, not in that in which they came.
    sqlite_with_rowid=False,
)
