"""The tables of placements and deadlines."""

from __future__ import annotations

from sqlalchemy import Date, Table, Text

from bot.domain.case.dates import Afterwards, DeadlineKind
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    id_column,
    metadata,
    partial_unique,
    plain,
    reference,
    sealed,
)

placements = Table(
    "placements",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("person", Text),
    plain("starts_on", Date),
    plain("ends_on", Date),
    plain("confirmed_at", UtcDateTime),
    plain("afterwards", EnumText(Afterwards), nullable=True),
    plain("ended_at", UtcDateTime, nullable=True),
    partial_unique("uq_placements_open", "case_id", "person", where="ended_at IS NULL"),
)
deadlines = Table(
    "deadlines",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("kind", EnumText(DeadlineKind)),
    plain("due_on", Date),
    plain("set_at", UtcDateTime),
    reference("involvement_id", "involvements", nullable=True, index=True),
    plain("person", Text, nullable=True),
    sealed("text"),
    plain("ended_at", UtcDateTime, nullable=True),
)
