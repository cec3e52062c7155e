"""The tables of joint meetings, each with a key of its own."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Integer, Table, Text, UniqueConstraint

from storage.schema.calendar import entry_columns
from storage.schema.columns import (
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

joint_meetings = Table(
    "joint_meetings",
    metadata,
    id_column(),
    reference("team_id", "teams", index=True),
    plain("starts_at", UtcDateTime),
    plain("ends_at", UtcDateTime),
    plain("called_at", UtcDateTime),
    person("called_by"),
    sealed("topic"),
    sealed("agenda"),
    sealed("place", nullable=True),
    sealed("link", nullable=True),
    plain("theme", Text, nullable=True),
    plain("sequence", Integer),
    plain("number_came", Integer, nullable=True),
    plain("cancelled_at", UtcDateTime, nullable=True),
    plain("registered_at", UtcDateTime, nullable=True),
    plain("delete_on", Date, nullable=True),
    plain("purged_at", UtcDateTime, nullable=True),
    plain("asked_sequence", Integer),
    plain("erasing_since", UtcDateTime, nullable=True),
)
joint_invitations = Table(
    "joint_invitations",
    metadata,
    id_column(),
    reference("joint_id", "joint_meetings", index=True),
    reference("agency_id", "agencies", index=True),
    person("person_id"),
    sealed("uid"),
    plain("invited_at", UtcDateTime),
    plain("comes", Boolean, nullable=True),
    plain("answered_at", UtcDateTime, nullable=True),
    plain("came", Boolean, nullable=True),
)
# What calendars have been told by mail, as in `calendar_entries`.
joint_entries = Table(
    "joint_entries",
    metadata,
    *entry_columns(),
    reference("joint_id", "joint_meetings", index=True),
    reference("invitation_id", "joint_invitations", index=True),
    blind("uid", nullable=True),
    blind("token", nullable=True),
    UniqueConstraint("uid_ix"),
    UniqueConstraint("token_ix"),
    partial_unique("uq_joint_entries_standing", "invitation_id", where="NOT cancelled"),
)
