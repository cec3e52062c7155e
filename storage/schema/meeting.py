"""The tables of meetings, and of the agencies' duty to attend them."""

from __future__ import annotations

from sqlalchemy import Boolean, Integer, Table

from bot.domain.case.entities import Attendance, DeclineReason, QuorumReason
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    id_column,
    metadata,
    partial_unique,
    person,
    plain,
    reference,
    sealed,
)

meetings = Table(
    "meetings",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("starts_at", UtcDateTime),
    plain("ends_at", UtcDateTime),
    person("called_by"),
    plain("called_at", UtcDateTime),
    sealed("place", nullable=True),
    sealed("link", nullable=True),
    sealed("note"),
    plain("sequence", Integer),
    plain("cancelled_at", UtcDateTime, nullable=True),
    plain("registered_at", UtcDateTime, nullable=True),
    person("chair", nullable=True),
    plain("quorum_reason", EnumText(QuorumReason), nullable=True),
    plain("quorum_at", UtcDateTime, nullable=True),
    person("quorum_by", nullable=True),
    plain("moved_from", UtcDateTime, nullable=True),
    sealed("treated"),
)
duties = Table(
    "duties",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("meeting_id", "meetings", index=True),
    reference("involvement_id", "involvements", index=True),
    plain("created_at", UtcDateTime),
    plain("withdrawn_at", UtcDateTime, nullable=True),
    plain("attendance", EnumText(Attendance), nullable=True),
    person("registered_by", nullable=True),
    plain("written_report", Boolean),
    plain("absence_reason", EnumText(DeclineReason), nullable=True),
    partial_unique("uq_duties_live", "meeting_id", "involvement_id", where="withdrawn_at IS NULL"),
)
