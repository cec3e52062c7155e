"""The table of documents, sealed whole: whatever has a key of its own, and what is the installation's."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from storage.schema.columns import metadata

#: The words of what is sealed with the installation's key, and is not erased as a whole.
OF_INSTALLATION = (DIRECTORY, FIGURES, OFFICE, DRAFT) = ("directory", "figures", "office", "draft")

documents = Table(
    "documents",
    metadata,
    # The word of its aggregate («guidance»), and the id of what it is about.
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    # Random: that it is another one tells that it has been changed, and not how often.
    Column("version", BigInteger, nullable=False),
    # What is left of something erased is sealed with the installation's key, and empty where nothing is.
    Column("erased", Boolean, nullable=False),
    Column("sealed", LargeBinary),
    PrimaryKeyConstraint("kind", "id"),
    # All that is asked of many at once.
    Index(None, "kind", "erased", "id", "version"),
    # In the order of the ids, not in that in which they came.
    sqlite_with_rowid=False,
)
#: Picks what has a key of its own.
HAS_KEY = documents.c.kind.not_in(OF_INSTALLATION)
