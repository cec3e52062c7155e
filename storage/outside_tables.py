"""The tables of what lies outside cases: as in `storage.tables`; each thing has a key of its own."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, Table, Text, UniqueConstraint

from bot.domain.case.calendar import Post, Trouble
from bot.domain.convening import NotConvened, Urgency
from bot.domain.guidance import GuidanceOutcome
from storage.columns import fact, id_column, metadata, one, person, reference, sealed
from storage.types import Instant, Word

guidances = Table(
    "guidances",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    fact("theme", Text),
    fact("asked_at", Instant),
    fact("due_at", Instant),
    person("asker"),
    sealed("text"),
    sealed("uid"),
    sealed("answer", nullable=True),
    fact("answers", Integer),
    fact("answered_at", Instant, nullable=True),
    person("answered_by", nullable=True),
    fact("talk_at", Instant, nullable=True),
    person("talk_by", nullable=True),
    fact("talk_invited_at", Instant, nullable=True),
    fact("talk_sequence", Integer),
    fact("in_time", Boolean, nullable=True),
    fact("outcome", Word(GuidanceOutcome), nullable=True),
    fact("closed_at", Instant, nullable=True),
    fact("delete_on", Date, nullable=True),
    fact("purged_at", Instant, nullable=True),
)
convenings = Table(
    "convenings",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    reference("agency_id", "agencies", nullable=True, index=True),
    fact("urgency", Word(Urgency)),
    fact("asked_at", Instant),
    fact("due_at", Instant),
    person("asker"),
    sealed("note"),
    fact("convened", Boolean, nullable=True),
    fact("reason", Word(NotConvened), nullable=True),
    fact("decided_at", Instant, nullable=True),
    person("decided_by", nullable=True),
    fact("delete_on", Date, nullable=True),
    fact("purged_at", Instant, nullable=True),
)
joint_meetings = Table(
    "joint_meetings",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    fact("starts_at", Instant),
    fact("ends_at", Instant),
    fact("called_at", Instant),
    person("called_by"),
    sealed("topic"),
    sealed("agenda"),
    sealed("place", nullable=True),
    sealed("link", nullable=True),
    fact("theme", Text, nullable=True),
    fact("sequence", Integer),
    fact("number_came", Integer, nullable=True),
    fact("cancelled_at", Instant, nullable=True),
    fact("registered_at", Instant, nullable=True),
    fact("delete_on", Date, nullable=True),
    fact("purged_at", Instant, nullable=True),
    fact("asked_sequence", Integer),
)
joint_invitations = Table(
    "joint_invitations",
    metadata,
    id_column(),
    reference("joint_id", "joint_meetings", index=True),
    reference("agency_id", "agencies", index=True),
    person("person_id"),
    fact("uid", Text),
    fact("invited_at", Instant),
    fact("comes", Boolean, nullable=True),
    fact("answered_at", Instant, nullable=True),
    fact("came", Boolean, nullable=True),
    UniqueConstraint("uid"),
)
# What calendars have been told by mail, as in `calendar_entries`.
joint_entries = Table(
    "joint_entries",
    metadata,
    id_column(),
    sealed("address"),
    fact("uid", Text),
    fact("token", Text),
    fact("made_at", Instant),
    fact("starts_at", Instant),
    fact("ends_at", Instant),
    fact("stamped_at", Instant),
    fact("ask_sequence", Integer),
    fact("sequence", Integer),
    fact("cancelled", Boolean),
    fact("post", Word(Post)),
    fact("trouble", Word(Trouble), nullable=True),
    fact("reply_sequence", Integer, nullable=True),
    fact("reply_stamp", Instant, nullable=True),
    fact("replied_at", Instant, nullable=True),
    fact("tentative", Boolean),
    reference("joint_id", "joint_meetings", index=True),
    reference("invitation_id", "joint_invitations", index=True),
    UniqueConstraint("uid"),
    UniqueConstraint("token"),
    one("uq_joint_entries_standing", "invitation_id", where="NOT cancelled"),
)
