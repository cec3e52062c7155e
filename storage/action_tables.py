"""The tables of needs, actions, placements and deadlines: as in `storage.tables`, one per entity."""

from __future__ import annotations

from sqlalchemy import Date, Table, Text, UniqueConstraint

from bot.domain.case.actions import Outcome
from bot.domain.case.dates import Afterwards, DeadlineKind
from storage.columns import fact, id_column, metadata, one, person, reference, sealed
from storage.types import Instant, Word

case_needs = Table(
    "case_needs",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    fact("need", Text),
    fact("noted_at", Instant),
    person("noted_by"),
    reference("involvement_id", "involvements", nullable=True, index=True),
    fact("taken_at", Instant, nullable=True),
    UniqueConstraint("case_id", "need"),
)
actions = Table(
    "actions",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("involvement_id", "involvements", index=True),
    fact("persons", Text),
    fact("due_on", Date),
    fact("agreed_at", Instant),
    person("agreed_by"),
    fact("need", Text, nullable=True),
    sealed("text"),
    fact("outcome", Word(Outcome), nullable=True),
    fact("ended_at", Instant, nullable=True),
    person("ended_by", nullable=True),
    reference("follows", "actions", nullable=True),
    one("uq_actions_follows", "follows", where="follows IS NOT NULL"),
)
placements = Table(
    "placements",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    fact("person", Text),
    fact("starts_on", Date),
    fact("ends_on", Date),
    fact("confirmed_at", Instant),
    person("confirmed_by"),
    fact("afterwards", Word(Afterwards), nullable=True),
    fact("ended_at", Instant, nullable=True),
    person("ended_by", nullable=True),
    one("uq_placements_open", "case_id", "person", where="ended_at IS NULL"),
)
deadlines = Table(
    "deadlines",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    fact("kind", Word(DeadlineKind)),
    fact("due_on", Date),
    fact("set_at", Instant),
    person("set_by"),
    reference("involvement_id", "involvements", nullable=True, index=True),
    fact("person", Text, nullable=True),
    sealed("text"),
    fact("ended_at", Instant, nullable=True),
    person("ended_by", nullable=True),
)
