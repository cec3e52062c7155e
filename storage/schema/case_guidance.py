"""The table of guidance that is asked for in the room of a case, with the case's key."""

from __future__ import annotations

from sqlalchemy import Integer, Table

from storage.schema.columns import UtcDateTime, id_column, metadata, person, plain, reference, sealed

case_questions = Table(
    "case_questions",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("asked_at", UtcDateTime),
    person("asker"),
    sealed("text"),
    plain("answers", Integer),
    sealed("answer", nullable=True),
    person("answered_by", nullable=True),
)
