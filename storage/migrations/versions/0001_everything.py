"""Everything that the first version remembers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Kept through a rebuilding of the table on SQLite only if they are made anew after it.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ),
}


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("op_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("recipient", sa.LargeBinary),
        sa.Column("case_id", sa.Text),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("dedup_key", sa.LargeBinary, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("useful_until", INSTANT),
        sa.Column("once", sa.Boolean, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("dead_reason", sa.Text),
        sa.Column("enqueued_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedup_key", name="uq_outbox_dedup_key"),
    )
    op.create_index("ix_outbox_ended", "outbox", ["done_at"], **_where("state > 1"))
    op.create_index("ix_outbox_unfinished", "outbox", ["next_at", "id"], **_where("state < 2"))
    op.create_table(
        "persons",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("slack_id", sa.LargeBinary),
        sa.Column("work_mail", sa.LargeBinary),
        sa.Column("language", sa.Text),
        sa.Column("dm_channel", sa.LargeBinary),
        sa.Column("home", sa.Boolean, nullable=False),
        sa.Column("deactivated", sa.Boolean, nullable=False),
        sa.Column("slack_id_ix", sa.LargeBinary),
        sa.Column("work_mail_ix", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.UniqueConstraint("slack_id_ix", name="uq_persons_slack_id_ix"),
        sa.UniqueConstraint("work_mail_ix", name="uq_persons_work_mail_ix"),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("known", sa.LargeBinary, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    op.create_table(
        "audit",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("right", sa.Text),
        sa.Column("scope_ref", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_scope_ref", "audit", ["scope_ref"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "receipts",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_receipts"),
    )
    op.create_index("ix_receipts_received_at", "receipts", ["received_at"])
    op.create_table(
        "teams",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mandate", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("key", name="uq_teams_key"),
    )
    op.create_table(
        "agencies",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("core", sa.Boolean, nullable=False),
        sa.Column("cover_name", sa.Text),
        sa.Column("duty_line", sa.Text),
        sa.Column("can", sa.Text, nullable=False),
        sa.Column("usual_reason", sa.Text, nullable=False),
        sa.Column("usual_ground", sa.Text, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        _ref("agencies", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        sa.UniqueConstraint("team_id", "key", name="uq_agencies_team_id_key"),
    )
    op.create_table(
        "coordinators",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT),
        _ref("coordinators", "person_id", "persons"),
        _ref("coordinators", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name="pk_coordinators"),
    )
    op.create_index("ix_coordinators_person_id", "coordinators", ["person_id"])
    op.create_index("ix_coordinators_team_id", "coordinators", ["team_id"])
    _one("uq_coordinators_now", "coordinators", ["team_id", "person_id"], "until IS NULL")
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_created_at", "drafts", ["created_at"])
    op.create_table(
        "cases",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("opened_by", sa.LargeBinary, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.Text),
        sa.Column("closed_at", INSTANT),
        sa.Column("delete_on", sa.Date),
        sa.Column("purged_at", INSTANT),
        sa.Column("version", sa.Integer, nullable=False),
        _ref("cases", "asked_by", "agencies"),
        _ref("cases", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("code", name="uq_cases_code"),
    )
    op.create_index("ix_cases_unpurged", "cases", ["team_id", "opened_at"], **_where("purged_at IS NULL"))
    op.create_table(
        "contacts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("leader", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        _ref("contacts", "agency_id", "agencies"),
        _ref("contacts", "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_agency_id", "contacts", ["agency_id"])
    op.create_index("ix_contacts_person_id", "contacts", ["person_id"])
    op.create_table(
        "involvements",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text, nullable=False),
        sa.Column("persons", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        _ref("involvements", "agency_id", "agencies"),
        _ref("involvements", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_involvements"),
    )
    op.create_index("ix_involvements_agency_id", "involvements", ["agency_id"])
    op.create_index("ix_involvements_case_id", "involvements", ["case_id"])
    _one("uq_involvements_unended", "involvements", ["case_id", "agency_id"], "ended_at IS NULL")
    op.create_table(
        "meetings",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("called_by", sa.LargeBinary, nullable=False),
        sa.Column("called_at", INSTANT, nullable=False),
        sa.Column("place", sa.LargeBinary),
        sa.Column("link", sa.LargeBinary),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("cancelled_at", INSTANT),
        sa.Column("registered_at", INSTANT),
        _ref("meetings", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
    )
    op.create_index("ix_meetings_case_id", "meetings", ["case_id"])
    op.create_table(
        "posted",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("op_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.LargeBinary, nullable=False),
        sa.Column("ts", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("posted_at", INSTANT, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("person_id", sa.LargeBinary),
        sa.Column("file_id", sa.LargeBinary),
        sa.Column("key_ix", sa.LargeBinary, nullable=False),
        sa.Column("person_id_ix", sa.LargeBinary),
        _ref("posted", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_posted"),
        sa.UniqueConstraint("key_ix", name="uq_posted_key_ix"),
    )
    op.create_index("ix_posted_case_id", "posted", ["case_id"])
    op.create_index("ix_posted_person_id_ix", "posted", ["person_id_ix"])
    op.create_index("ix_posted_subject", "posted", ["subject"])
    op.create_table(
        "rooms",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.LargeBinary),
        sa.Column("name", sa.LargeBinary),
        sa.Column("members", sa.LargeBinary, nullable=False),
        sa.Column("doubts", sa.Integer, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("kick_refused", sa.Boolean, nullable=False),
        sa.Column("channel_id_ix", sa.LargeBinary),
        _ref("rooms", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("case_id", name="uq_rooms_case_id"),
        sa.UniqueConstraint("channel_id_ix", name="uq_rooms_channel_id_ix"),
    )
    op.create_index("ix_rooms_archived", "rooms", ["archived"])
    op.create_table(
        "duties",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("involvement_id", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("attendance", sa.Text),
        sa.Column("registered_by", sa.LargeBinary),
        _ref("duties", "case_id", "cases"),
        _ref("duties", "involvement_id", "involvements"),
        _ref("duties", "meeting_id", "meetings"),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
    )
    op.create_index("ix_duties_case_id", "duties", ["case_id"])
    op.create_index("ix_duties_involvement_id", "duties", ["involvement_id"])
    op.create_index("ix_duties_meeting_id", "duties", ["meeting_id"])
    _one("uq_duties_live", "duties", ["meeting_id", "involvement_id"], "withdrawn_at IS NULL")
    op.create_table(
        "seats",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("involvement_id", sa.Text),
        sa.Column("meeting_id", sa.Text),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("acknowledged_via", sa.Text),
        sa.Column("acknowledged_by", sa.LargeBinary),
        sa.Column("ended_at", INSTANT),
        sa.Column("end", sa.Text),
        sa.Column("person_id_ix", sa.LargeBinary, nullable=False),
        _ref("seats", "case_id", "cases"),
        _ref("seats", "involvement_id", "involvements"),
        _ref("seats", "meeting_id", "meetings"),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
    )
    op.create_index("ix_seats_case_id", "seats", ["case_id"])
    op.create_index("ix_seats_involvement_id", "seats", ["involvement_id"])
    op.create_index("ix_seats_live", "seats", ["case_id"], **_where("ended_at IS NULL"))
    op.create_index("ix_seats_meeting_id", "seats", ["meeting_id"])
    op.create_index("ix_seats_person_id_ix_ended_at", "seats", ["person_id_ix", "ended_at"])
    _one(
        "uq_seats_live_agency",
        "seats",
        ["case_id", "person_id_ix", "involvement_id"],
        "role = 'agency' AND ended_at IS NULL",
    )
    _one(
        "uq_seats_live_coordinator",
        "seats",
        ["case_id", "person_id_ix"],
        "role = 'coordinator' AND ended_at IS NULL",
    )
    _one(
        "uq_seats_live_deputy",
        "seats",
        ["case_id", "person_id_ix", "involvement_id", "meeting_id"],
        "role = 'deputy' AND ended_at IS NULL",
    )
    op.create_table(
        "asks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("duty_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.LargeBinary, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("window_ends_at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("deputy_for", sa.Text),
        sa.Column("told_at", INSTANT),
        sa.Column("told_via", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_by", sa.LargeBinary),
        sa.Column("reason", sa.Text),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("person_id_ix", sa.LargeBinary, nullable=False),
        _ref("asks", "case_id", "cases"),
        _ref("asks", "deputy_for", "asks"),
        _ref("asks", "duty_id", "duties"),
        _ref("asks", "meeting_id", "meetings"),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
    )
    op.create_index("ix_asks_case_id", "asks", ["case_id"])
    op.create_index("ix_asks_deputy_for", "asks", ["deputy_for"])
    op.create_index("ix_asks_duty_id", "asks", ["duty_id"])
    op.create_index("ix_asks_meeting_id", "asks", ["meeting_id"])
    op.create_index("ix_asks_person_id_ix_withdrawn_at", "asks", ["person_id_ix", "withdrawn_at"])
    op.create_index("ix_asks_uid", "asks", ["uid"])
    _one("uq_asks_live_principal", "asks", ["duty_id"], "deputy_for IS NULL AND withdrawn_at IS NULL")


def _ref(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=f"fk_{table}_{column}_{referred}",
        deferrable=True,
        initially="DEFERRED",
    )


def _one(name: str, table: str, columns: list[str], condition: str) -> None:
    """Of what is so, there is one."""
    op.create_index(name, table, columns, unique=True, **_where(condition))


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
