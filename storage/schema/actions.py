"""The tables of needs, and of the actions agreed on."""

from __future__ import annotations

from sqlalchemy import Date, Table, Text, UniqueConstraint

from bot.domain.case.actions import Outcome
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

case_needs = Table(
    "case_needs",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    plain("need", Text),
    plain("noted_at", UtcDateTime),
    reference("involvement_id", "involvements", nullable=True, index=True),
    plain("taken_at", UtcDateTime, nullable=True),
    UniqueConstraint("case_id", "need"),
)
actions = Table(
    "actions",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("involvement_id", "involvements", index=True),
    plain("persons", Text),
    plain("due_on", Date),
    plain("agreed_at", UtcDateTime),
    person("agreed_by"),
    plain("need", Text, nullable=True),
    sealed("text"),
    plain("outcome", EnumText(Outcome), nullable=True),
    plain("ended_at", UtcDateTime, nullable=True),
    reference("follows", "actions", nullable=True),
    partial_unique("uq_actions_follows", "follows", where="follows IS NOT NULL"),
)
