"""The tables of a meeting as it was held: arrivals, corrections of the register."""

from __future__ import annotations

from sqlalchemy import Boolean, Table

from bot.domain.case.entities import Attendance
from storage.schema.columns import EnumText, UtcDateTime, id_column, metadata, person, plain, reference

arrivals = Table(
    "arrivals",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("meeting_id", "meetings", index=True),
    person("person_id", nullable=True),
    plain("at", UtcDateTime),
    reference("duty_id", "duties", nullable=True),
    person("recorded_by", nullable=True),
)
corrections = Table(
    "corrections",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("duty_id", "duties", index=True),
    plain("corrected_at", UtcDateTime),
    person("corrected_by"),
    plain("was", EnumText(Attendance)),
    plain("became", EnumText(Attendance)),
    plain("had_report", Boolean),
    plain("has_report", Boolean),
)
