"""The tables of asks, who was summoned and what they answered, and of answers on duty phones."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Integer, Table

from bot.domain.case.entities import Answer, Approval, DeclineReason, Via
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    id_column,
    metadata,
    partial_unique,
    person,
    plain,
    reference,
    sealed,
)

asks = Table(
    "asks",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("duty_id", "duties", index=True),
    reference("meeting_id", "meetings", index=True),
    person("person_id"),
    sealed("uid"),
    plain("asked_at", UtcDateTime),
    plain("window_ends_at", UtcDateTime),
    plain("sequence", Integer),
    reference("deputy_for", "asks", nullable=True, index=True),
    plain("told_at", UtcDateTime, nullable=True),
    plain("told_via", EnumText(Via), nullable=True),
    plain("answer", EnumText(Answer), nullable=True),
    plain("answered_at", UtcDateTime, nullable=True),
    person("answered_by", nullable=True),
    plain("reason", EnumText(DeclineReason), nullable=True),
    plain("withdrawn_at", UtcDateTime, nullable=True),
    reference("escalated_from", "asks", nullable=True, index=True),
    person("overtaken_by", nullable=True),
    plain("decides", Boolean, nullable=True),
    person("named_by", nullable=True),
    plain("approval", EnumText(Approval), nullable=True),
    person("approved_by", nullable=True),
    sealed("refusal", nullable=True),
    plain("first_answered_at", UtcDateTime, nullable=True),
    plain("asked_anew", Boolean),
    plain("ring_anew", Boolean, nullable=True),
    plain("with_deputy", Boolean, nullable=True),
    blind("person_id"),
    Index(None, "person_id_ix", "withdrawn_at"),
    partial_unique(
        "uq_asks_live_principal",
        "duty_id",
        where="deputy_for IS NULL AND escalated_from IS NULL AND withdrawn_at IS NULL",
    ),
)
phone_answers = Table(
    "phone_answers",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("duty_id", "duties", index=True),
    plain("sequence", Integer),
    sealed("function"),
    plain("at", UtcDateTime),
    person("recorded_by"),
    plain("answer", EnumText(Answer), nullable=True),
)
