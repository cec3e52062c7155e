"""The tables of a case and its room."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text, UniqueConstraint

from bot.domain.case.entities import Phase, Rhythm, RoomTrouble
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    id_column,
    metadata,
    partial_index,
    person,
    plain,
    reference,
    sealed,
)

cases = Table(
    "cases",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    plain("code", Text),
    plain("phase", EnumText(Phase)),
    plain("persons", Integer),
    person("opened_by"),
    plain("opened_at", UtcDateTime),
    reference("asked_by", "agencies", nullable=True),
    plain("closed_at", UtcDateTime, nullable=True),
    plain("delete_on", Date, nullable=True),
    plain("purged_at", UtcDateTime, nullable=True),
    plain("rhythm", EnumText(Rhythm), nullable=True),
    plain("phase_since", UtcDateTime, nullable=True),
    plain("erasing_since", UtcDateTime, nullable=True),
    person("in_charge", nullable=True),
    plain("in_charge_at", UtcDateTime, nullable=True),
    person("offered_to", nullable=True),
    plain("undone", Boolean, nullable=True),
    # Even after the purge: Slack keeps the name of an archived room.
    UniqueConstraint("code"),
    partial_index("ix_cases_unpurged", "team_id", "opened_at", where="purged_at IS NULL"),
)
rooms = Table(
    "rooms",
    metadata,
    id_column(),
    reference("case_id", "cases"),
    sealed("channel_id", nullable=True),
    sealed("name", nullable=True),
    sealed("members"),
    plain("doubts", Integer),
    Column("archived", Boolean, nullable=False, index=True),
    plain("kick_refused", Boolean),
    plain("trouble", EnumText(RoomTrouble), nullable=True),
    plain("trouble_at", UtcDateTime, nullable=True),
    sealed("left_out", nullable=True),
    blind("channel_id", nullable=True),
    UniqueConstraint("case_id"),
    UniqueConstraint("channel_id_ix"),
)
former_rooms = Table(
    "former_rooms",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    # As a case's own, also after the purge.
    plain("code", Text),
    sealed("channel_id"),
    plain("left_at", UtcDateTime),
    sealed("members"),
    plain("emptied_at", UtcDateTime, nullable=True),
    UniqueConstraint("code"),
)
