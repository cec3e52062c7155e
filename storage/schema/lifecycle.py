"""The table of the pauses of a case."""

from __future__ import annotations

from sqlalchemy import Date, Table

from bot.domain.case.entities import PauseReason
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    id_column,
    metadata,
    partial_unique,
    plain,
    reference,
)

pauses = Table(
    "pauses",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("reason", EnumText(PauseReason)),
    plain("contact_on", Date),
    reference("involvement_id", "involvements", index=True),
    plain("since", UtcDateTime),
    plain("ended_at", UtcDateTime, nullable=True),
    partial_unique("uq_pauses_standing", "case_id", where="ended_at IS NULL"),
)
