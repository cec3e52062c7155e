"""The tables of the duty to attend: as in `storage.tables`, one per entity."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, Table, Text, UniqueConstraint

from bot.domain.case.duty import Measure, StepKind
from bot.domain.case.entities import Attendance
from storage.columns import fact, id_column, metadata, person, reference
from storage.types import Instant, Word

steps = Table(
    "steps",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("duty_id", "duties", index=True),
    reference("ask_id", "asks"),
    fact("sequence", Integer),
    fact("kind", Word(StepKind)),
    fact("taken_at", Instant),
    person("person_id", nullable=True),
    fact("answered_at", Instant, nullable=True),
    # Nobody is asked twice for the same thing at the same step.
    UniqueConstraint("ask_id", "sequence", "kind"),
)
arrivals = Table(
    "arrivals",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("meeting_id", "meetings", index=True),
    person("person_id", nullable=True),
    fact("at", Instant),
    reference("duty_id", "duties", nullable=True),
    person("recorded_by", nullable=True),
)
agenda_ticks = Table(
    "agenda_ticks",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("meeting_id", "meetings", index=True),
    fact("point", Text),
    fact("ticked_at", Instant),
    person("ticked_by"),
    UniqueConstraint("meeting_id", "point"),
)
corrections = Table(
    "corrections",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("duty_id", "duties", index=True),
    fact("corrected_at", Instant),
    person("corrected_by"),
    fact("was", Word(Attendance)),
    fact("became", Word(Attendance)),
    fact("had_report", Boolean),
    fact("has_report", Boolean),
)
# Of no case: what is left when cases are gone.
counts = Table(
    "counts",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    reference("agency_id", "agencies", index=True),
    fact("month", Date),
    fact("measure", Word(Measure)),
    fact("number", Integer),
    UniqueConstraint("team_id", "agency_id", "month", "measure"),
)
