"""The table of sealed documents: things with keys of their own, and the installation's documents."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    select,
)

from storage.schema.columns import metadata

#: The words of documents that are sealed with the installation's key and are not erased as a whole.
OF_INSTALLATION = (DIRECTORY, FIGURES, OFFICE, DRAFT) = ("directory", "figures", "office", "draft")

documents = Table(
    "documents",
    metadata,
    # The word of its aggregate («guidance»), and the id of its root.
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    # Random: another version shows that the document has been changed, and not how often.
    Column("version", BigInteger, nullable=False),
    # What is left of an erased document is sealed with the installation's key; NULL if nothing is left.
    Column("erased", Boolean, nullable=False),
    Column("sealed", LargeBinary),
    PrimaryKeyConstraint("kind", "id"),
    # Covers the queries over many documents.
    Index(None, "kind", "erased", "id", "version"),
    # Stored in the order of the ids, not in the order of insertion.
    sqlite_with_rowid=False,
)


def scopes(connection: Connection, *, purged: bool) -> list[str]:
    """Return the documents with keys of their own («case/<id>») that have been purged, or that have not."""
    has_key = documents.c.kind.not_in(OF_INSTALLATION)
    found = select(documents.c.kind, documents.c.id).where(documents.c.erased.is_(purged), has_key)
    return [f"{word}/{id}" for word, id in connection.execute(found)]
