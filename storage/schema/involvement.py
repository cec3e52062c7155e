"""The tables of the agencies in a case, and of the seats of their people."""

from __future__ import annotations

from sqlalchemy import Index, Table, Text

from bot.domain.case.entities import SeatRole, Via
from bot.domain.directory.entities import Ground, NotOurs, Reason
from storage.schema.columns import (
    EnumText,
    UtcDateTime,
    blind,
    filled,
    id_column,
    metadata,
    partial_index,
    partial_unique,
    person,
    plain,
    reference,
    sealed,
)

involvements = Table(
    "involvements",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    reference("agency_id", "agencies", index=True),
    plain("persons", Text),
    plain("reason", EnumText(Reason)),
    plain("ground", EnumText(Ground)),
    plain("asked_at", UtcDateTime, nullable=True),
    plain("ended_at", UtcDateTime, nullable=True),
    plain("not_ours", EnumText(NotOurs), nullable=True),
    plain("not_ours_at", UtcDateTime, nullable=True),
    person("not_ours_by", nullable=True),
    # Which agencies have recorded a case, and which have not, is not the database's to tell.
    filled("on_record"),
    partial_unique("uq_involvements_unended", "case_id", "agency_id", where="ended_at IS NULL"),
)
# Whom a case alone has for an agency: even of which one the row says nothing without the case's key.
case_contacts = Table(
    "case_contacts",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    sealed("agency_id"),
    person("person_id"),
    sealed("title"),
    filled("line"),
)
seats = Table(
    "seats",
    metadata,
    id_column(),
    reference("case_id", "cases", index=True),
    person("person_id"),
    plain("role", EnumText(SeatRole)),
    plain("asked_at", UtcDateTime),
    reference("involvement_id", "involvements", nullable=True, index=True),
    reference("meeting_id", "meetings", nullable=True, index=True),
    plain("acknowledged_at", UtcDateTime, nullable=True),
    plain("acknowledged_via", EnumText(Via), nullable=True),
    person("acknowledged_by", nullable=True),
    plain("ended_at", UtcDateTime, nullable=True),
    # Why: an account that is gone, or who has handed over, would tell whose seat it was.
    sealed("end", nullable=True),
    reference("takes_over", "seats", nullable=True, index=True),
    blind("person_id"),
    Index(None, "person_id_ix", "ended_at"),
    partial_index("ix_seats_live", "case_id", where="ended_at IS NULL"),
    # One index per role, since a coordinator's seat has no involvement (NULLs are distinct) and a
    # deputy may stand in at two meetings that both lie ahead.
    partial_unique(
        "uq_seats_live_coordinator",
        "case_id",
        "person_id_ix",
        where="role = 'coordinator' AND ended_at IS NULL",
    ),
    partial_unique(
        "uq_seats_live_agency",
        "case_id",
        "person_id_ix",
        "involvement_id",
        where="role = 'agency' AND ended_at IS NULL",
    ),
    partial_unique(
        "uq_seats_live_liaison",
        "case_id",
        "person_id_ix",
        where="role = 'liaison' AND ended_at IS NULL",
    ),
    partial_unique(
        "uq_seats_live_deputy",
        "case_id",
        "person_id_ix",
        "involvement_id",
        "meeting_id",
        where="role = 'deputy' AND ended_at IS NULL",
    ),
)
