"""The table of the steps taken because nobody answered."""

from __future__ import annotations

from sqlalchemy import Integer, Table, UniqueConstraint

from bot.domain.case.duty import StepKind
from storage.schema.columns import EnumText, UtcDateTime, id_column, metadata, person, plain, reference

steps = Table(
    "steps",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("duty_id", "duties", index=True),
    reference("ask_id", "asks"),
    plain("sequence", Integer),
    plain("kind", EnumText(StepKind)),
    plain("taken_at", UtcDateTime),
    person("person_id", nullable=True),
    plain("answered_at", UtcDateTime, nullable=True),
    # Nobody is asked twice for the same thing at the same step.
    UniqueConstraint("ask_id", "sequence", "kind"),
)
