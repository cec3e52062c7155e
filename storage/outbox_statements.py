"""The outbox's statements, built once for each kind of database: to build one takes longer than to run it.

Parameters that are a moment are given by `Statements.moment`: SQLite is told the time, PostgreSQL how far
our clock is ahead of its own. No parameter has the name of a column, lest an update set it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Interval,
    Text,
    bindparam,
    case,
    column,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    true,
    type_coerce,
    update,
)

from bot.domain.notifications import AT_A_TIME, URGENT, Kind
from bot.usecases.ports import Clock
from storage.schema.columns import UtcDateTime, day_of
from storage.schema.infrastructure import outbox
from storage.transactions import inserting

NO_TIME, ANY_TIME = timedelta(0), timedelta(days=36_500)
#: After an uncertain call the message may land late; only then is Slack read back.
MARGIN = timedelta(seconds=20)
#: The class of the locks that those who hold rows have for life, on PostgreSQL: «toth».
HOLDERS = 0x746F7468


class RowState(IntEnum):
    """The state of a row. Below DONE it is unfinished."""

    PENDING = 0
    CLAIMED = 1
    DONE = 2
    DEAD = 3
    #: It cannot be read; kept until it can be, at a start of the bot, or goes with its case.
    SET_ASIDE = 4


# Spelled out, or the partial indexes are of no use (see storage.schema.infrastructure).
UNFINISHED: ColumnElement[bool] = outbox.c.state < literal_column("2")
ENDED: ColumnElement[bool] = outbox.c.state > literal_column("1")

CLAIMED: ColumnElement[bool] = outbox.c.state == RowState.CLAIMED
#: What waits for a while, and not for a time of day.
_RETRIED: ColumnElement[bool] = (outbox.c.next_at != outbox.c.due_at) | (outbox.c.kind == Kind.COPIES)

#: The columns of a row with its kind as it is stored: a word of another version is no reason to read none.
AS_STORED = (*(c for c in outbox.c if c is not outbox.c.kind), type_coerce(outbox.c.kind, Text).label("kind"))


class Statements:
    """The statements for PostgreSQL or for SQLite."""

    def __init__(self, *, postgresql: bool) -> None:
        self._postgresql = postgresql
        self.insert_once = self._insert().on_conflict_do_nothing(index_elements=[outbox.c.dedup_key])
        self.insert_document = self._insert_document()
        self.retry = self._retry()
        self.end = self._end()
        self.next_due = self._next_due()
        self.oldest_due = self._oldest_due()
        self.set_aside = self._set_aside()
        self.try_again = self._try_again()
        self.take_up = self._take_up()
        self.holders_gone = self._holders_gone()
        self.put_back = self._put_back()
        self.put_ahead = self._put_ahead()
        self.given_up = self._given_up()
        self._claims: dict[tuple[int, bool], Executable] = {}

    def moment(self, clock: Clock, after: timedelta = NO_TIME) -> datetime | timedelta:
        """The value of a parameter that is the time `after` now."""
        return clock.offset + after if self._postgresql else clock.now() + after

    def trusted(self, clock: Clock, ahead: timedelta) -> datetime | timedelta:
        """The value of the parameter until which what is due at a time of day is had: all, if not ahead."""
        return self.moment(clock, -ahead if ahead > NO_TIME else ANY_TIME)

    def day(self, clock: Clock) -> dict[str, datetime]:
        """The parameter of `end` that is the day, where the database does not tell it."""
        return {} if self._postgresql else {"day": day_of(clock.now())}

    def _moment(self, name: str = "now") -> ColumnElement[datetime]:
        if self._postgresql:
            # Not clock_timestamp(): it is volatile, and no index is used with it.
            return type_coerce(func.statement_timestamp() + bindparam(name, type_=Interval()), UtcDateTime())
        return bindparam(name, type_=UtcDateTime())

    def _day(self) -> ColumnElement[datetime]:
        """The beginning of the day, in UTC, in which the parameter `now` lies."""
        if self._postgresql:
            return type_coerce(func.date_trunc("day", self._moment(), "UTC"), UtcDateTime())
        return bindparam("day", type_=UtcDateTime())

    # --- enqueueing ----------------------------------------------------------------------------

    def _insert(self) -> Any:
        now = self._moment()
        due = func.coalesce(bindparam("wanted_at", type_=UtcDateTime()), now)
        return inserting(outbox, postgresql=self._postgresql).values(
            due_at=due,
            next_at=due,
            state=RowState.PENDING,
            attempts=0,
            fence=0,
            generation=1,
            enqueued_at=now,
        )

    def _insert_document(self) -> Any:
        statement = self._insert()
        new = statement.excluded
        untried = (outbox.c.state == RowState.PENDING) & (outbox.c.next_at == outbox.c.due_at)
        due_anew = ENDED | (untried & (new.due_at < outbox.c.due_at))
        return statement.on_conflict_do_update(
            index_elements=[outbox.c.dedup_key],
            set_={
                "generation": outbox.c.generation + 1,
                "state": case((ENDED, RowState.PENDING), else_=outbox.c.state),
                "attempts": case((ENDED, 0), else_=outbox.c.attempts),
                "enqueued_at": case((ENDED, new.enqueued_at), else_=outbox.c.enqueued_at),
                "due_at": case((due_anew, new.due_at), else_=outbox.c.due_at),
                "next_at": case((due_anew, new.due_at), else_=outbox.c.next_at),
                "useful_until": new.useful_until,
                # A message that was sent once may be asked for as a document afterwards.
                "once": new.once,
                "dead_reason": null(),
                "done_at": null(),
            },
        )

    def _held(self) -> ColumnElement[bool]:
        """The rows due at a time of day that is not there yet by the clock that is `trusted`."""
        return outbox.c.kind.in_(AT_A_TIME) & (outbox.c.due_at > self._moment("trusted"))

    # --- claiming and marking --------------------------------------------------------------------

    def claim(self, limit: int, *, urgent: bool = False) -> Executable:
        """Lease up to `limit` rows that are due `now`, or what of them is `urgent`, until `lease_end`."""
        if (limit, urgent) not in self._claims:
            self._claims[limit, urgent] = self._claim(limit, urgent=urgent)
        return self._claims[limit, urgent]

    def _claim(self, limit: int, *, urgent: bool) -> Executable:
        due = (
            select(outbox.c.id)
            .where(UNFINISHED, outbox.c.next_at <= self._moment(), ~self._held())
            .where(outbox.c.kind.in_(URGENT) if urgent else true())
            # Few are due at once, so that it costs nothing to look at them all for what is urgent.
            .order_by(case((outbox.c.kind.in_(URGENT), 0), else_=1), outbox.c.next_at, outbox.c.id)
            # Spelled out too: PostgreSQL plans for a tenth of the table where it cannot see how few.
            .limit(literal_column(str(limit), Integer()))
            .with_for_update(skip_locked=True)
            .cte("due")
            .prefix_with("MATERIALIZED")
        )
        return (
            update(outbox)
            .where(outbox.c.id == due.c.id)
            .values(
                state=RowState.CLAIMED,
                next_at=self._moment("lease_end"),
                attempts=outbox.c.attempts + 1,
                fence=outbox.c.fence + 1,
                holder=bindparam("by", type_=Integer()),
            )
            .returning(*AS_STORED)
        )

    def _set_aside(self) -> Executable:
        """Set the row `row` aside for `reason`, in the transaction that has claimed it.

        Of no day on which it ended, it is not forgotten after 30.
        """
        return (
            update(outbox)
            .where(outbox.c.id == bindparam("row"))
            .values(
                state=RowState.SET_ASIDE,
                dead_reason=bindparam("reason", type_=Text()),
                done_at=null(),
                holder=null(),
            )
        )

    def _try_again(self) -> Executable:
        """Make due `now` what was set aside."""
        aside = (ENDED, outbox.c.state == RowState.SET_ASIDE)
        return (
            update(outbox)
            .where(*aside)
            .values(state=RowState.PENDING, next_at=self._moment(), dead_reason=null())
        )

    def _mark(self, **values: Any) -> Executable:
        """Leave the row `row` as said, if it is still held with the fence `held`; its state, returned."""
        ours = (outbox.c.state == RowState.CLAIMED) & (outbox.c.fence == bindparam("held"))
        this = outbox.c.id == bindparam("row")
        return update(outbox).where(this, ours).values(**values).returning(outbox.c.state)

    def _retry(self) -> Executable:
        """Due again at `again_at`, `given_back` (0 or 1) attempts fewer, after `failed` faults in a row."""
        return self._mark(
            state=RowState.PENDING,
            next_at=self._moment("again_at"),
            attempts=outbox.c.attempts - bindparam("given_back", type_=Integer()),
            faults=bindparam("failed", type_=Integer()),
            holder=null(),
        )

    def _end(self) -> Executable:
        """Ended as `left` for `reason`; pending again if the generation is no longer `delivered`.

        What is of no case keeps only the day of it; so does what is of a drill, for when somebody has
        pressed is nobody's business.
        """
        once_more = outbox.c.generation != bindparam("delivered")
        now = self._moment()
        of_drill = outbox.c.item.like("drill/%")
        of_nothing = outbox.c.case_id.is_(None) & (outbox.c.item.is_(None) | of_drill)
        ended = case((of_nothing, self._day()), else_=now)
        return self._mark(
            # Spelled-out types, so that PostgreSQL need not guess them.
            state=case(
                (once_more, literal(int(RowState.PENDING), Integer())),
                else_=bindparam("left", type_=Integer()),
            ),
            attempts=0,
            faults=0,
            holder=null(),
            due_at=case((once_more, now), (of_nothing, self._day()), else_=outbox.c.due_at),
            next_at=case((once_more, now), (of_nothing, self._day()), else_=outbox.c.next_at),
            enqueued_at=case((~once_more & of_nothing, self._day()), else_=outbox.c.enqueued_at),
            dead_reason=case((once_more, null()), else_=bindparam("reason", type_=Text())),
            done_at=case((once_more, null()), else_=ended),
        )

    # --- after a death ---------------------------------------------------------------------------

    def _take_up(self) -> Executable:
        """Make due `now` what is claimed, on PostgreSQL by one of the holders `gone`.

        Attempts and fence stay: what may stand is read back, and whoever was only frozen is fenced out.
        """
        claimed = [UNFINISHED, outbox.c.state == RowState.CLAIMED, outbox.c.next_at > self._moment()]
        if self._postgresql:
            claimed.append(outbox.c.holder.in_(bindparam("gone", expanding=True)))
        return update(outbox).where(*claimed).values(next_at=self._moment())

    def _holders_gone(self) -> Executable:
        """Select the holders of claimed rows, other than `but`, whose lock is in nobody's hands."""
        locks = table("pg_locks", *map(column, ("locktype", "database", "classid", "objid", "objsubid")))
        here: ColumnElement[int] = literal_column(
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        held = exists().where(
            locks.c.locktype == literal_column("'advisory'"),
            locks.c.database == here,
            locks.c.classid == literal_column(str(HOLDERS)),
            locks.c.objid == outbox.c.holder,
            locks.c.objsubid == literal_column("2"),
        )
        return (
            select(outbox.c.holder)
            .distinct()
            .where(
                UNFINISHED,
                outbox.c.state == RowState.CLAIMED,
                outbox.c.next_at > self._moment(),
                outbox.c.next_at <= self._moment("lease_end"),
                outbox.c.holder != bindparam("but", type_=Integer()),
                ~held,
            )
        )

    # --- after a step of the clock -----------------------------------------------------------------

    def _put_back(self) -> Executable:
        """Let nothing wait longer than it would have before the clock was put back.

        What is tried again is due `soon`, what was due at once `now`, and no lease is longer than one. What
        is due at a time of day stays so.
        """
        latest = case(
            (CLAIMED, self._moment("lease_end")), (_RETRIED, self._moment("soon")), else_=self._moment()
        )
        at_once = outbox.c.due_at == outbox.c.enqueued_at
        return (
            update(outbox)
            .where(UNFINISHED, CLAIMED | _RETRIED | at_once, outbox.c.next_at > latest)
            .values(next_at=latest)
        )

    def _put_ahead(self) -> Executable:
        """Let what waited for `before` or later, and only seems to be over, wait anew for a whole time."""
        until = case((CLAIMED, self._moment("lease_end")), else_=self._moment("soon"))
        return (
            update(outbox)
            .where(UNFINISHED, CLAIMED | _RETRIED)
            .where(outbox.c.next_at > self._moment("before"), outbox.c.next_at <= self._moment())
            .values(next_at=until)
        )

    # --- looking on ------------------------------------------------------------------------------

    def _given_up(self) -> Executable:
        """Select the dead rows: kind, what they are about, since when and why."""
        dead = (ENDED, outbox.c.state == RowState.DEAD)
        about = (outbox.c.subject, outbox.c.case_id, outbox.c.enqueued_at, outbox.c.dead_reason)
        return select(AS_STORED[-1], *about).where(*dead)

    def _next_due(self) -> Executable:
        """Select when the next row is due, and the time."""
        held = (outbox.c.next_at <= self._moment()) & self._held()
        first = select(func.min(outbox.c.next_at)).where(UNFINISHED, ~held).scalar_subquery()
        return select(type_coerce(first, UtcDateTime()), self._moment())

    def _oldest_due(self) -> Executable:
        """Select since when the row has been due that has waited longest, and the time.

        Also one that is in hand, or put off because it could not be delivered, has been due since then.
        """
        due = (UNFINISHED, outbox.c.due_at <= self._moment())
        return select(select(func.min(outbox.c.due_at)).where(*due).scalar_subquery(), self._moment())


@cache
def statements(dialect: str) -> Statements:
    """The statements for a dialect by its name."""
    return Statements(postgresql=dialect == "postgresql")
