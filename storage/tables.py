"""The tables, one per entity: a column has the name of the field that it keeps.

What ties a person or a room to a case, and what people typed, is sealed (`_sealed`).
What must be unique is unique here, since two people clicking at once are settled by the database.
A NULL is distinct from every other NULL in a unique index, on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from bot.domain.case.calendar import Post, Trouble
from bot.domain.case.entities import (
    Answer,
    Approval,
    Attendance,
    DeclineReason,
    Phase,
    QuorumReason,
    SeatEnd,
    SeatRole,
    Via,
)
from bot.domain.case.rhythm import Rhythm
from bot.domain.directory.entities import Ground, Reason
from bot.domain.notifications import Kind
from storage.action_tables import actions, case_needs, deadlines, placements
from storage.append_only import guard
from storage.columns import blind as _blind
from storage.columns import fact as _fact
from storage.columns import id_column as _id
from storage.columns import metadata
from storage.columns import one as _one
from storage.columns import person as _person
from storage.columns import reference as _ref
from storage.columns import sealed as _sealed
from storage.columns import some as _some
from storage.directory_tables import agencies, contacts, coordinators, persons, teams
from storage.duty_tables import agenda_ticks, arrivals, corrections, counts, steps
from storage.link_tables import closed_persons, liaison_invitations, liaisons, links, pauses
from storage.outside_tables import convenings, guidances, joint_entries, joint_invitations, joint_meetings
from storage.types import Instant, Word

cases = Table(
    "cases",
    metadata,
    _id(),
    _ref("team_id", "teams"),
    _fact("code", Text),
    _fact("phase", Word(Phase)),
    _fact("persons", Integer),
    _person("opened_by"),
    _fact("opened_at", Instant),
    _ref("asked_by", "agencies", nullable=True),
    _fact("closed_at", Instant, nullable=True),
    _fact("delete_on", Date, nullable=True),
    _fact("purged_at", Instant, nullable=True),
    _fact("rhythm", Word(Rhythm), nullable=True),
    _fact("phase_since", Instant, nullable=True),
    # Even after the purge: Slack keeps the name of an archived room.
    UniqueConstraint("code"),
    _some("ix_cases_unpurged", "team_id", "opened_at", where="purged_at IS NULL"),
)
rooms = Table(
    "rooms",
    metadata,
    _id(),
    _ref("case_id", "cases"),
    _sealed("channel_id", nullable=True),
    _sealed("name", nullable=True),
    _sealed("members"),
    _fact("doubts", Integer),
    Column("archived", Boolean, nullable=False, index=True),
    _fact("kick_refused", Boolean),
    _blind("channel_id", nullable=True),
    UniqueConstraint("case_id"),
    UniqueConstraint("channel_id_ix"),
)
involvements = Table(
    "involvements",
    metadata,
    _id(),
    _ref("case_id", "cases", index=True),
    _ref("agency_id", "agencies", index=True),
    _fact("persons", Text),
    _fact("reason", Word(Reason)),
    _fact("ground", Word(Ground)),
    _fact("asked_at", Instant, nullable=True),
    _fact("ended_at", Instant, nullable=True),
    _one("uq_involvements_unended", "case_id", "agency_id", where="ended_at IS NULL"),
)
meetings = Table(
    "meetings",
    metadata,
    _id(),
    _ref("case_id", "cases", index=True),
    _fact("starts_at", Instant),
    _fact("ends_at", Instant),
    _person("called_by"),
    _fact("called_at", Instant),
    _sealed("place", nullable=True),
    _sealed("link", nullable=True),
    _sealed("note"),
    _fact("sequence", Integer),
    _fact("cancelled_at", Instant, nullable=True),
    _fact("registered_at", Instant, nullable=True),
    _person("chair", nullable=True),
    _fact("quorum_reason", Word(QuorumReason), nullable=True),
    _fact("quorum_at", Instant, nullable=True),
    _person("quorum_by", nullable=True),
)
seats = Table(
    "seats",
    metadata,
    _id(),
    _ref("case_id", "cases", index=True),
    _person("person_id"),
    _fact("role", Word(SeatRole)),
    _fact("asked_at", Instant),
    _ref("involvement_id", "involvements", nullable=True, index=True),
    _ref("meeting_id", "meetings", nullable=True, index=True),
    _fact("acknowledged_at", Instant, nullable=True),
    _fact("acknowledged_via", Word(Via), nullable=True),
    _person("acknowledged_by", nullable=True),
    _fact("ended_at", Instant, nullable=True),
    _fact("end", Word(SeatEnd), nullable=True),
    _ref("takes_over", "seats", nullable=True, index=True),
    _blind("person_id"),
    Index(None, "person_id_ix", "ended_at"),
    _some("ix_seats_live", "case_id", where="ended_at IS NULL"),
    # One index per role, since a coordinator's seat has no involvement (NULLs are distinct) and a
    # deputy may stand in at two meetings that both lie ahead.
    _one(
        "uq_seats_live_coordinator",
        "case_id",
        "person_id_ix",
        where="role = 'coordinator' AND ended_at IS NULL",
    ),
    _one(
        "uq_seats_live_agency",
        *("case_id", "person_id_ix", "involvement_id"),
        where="role = 'agency' AND ended_at IS NULL",
    ),
    _one(
        "uq_seats_live_liaison",
        *("case_id", "person_id_ix"),
        where="role = 'liaison' AND ended_at IS NULL",
    ),
    _one(
        "uq_seats_live_deputy",
        *("case_id", "person_id_ix", "involvement_id", "meeting_id"),
        where="role = 'deputy' AND ended_at IS NULL",
    ),
)
duties = Table(
    "duties",
    metadata,
    _id(),
    _ref("case_id", "cases", index=True),
    _ref("meeting_id", "meetings", index=True),
    _ref("involvement_id", "involvements", index=True),
    _fact("created_at", Instant),
    _fact("withdrawn_at", Instant, nullable=True),
    _fact("attendance", Word(Attendance), nullable=True),
    _person("registered_by", nullable=True),
    _fact("written_report", Boolean),
    _fact("absence_reason", Word(DeclineReason), nullable=True),
    _one("uq_duties_live", "meeting_id", "involvement_id", where="withdrawn_at IS NULL"),
)
asks = Table(
    "asks",
    metadata,
    _id(),
    _ref("case_id", "cases", index=True),
    _ref("duty_id", "duties", index=True),
    _ref("meeting_id", "meetings", index=True),
    _person("person_id"),
    Column("uid", Text, nullable=False, index=True),
    _fact("asked_at", Instant),
    _fact("window_ends_at", Instant),
    _fact("sequence", Integer),
    _ref("deputy_for", "asks", nullable=True, index=True),
    _fact("told_at", Instant, nullable=True),
    _fact("told_via", Word(Via), nullable=True),
    _fact("answer", Word(Answer), nullable=True),
    _fact("answered_at", Instant, nullable=True),
    _person("answered_by", nullable=True),
    _fact("reason", Word(DeclineReason), nullable=True),
    _fact("withdrawn_at", Instant, nullable=True),
    _ref("escalated_from", "asks", nullable=True, index=True),
    _person("overtaken_by", nullable=True),
    _fact("decides", Boolean, nullable=True),
    _person("named_by", nullable=True),
    _fact("approval", Word(Approval), nullable=True),
    _person("approved_by", nullable=True),
    _sealed("refusal", nullable=True),
    _fact("first_answered_at", Instant, nullable=True),
    _fact("asked_anew", Boolean),
    _blind("person_id"),
    Index(None, "person_id_ix", "withdrawn_at"),
    _one(
        "uq_asks_live_principal",
        "duty_id",
        where="deputy_for IS NULL AND escalated_from IS NULL AND withdrawn_at IS NULL",
    ),
)
calendar_entries = Table(
    "calendar_entries",
    metadata,
    _id(),
    _sealed("address"),
    _fact("uid", Text),
    _fact("token", Text),
    _fact("made_at", Instant),
    _fact("starts_at", Instant),
    _fact("ends_at", Instant),
    _fact("stamped_at", Instant),
    _fact("ask_sequence", Integer),
    _fact("sequence", Integer),
    _fact("cancelled", Boolean),
    _fact("post", Word(Post)),
    _fact("trouble", Word(Trouble), nullable=True),
    _fact("reply_sequence", Integer, nullable=True),
    _fact("reply_stamp", Instant, nullable=True),
    _fact("replied_at", Instant, nullable=True),
    _fact("tentative", Boolean),
    _ref("case_id", "cases", index=True),
    _ref("ask_id", "asks", nullable=True, index=True),
    _ref("invitation_id", "liaison_invitations", nullable=True, index=True),
    UniqueConstraint("uid"),
    UniqueConstraint("token"),
    _one("uq_calendar_entries_standing", "ask_id", where="NOT cancelled"),
    _one("uq_calendar_entries_invited", "invitation_id", where="NOT cancelled"),
)
posted = Table(
    "posted",
    metadata,
    _id(),
    _sealed("key"),
    _fact("kind", Word(Kind)),
    _fact("subject", Text),
    _fact("op_id", Text),
    _sealed("channel_id"),
    _sealed("ts"),
    _sealed("digest"),
    _fact("posted_at", Instant),
    _ref("case_id", "cases", nullable=True, index=True),
    _person("person_id", nullable=True),
    _sealed("file_id", nullable=True),
    _fact("item", Text, nullable=True),
    _sealed("params", nullable=True),
    _blind("key"),
    _blind("person_id", nullable=True),
    UniqueConstraint("key_ix"),
    Index(None, "person_id_ix"),
    Index(None, "subject"),
    Index(None, "item"),
)
drafts = Table(
    "drafts",
    metadata,
    _id(),
    _person("person_id"),
    _sealed("data"),
    Column("created_at", Instant, nullable=False, index=True),
)
# One row, made with the installation's key: `known` is a known text sealed with it, `generation` the one of
# the keys with which everything is sealed and found.
installation = Table(
    "installation",
    metadata,
    _id(),
    _fact("known", LargeBinary),
    _fact("generation", Integer),
)
# Notifications. They name cases and persons but do not hold on to them: what they are about may be gone
# by the time they are delivered, and then they are no longer wanted.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _fact("op_id", Text),
    _fact("kind", Word(Kind)),
    _fact("subject", Text),
    _sealed("recipient", nullable=True),
    _fact("case_id", Text, nullable=True),
    _fact("item", Text, nullable=True),
    _sealed("params"),
    _fact("dedup_key", LargeBinary),
    _fact("due_at", Instant),
    _fact("useful_until", Instant, nullable=True),
    _fact("once", Boolean),
    _fact("state", Integer),
    _fact("next_at", Instant),
    _fact("attempts", Integer),
    _fact("fence", Integer),
    _fact("generation", Integer),
    _fact("dead_reason", Text, nullable=True),
    _fact("enqueued_at", Instant),
    _fact("done_at", Instant, nullable=True),
    UniqueConstraint("dedup_key"),
    # Every query for it must spell «state < 2» out: no planner proves it of a bound parameter.
    _some("ix_outbox_unfinished", "next_at", "id", where="state < 2"),
    _some("ix_outbox_ended", "done_at", where="state > 1"),
)
receipts = Table(
    "receipts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("received_at", Instant, nullable=False, index=True),
)
# Rows follow each other without a gap, each with the hash of all before it (storage.audit).
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    _fact("at", Instant),
    _fact("event", Text),
    _fact("right", Text, nullable=True),
    _fact("scope_ref", LargeBinary),
    _fact("body", LargeBinary),
    _fact("hash", LargeBinary),
    Index(None, "scope_ref"),
)
guard(audit)
__all__ = [
    "actions",
    "agencies",
    "agenda_ticks",
    "arrivals",
    "asks",
    "audit",
    "calendar_entries",
    "case_needs",
    "cases",
    "closed_persons",
    "contacts",
    "convenings",
    "coordinators",
    "corrections",
    "counts",
    "deadlines",
    "drafts",
    "duties",
    "guidances",
    "installation",
    "involvements",
    "joint_entries",
    "joint_invitations",
    "joint_meetings",
    "liaison_invitations",
    "liaisons",
    "links",
    "meetings",
    "metadata",
    "outbox",
    "pauses",
    "persons",
    "placements",
    "posted",
    "receipts",
    "rooms",
    "seats",
    "steps",
    "teams",
]
