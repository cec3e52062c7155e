"""The table of requests for guidance, each with a key of its own."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, Table, Text

from bot.domain.guidance import GuidanceOutcome
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

guidances = Table(
    "guidances",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    plain("theme", Text),
    plain("asked_at", UtcDateTime),
    plain("due_at", UtcDateTime),
    person("asker"),
    sealed("text"),
    sealed("uid"),
    sealed("answer", nullable=True),
    plain("answers", Integer),
    plain("answered_at", UtcDateTime, nullable=True),
    person("answered_by", nullable=True),
    plain("talk_at", UtcDateTime, nullable=True),
    person("talk_by", nullable=True),
    plain("talk_invited_at", UtcDateTime, nullable=True),
    plain("talk_sequence", Integer),
    plain("in_time", Boolean, nullable=True),
    plain("outcome", EnumText(GuidanceOutcome), nullable=True),
    plain("closed_at", UtcDateTime, nullable=True),
    plain("delete_on", Date, nullable=True),
    plain("purged_at", UtcDateTime, nullable=True),
    plain("erasing_since", UtcDateTime, nullable=True),
)
