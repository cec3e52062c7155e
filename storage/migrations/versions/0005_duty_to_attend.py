"""The duty to attend: escalation, deputies, the roll call, the agenda, corrections, counts."""

from __future__ import annotations

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and tables. «Absent» is told apart by whether anybody had declined."""
    op.drop_column("cases", "version")
    with _rebuilt("contacts") as contacts:
        contacts.add_column(_no("waits"))
        contacts.add_column(sa.Column("away_from", sa.Date))
        contacts.add_column(sa.Column("away_until", sa.Date))
    with _rebuilt("meetings") as meetings:
        meetings.add_column(sa.Column("chair", sa.LargeBinary))
        meetings.add_column(sa.Column("quorum_reason", sa.Text))
        meetings.add_column(sa.Column("quorum_at", INSTANT))
        meetings.add_column(sa.Column("quorum_by", sa.LargeBinary))
    with _rebuilt("duties") as duties:
        duties.add_column(_no("written_report"))
        duties.add_column(sa.Column("absence_reason", sa.Text))
    for table, column in (("contacts", "waits"), ("duties", "written_report")):
        with _rebuilt(table) as batch:
            batch.alter_column(column, server_default=None)
    op.execute(
        "UPDATE duties SET attendance = 'absent_with_notice' WHERE attendance = 'absent'"
        " AND EXISTS (SELECT 1 FROM asks WHERE asks.duty_id = duties.id AND asks.answer = 'declined')"
    )
    op.execute("UPDATE duties SET attendance = 'absent_without_notice' WHERE attendance = 'absent'")
    _asks()
    _seats()
    _of_a_case(
        "steps",
        _ref("steps", "duty_id", "duties"),
        _ref("steps", "ask_id", "asks"),
        sa.Column("duty_id", sa.Text, nullable=False),
        sa.Column("ask_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("person_id", sa.LargeBinary),
        sa.Column("answered_at", INSTANT),
        sa.UniqueConstraint("ask_id", "sequence", "kind", name=op.f("uq_steps_ask_id_sequence_kind")),
        index="duty_id",
    )
    _of_a_case(
        "arrivals",
        _ref("arrivals", "meeting_id", "meetings"),
        _ref("arrivals", "duty_id", "duties"),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.LargeBinary),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("duty_id", sa.Text),
        sa.Column("recorded_by", sa.LargeBinary),
        index="meeting_id",
    )
    _of_a_case(
        "agenda_ticks",
        _ref("agenda_ticks", "meeting_id", "meetings"),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("point", sa.Text, nullable=False),
        sa.Column("ticked_at", INSTANT, nullable=False),
        sa.Column("ticked_by", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("meeting_id", "point", name=op.f("uq_agenda_ticks_meeting_id_point")),
        index="meeting_id",
    )
    _of_a_case(
        "corrections",
        _ref("corrections", "duty_id", "duties"),
        sa.Column("duty_id", sa.Text, nullable=False),
        sa.Column("corrected_at", INSTANT, nullable=False),
        sa.Column("corrected_by", sa.LargeBinary, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("became", sa.Text, nullable=False),
        sa.Column("had_report", sa.Boolean, nullable=False),
        sa.Column("has_report", sa.Boolean, nullable=False),
        index="duty_id",
    )
    op.create_table(
        "counts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counts")),
        _ref("counts", "team_id", "teams"),
        _ref("counts", "agency_id", "agencies"),
        sa.UniqueConstraint(
            *("team_id", "agency_id", "month", "measure"),
            name=op.f("uq_counts_team_id_agency_id_month_measure"),
        ),
    )
    op.create_index(op.f("ix_counts_agency_id"), "counts", ["agency_id"])


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made anew, so that it is as one made from `storage.tables`."""
    return op.batch_alter_table(
        table, recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto"
    )


def _no(column: str) -> sa.Column[bool]:
    return sa.Column(column, sa.Boolean, nullable=False, server_default=sa.false())


def _asks() -> None:
    """More than one person of an agency may now be asked, each because the one before was silent."""
    with _rebuilt("asks") as asks:
        asks.add_column(sa.Column("escalated_from", sa.Text))
        asks.add_column(sa.Column("overtaken_by", sa.LargeBinary))
        asks.add_column(sa.Column("decides", sa.Boolean))
        asks.add_column(sa.Column("named_by", sa.LargeBinary))
        asks.add_column(sa.Column("approval", sa.Text))
        asks.add_column(sa.Column("approved_by", sa.LargeBinary))
        asks.add_column(sa.Column("refusal", sa.LargeBinary))
        asks.add_column(sa.Column("first_answered_at", INSTANT))
        asks.create_foreign_key(
            op.f("fk_asks_escalated_from_asks"),
            "asks",
            ["escalated_from"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
        asks.drop_index("uq_asks_live_principal")
    op.create_index(op.f("ix_asks_escalated_from"), "asks", ["escalated_from"])
    op.execute("UPDATE asks SET first_answered_at = answered_at")
    first = sa.text("deputy_for IS NULL AND escalated_from IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_asks_live_principal",
        "asks",
        ["duty_id"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )


def _seats() -> None:
    """A seat may take over another, once taushetsplikt is confirmed."""
    with _rebuilt("seats") as seats:
        seats.add_column(sa.Column("takes_over", sa.Text))
        seats.create_foreign_key(
            op.f("fk_seats_takes_over_seats"),
            "seats",
            ["takes_over"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
        )
    op.create_index(op.f("ix_seats_takes_over"), "seats", ["takes_over"])


def _of_a_case(table: str, *parts: sa.schema.SchemaItem, index: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _ref(table, "case_id", "cases"),
    )
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])
    op.create_index(op.f(f"ix_{table}_{index}"), table, [index])


def _ref(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{referred}.id"],
        name=op.f(f"fk_{table}_{column}_{referred}"),
        deferrable=True,
        initially="DEFERRED",
    )
