"""The table of the persons for whom a case is closed."""

from __future__ import annotations

from sqlalchemy import Table, Text, UniqueConstraint

from storage.schema.columns import UtcDateTime, id_column, metadata, plain, reference

closed_persons = Table(
    "closed_persons",
    metadata,
    id_column(),
    reference("case_id", "cases"),
    plain("letter", Text),
    plain("closed_at", UtcDateTime),
    UniqueConstraint("case_id", "letter"),
)
