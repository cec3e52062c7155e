"""The tables of persons, links and liaisons: as in `storage.tables`, one per entity."""

from __future__ import annotations

from sqlalchemy import Table, Text, UniqueConstraint

from storage.columns import fact, id_column, metadata, reference, sealed
from storage.types import Instant

closed_persons = Table(
    "closed_persons",
    metadata,
    id_column(),
    reference("case_id", "cases"),
    fact("letter", Text),
    fact("closed_at", Instant),
    sealed("closed_by"),
    UniqueConstraint("case_id", "letter"),
)
