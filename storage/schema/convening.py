"""The table of requests to convene, each with a key of its own."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Table

from bot.domain.convening import NotConvened, Urgency
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    id_column,
    metadata,
    person,
    plain,
    reference,
    sealed,
)

convenings = Table(
    "convenings",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    reference("agency_id", "agencies", nullable=True, index=True),
    plain("urgency", EnumText(Urgency)),
    plain("asked_at", UtcDateTime),
    plain("due_at", UtcDateTime),
    person("asker"),
    sealed("note"),
    plain("convened", Boolean, nullable=True),
    plain("reason", EnumText(NotConvened), nullable=True),
    plain("decided_at", UtcDateTime, nullable=True),
    person("decided_by", nullable=True),
    plain("delete_on", Date, nullable=True),
    plain("purged_at", UtcDateTime, nullable=True),
    plain("erasing_since", UtcDateTime, nullable=True),
)
