"""The tables of several times proposed for one meeting, and of which suit whom."""

from __future__ import annotations

from sqlalchemy import Integer, Table, UniqueConstraint

from bot.domain.case.entities import Via
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

time_polls = Table(
    "time_polls",
    metadata,
    id_column(),
    reference("case_id", "cases"),
    person("proposed_by"),
    plain("proposed_at", UtcDateTime),
    plain("closes_at", UtcDateTime),
    sealed("starts"),
    plain("minutes", Integer),
    sealed("place", nullable=True),
    sealed("link", nullable=True),
    sealed("note"),
    person("chair", nullable=True),
    reference("meeting_id", "meetings", nullable=True, index=True),
    plain("sequence", Integer, nullable=True),
    UniqueConstraint("case_id"),
)
time_answers = Table(
    "time_answers",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("poll_id", "time_polls", index=True),
    reference("involvement_id", "involvements", index=True),
    person("person_id"),
    plain("answered_at", UtcDateTime),
    person("answered_by"),
    sealed("suits"),
    sealed("with_deputy"),
    plain("via", EnumText(Via), nullable=True),
)
