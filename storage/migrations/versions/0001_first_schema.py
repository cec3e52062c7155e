"""The first schema."""

from __future__ import annotations

from itertools import chain
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "bytes": sa.LargeBinary(),
    "bool": sa.Boolean(),
    "int": sa.Integer(),
    "date": sa.Date(),
    "moment": sa.DateTime(timezone=True),
}

#: As a table is made anew on SQLite, they have to be made again after it.
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


def _create(table: str, *items: str | sa.schema.SchemaItem) -> None:
    """Create a table with its columns in order: `name:kind`, `name:table` for a reference, «?» for NULL.

    The primary key is `id`, a text, unless the first item is one.
    """
    first = () if isinstance(items[0], sa.Column) else (sa.Column("id", sa.Text(), primary_key=True),)
    parts = [_columns(item) if isinstance(item, str) else [item] for item in items]
    op.create_table(table, *first, *chain.from_iterable(parts))


def _columns(text: str) -> list[sa.schema.SchemaItem]:
    columns: list[sa.schema.SchemaItem] = []
    for name, kind in (column.split(":") for column in text.split()):
        of, nullable = kind.removesuffix("?"), kind.endswith("?")
        if of in KINDS:
            columns.append(sa.Column(name, KINDS[of], nullable=nullable))
        else:
            key = sa.ForeignKey(f"{of}.id", deferrable=True, initially="DEFERRED")
            columns.append(sa.Column(name, sa.Text(), key, nullable=nullable))
    return columns


def _index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    picked = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=picked, postgresql_where=picked)


def _unique(name: str, *columns: str, where: str) -> sa.Index:
    return _index(name, *columns, where=where, unique=True)


def upgrade() -> None:
    """Create every table."""
    _create(
        "audit",
        sa.Column("number", BIG, primary_key=True, autoincrement=False),
        "at:moment event:text right:text? scope_ref:bytes body:bytes hash:bytes",
        sa.Index(None, "scope_ref"),
    )
    _create("drafts", "person_id:bytes data:bytes created_at:moment", sa.Index(None, "created_at"))
    _create("installation", "known:bytes generation:int")
    _create(
        "outbox",
        sa.Column("id", BIG, primary_key=True),
        "op_id:text kind:text subject:text recipient:bytes? case_id:text? item:text? params:bytes",
        "dedup_key:bytes due_at:moment useful_until:moment? once:bool state:int next_at:moment attempts:int",
        "fence:int generation:int dead_reason:text? enqueued_at:moment done_at:moment?",
        sa.UniqueConstraint("dedup_key"),
        _index("ix_outbox_ended", "done_at", where="state > 1"),
        _index("ix_outbox_unfinished", "next_at", "id", where="state < 2"),
    )
    _create(
        "persons",
        "slack_id:bytes? work_mail:bytes? language:text? dm_channel:bytes? home:bool deactivated:bool",
        "slack_id_ix:bytes? work_mail_ix:bytes?",
        sa.UniqueConstraint("slack_id_ix"),
        sa.UniqueConstraint("work_mail_ix"),
    )
    _create(
        "receipts",
        sa.Column("digest", sa.Text(), primary_key=True),
        "received_at:moment",
        sa.Index(None, "received_at"),
    )
    _create(
        "teams",
        "key:text name:text mandate:text language:text zone:text rules:text",
        sa.UniqueConstraint("key"),
    )
    _create(
        "agencies",
        "team_id:teams key:text kind:text name:text core:bool cover_name:text? duty_line:text? can:text",
        "usual_reason:text usual_ground:text retired:bool",
        sa.UniqueConstraint("team_id", "key"),
    )
    _create(
        "coordinators",
        "team_id:teams person_id:persons since:moment until:moment?",
        sa.Index(None, "person_id"),
        sa.Index(None, "team_id"),
        _unique("uq_coordinators_now", "team_id", "person_id", where="until IS NULL"),
    )
    _create(
        "guidances",
        "team_id:teams theme:text asked_at:moment due_at:moment asker:bytes text:bytes uid:bytes",
        "answer:bytes? answers:int answered_at:moment? answered_by:bytes? talk_at:moment? talk_by:bytes?",
        "talk_invited_at:moment? talk_sequence:int in_time:bool? outcome:text? closed_at:moment?",
        "delete_on:date? purged_at:moment?",
        sa.Index(None, "team_id"),
    )
    _create(
        "joint_meetings",
        "team_id:teams starts_at:moment ends_at:moment called_at:moment called_by:bytes topic:bytes",
        "agenda:bytes place:bytes? link:bytes? theme:text? sequence:int number_came:int?",
        "cancelled_at:moment? registered_at:moment? delete_on:date? purged_at:moment? asked_sequence:int",
        sa.Index(None, "team_id"),
    )
    _create(
        "cases",
        "team_id:teams code:text phase:text persons:int opened_by:bytes opened_at:moment asked_by:agencies?",
        "closed_at:moment? delete_on:date? purged_at:moment? rhythm:text? phase_since:moment?",
        sa.UniqueConstraint("code"),
        _index("ix_cases_unpurged", "team_id", "opened_at", where="purged_at IS NULL"),
    )
    _create(
        "contacts",
        "agency_id:agencies person_id:persons position:int hours:text leader:bool title:text retired:bool",
        "waits:bool away_from:date? away_until:date?",
        sa.Index(None, "agency_id"),
        sa.Index(None, "person_id"),
    )
    _create(
        "convenings",
        "team_id:teams agency_id:agencies? urgency:text asked_at:moment due_at:moment asker:bytes",
        "note:bytes convened:bool? reason:text? decided_at:moment? decided_by:bytes? delete_on:date?",
        "purged_at:moment?",
        sa.Index(None, "agency_id"),
        sa.Index(None, "team_id"),
    )
    _create(
        "counts",
        "team_id:teams agency_id:agencies month:date measure:text number:int",
        sa.UniqueConstraint("team_id", "agency_id", "month", "measure"),
        sa.Index(None, "agency_id"),
    )
    _create(
        "joint_invitations",
        "joint_id:joint_meetings agency_id:agencies person_id:bytes uid:text invited_at:moment comes:bool?",
        "answered_at:moment? came:bool?",
        sa.UniqueConstraint("uid"),
        sa.Index(None, "agency_id"),
        sa.Index(None, "joint_id"),
    )
    _create(
        "closed_persons",
        "case_id:cases letter:text closed_at:moment closed_by:bytes",
        sa.UniqueConstraint("case_id", "letter"),
    )
    _create(
        "involvements",
        "case_id:cases agency_id:agencies persons:text reason:text ground:text asked_at:moment?",
        "ended_at:moment?",
        sa.Index(None, "agency_id"),
        sa.Index(None, "case_id"),
        _unique("uq_involvements_unended", "case_id", "agency_id", where="ended_at IS NULL"),
    )
    _create(
        "joint_entries",
        "address:bytes uid:text token:text made_at:moment starts_at:moment ends_at:moment stamped_at:moment",
        "ask_sequence:int sequence:int cancelled:bool post:text trouble:text? reply_sequence:int?",
        "reply_stamp:moment? replied_at:moment? tentative:bool joint_id:joint_meetings",
        "invitation_id:joint_invitations",
        sa.UniqueConstraint("token"),
        sa.UniqueConstraint("uid"),
        sa.Index(None, "invitation_id"),
        sa.Index(None, "joint_id"),
        _unique("uq_joint_entries_standing", "invitation_id", where="NOT cancelled"),
    )
    _create(
        "links",
        "case_id:cases kind:text token:bytes token_ix:bytes",
        sa.Index(None, "case_id"),
        sa.Index(None, "token_ix"),
    )
    _create(
        "meetings",
        "case_id:cases starts_at:moment ends_at:moment called_by:bytes called_at:moment place:bytes?",
        "link:bytes? note:bytes sequence:int cancelled_at:moment? registered_at:moment? chair:bytes?",
        "quorum_reason:text? quorum_at:moment? quorum_by:bytes?",
        sa.Index(None, "case_id"),
    )
    _create(
        "placements",
        "case_id:cases person:text starts_on:date ends_on:date confirmed_at:moment confirmed_by:bytes",
        "afterwards:text? ended_at:moment? ended_by:bytes?",
        sa.Index(None, "case_id"),
        _unique("uq_placements_open", "case_id", "person", where="ended_at IS NULL"),
    )
    _create(
        "posted",
        "key:bytes kind:text subject:text op_id:text channel_id:bytes ts:bytes digest:bytes",
        "posted_at:moment case_id:cases? person_id:bytes? file_id:bytes? item:text? params:bytes?",
        "key_ix:bytes person_id_ix:bytes?",
        sa.UniqueConstraint("key_ix"),
        sa.Index(None, "case_id"),
        sa.Index(None, "item"),
        sa.Index(None, "person_id_ix"),
        sa.Index(None, "subject"),
    )
    _create(
        "rooms",
        "case_id:cases channel_id:bytes? name:bytes? members:bytes doubts:int archived:bool",
        "kick_refused:bool channel_id_ix:bytes?",
        sa.UniqueConstraint("case_id"),
        sa.UniqueConstraint("channel_id_ix"),
        sa.Index(None, "archived"),
    )
    _create(
        "actions",
        "case_id:cases involvement_id:involvements persons:text due_on:date agreed_at:moment",
        "agreed_by:bytes need:text? text:bytes outcome:text? ended_at:moment? ended_by:bytes?",
        "follows:actions?",
        sa.Index(None, "case_id"),
        sa.Index(None, "involvement_id"),
        _unique("uq_actions_follows", "follows", where="follows IS NOT NULL"),
    )
    _create(
        "agenda_ticks",
        "case_id:cases meeting_id:meetings point:text ticked_at:moment ticked_by:bytes",
        sa.UniqueConstraint("meeting_id", "point"),
        sa.Index(None, "case_id"),
        sa.Index(None, "meeting_id"),
    )
    _create(
        "case_needs",
        "case_id:cases need:text noted_at:moment noted_by:bytes involvement_id:involvements?",
        "taken_at:moment?",
        sa.UniqueConstraint("case_id", "need"),
        sa.Index(None, "case_id"),
        sa.Index(None, "involvement_id"),
    )
    _create(
        "deadlines",
        "case_id:cases kind:text due_on:date set_at:moment set_by:bytes involvement_id:involvements?",
        "person:text? text:bytes ended_at:moment? ended_by:bytes?",
        sa.Index(None, "case_id"),
        sa.Index(None, "involvement_id"),
    )
    _create(
        "duties",
        "case_id:cases meeting_id:meetings involvement_id:involvements created_at:moment",
        "withdrawn_at:moment? attendance:text? registered_by:bytes? written_report:bool",
        "absence_reason:text?",
        sa.Index(None, "case_id"),
        sa.Index(None, "involvement_id"),
        sa.Index(None, "meeting_id"),
        _unique("uq_duties_live", "meeting_id", "involvement_id", where="withdrawn_at IS NULL"),
    )
    _create(
        "pauses",
        "case_id:cases reason:text contact_on:date involvement_id:involvements since:moment set_by:bytes",
        "ended_at:moment?",
        sa.Index(None, "case_id"),
        sa.Index(None, "involvement_id"),
        _unique("uq_pauses_standing", "case_id", where="ended_at IS NULL"),
    )
    _create(
        "seats",
        "case_id:cases person_id:bytes role:text asked_at:moment involvement_id:involvements?",
        "meeting_id:meetings? acknowledged_at:moment? acknowledged_via:text? acknowledged_by:bytes?",
        "ended_at:moment? end:text? takes_over:seats? person_id_ix:bytes",
        sa.Index(None, "case_id"),
        sa.Index(None, "involvement_id"),
        _index("ix_seats_live", "case_id", where="ended_at IS NULL"),
        sa.Index(None, "meeting_id"),
        sa.Index(None, "person_id_ix", "ended_at"),
        sa.Index(None, "takes_over"),
        _unique(
            "uq_seats_live_agency",
            "case_id",
            "person_id_ix",
            "involvement_id",
            where="role = 'agency' AND ended_at IS NULL",
        ),
        _unique(
            "uq_seats_live_coordinator",
            "case_id",
            "person_id_ix",
            where="role = 'coordinator' AND ended_at IS NULL",
        ),
        _unique(
            "uq_seats_live_deputy",
            "case_id",
            "person_id_ix",
            "involvement_id",
            "meeting_id",
            where="role = 'deputy' AND ended_at IS NULL",
        ),
        _unique(
            "uq_seats_live_liaison", "case_id", "person_id_ix", where="role = 'liaison' AND ended_at IS NULL"
        ),
    )
    _create(
        "arrivals",
        "case_id:cases meeting_id:meetings person_id:bytes? at:moment duty_id:duties? recorded_by:bytes?",
        sa.Index(None, "case_id"),
        sa.Index(None, "meeting_id"),
    )
    _create(
        "asks",
        "case_id:cases duty_id:duties meeting_id:meetings person_id:bytes uid:text asked_at:moment",
        "window_ends_at:moment sequence:int deputy_for:asks? told_at:moment? told_via:text? answer:text?",
        "answered_at:moment? answered_by:bytes? reason:text? withdrawn_at:moment? escalated_from:asks?",
        "overtaken_by:bytes? decides:bool? named_by:bytes? approval:text? approved_by:bytes? refusal:bytes?",
        "first_answered_at:moment? asked_anew:bool person_id_ix:bytes",
        sa.Index(None, "case_id"),
        sa.Index(None, "deputy_for"),
        sa.Index(None, "duty_id"),
        sa.Index(None, "escalated_from"),
        sa.Index(None, "meeting_id"),
        sa.Index(None, "person_id_ix", "withdrawn_at"),
        sa.Index(None, "uid"),
        _unique(
            "uq_asks_live_principal",
            "duty_id",
            where="deputy_for IS NULL AND escalated_from IS NULL AND withdrawn_at IS NULL",
        ),
    )
    _create(
        "corrections",
        "case_id:cases duty_id:duties corrected_at:moment corrected_by:bytes was:text became:text",
        "had_report:bool has_report:bool",
        sa.Index(None, "case_id"),
        sa.Index(None, "duty_id"),
    )
    _create(
        "liaisons",
        "case_id:cases until:date since:moment named_by:bytes title:bytes seat_id:seats?",
        "acknowledged_via:text? ended_at:moment?",
        sa.Index(None, "case_id"),
        sa.Index(None, "seat_id"),
    )
    _create(
        "liaison_invitations",
        "case_id:cases liaison_id:liaisons meeting_id:meetings person_id:bytes uid:text invited_at:moment",
        "sequence:int moved:bool",
        sa.UniqueConstraint("liaison_id", "meeting_id"),
        sa.UniqueConstraint("uid"),
        sa.Index(None, "case_id"),
        sa.Index(None, "meeting_id"),
    )
    _create(
        "steps",
        "case_id:cases duty_id:duties ask_id:asks sequence:int kind:text taken_at:moment person_id:bytes?",
        "answered_at:moment?",
        sa.UniqueConstraint("ask_id", "sequence", "kind"),
        sa.Index(None, "case_id"),
        sa.Index(None, "duty_id"),
    )
    _create(
        "calendar_entries",
        "address:bytes uid:text token:text made_at:moment starts_at:moment ends_at:moment stamped_at:moment",
        "ask_sequence:int sequence:int cancelled:bool post:text trouble:text? reply_sequence:int?",
        "reply_stamp:moment? replied_at:moment? tentative:bool case_id:cases ask_id:asks?",
        "invitation_id:liaison_invitations?",
        sa.UniqueConstraint("token"),
        sa.UniqueConstraint("uid"),
        sa.Index(None, "ask_id"),
        sa.Index(None, "case_id"),
        sa.Index(None, "invitation_id"),
        _unique("uq_calendar_entries_invited", "invitation_id", where="NOT cancelled"),
        _unique("uq_calendar_entries_standing", "ask_id", where="NOT cancelled"),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
