"""Use cases on a real database, with the cast of `tests.bot.cast` and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from bot.domain.attendance import CAME, is_unconfirmed, spoken_afterwards
from bot.domain.case.entities import (
    Answer,
    Ask,
    Attendance,
    Case,
    DeclineReason,
    Meeting,
    Phase,
    Seat,
    SeatRole,
)
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notification_params import Params
from bot.domain.notifications import Kind, Notification, Of, Origin
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.authorization import get_or_make_person
from bot.usecases.case import OpenCase, open_case
from bot.usecases.deputies.naming import ApproveDeputy, approve_deputy
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.validation import MeetingPlan
from storage.database import SqlDatabase
from storage.schema import columns
from storage.unit_of_work import SqlUnitOfWork
from tests.bot import cast
from tests.bot.cast import DAY, HOUR, T0

C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")
UseCase = Callable[[UnitOfWork, Person, C], R]
Dump = dict[str, list[tuple[Any, ...]]]
#: Every table but what only concerns deliveries, what is only shown, and what is logged of a refusal.
_ROWS = {
    name: select(*(c for c in table.columns if c.name != "held")).order_by(table.c.id)
    for name, table in columns.metadata.tables.items()
    if name not in ("outbox", "receipts", "audit")
}


class StillClock:
    """A clock that only tests move."""

    offset = timedelta(0)

    def __init__(self, now: datetime = T0) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def move(self, by: timedelta) -> None:
        self.time += by


#: The kinds that come from the plan of a case.
REMINDERS = {kind for kind in Kind if (kind.origin, kind.of) == (Origin.PLAN, Of.CASE)}


def spoken_with(file: CaseFile, came: Mapping[str, Attendance]) -> dict[str, datetime]:
    """Calls in which those confirm who came and have not: by ask, when."""
    duties = [file.duty(id) for id, how in came.items() if how in CAME]
    unconfirmed = [d for d in duties if is_unconfirmed(file, d)]
    return {a.id: a.asked_at for d in unconfirmed for a in spoken_afterwards(file, d)[:1]}


class Town:
    """The cast at work. `left` holds the notifications that the last use case left behind."""

    def __init__(self, database: SqlDatabase, clock: StillClock) -> None:
        self.database = database
        self.clock = clock
        self.left: list[Notification] = []

    async def settle_in(self) -> Town:
        await self.database.write(lambda uow: uow.add(*cast.DIRECTORY))
        return self

    async def do(self, use_case: UseCase[C, R], actor: str, command: C) -> R:
        """Have somebody do something, as their Slack id would; the clock moves on by a second."""
        return await self.run(lambda uow: use_case(uow, get_or_make_person(uow, cast.slack(actor)), command))

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        left: list[Notification] = []

        def noted(uow: UnitOfWork) -> T:
            nonlocal left
            assert isinstance(uow, SqlUnitOfWork)
            left = uow.notifications
            return work(uow)

        self.clock.move(timedelta(seconds=1))
        self.left = []
        result = await self.database.write(noted)
        self.left = left
        return result

    async def file(self, case_id: str) -> CaseFile:
        file = await self.database.read(lambda uow: uow.case_file(case_id))
        assert file is not None
        return file

    async def dump(self) -> Dump:
        """Every row of every table, but what only concerns deliveries."""

        def read(uow: UnitOfWork) -> Dump:
            assert isinstance(uow, SqlUnitOfWork)
            connection = uow._connection
            return {name: [tuple(r) for r in connection.execute(rows)] for name, rows in _ROWS.items()}

        return await self.database.read(read)

    def told(self, kind: Kind) -> set[str | None]:
        return {i.recipient for i in self.left if i.kind is kind}

    # --- the usual ways to get somewhere ----------------------------------------------------------

    def plan(self, after: timedelta = 22 * HOUR, **facts: Any) -> MeetingPlan:
        """A meeting of an hour this long from now."""
        starts_at = self.clock.now() + after
        return replace(MeetingPlan(starts_at, starts_at + HOUR, place="Rådhuset"), **facts)

    async def open(
        self,
        *agencies: str | AgencyChoice,
        phase: Phase = Phase.ACUTE,
        after: timedelta = 22 * HOUR,
        persons: int = 1,
    ) -> Case:
        """The coordinator opens a case with these agencies."""
        choices = tuple(cast.choice(a) if isinstance(a, str) else a for a in agencies)
        return await self.do(
            open_case, "coordinator", OpenCase("team", phase, persons, choices, self.plan(after))
        )

    async def meeting(self, case_id: str) -> Meeting:
        return (await self.file(case_id)).meetings[-1]

    async def seat(self, case_id: str, person_id: str, agency_id: str | None = None) -> Seat:
        """The person's live seat, or their latest one (for that agency)."""
        file = await self.file(case_id)
        part = file.involvement_of_agency(agency_id) if agency_id else None
        seats = [
            s
            for s in file.seats
            if s.person_id == person_id and (agency_id is None or (part and s.involvement_id == part.id))
        ]
        return next((s for s in seats if s.live), seats[-1])

    async def ask(self, case_id: str, person_id: str, agency_id: str | None = None) -> Ask:
        """The last question put to the person (for that agency)."""
        file = await self.file(case_id)
        return [
            a
            for a in file.asks
            if a.person_id == person_id and (agency_id is None or file.agency_of_ask(a).id == agency_id)
        ][-1]

    async def confirm(self, case_id: str, *people: str) -> None:
        """Confirm taushetsplikt wherever these people are asked to in the case."""
        for person_id in people:
            for seat in (await self.file(case_id)).seats_of(person_id):
                if not seat.confirmed:
                    await self.do(acknowledge, person_id, Acknowledge(seat.id))

    async def answer(self, case_id: str, person_id: str, answer: Answer, **facts: Any) -> None:
        """A person answers their last question; the coordinator approves the deputy if one is named."""
        ask = await self.ask(case_id, person_id)
        facts.setdefault("sequence", ask.sequence)
        await self.do(answer_summons, person_id, AnswerSummons(ask.id, answer, **facts))
        await self.approve(case_id)

    async def sends_sergeant(self, case_id: str) -> None:
        """The officer declines and sends the sergeant, who confirms taushetsplikt."""
        await self.answer(
            case_id, "officer", Answer.DECLINED, reason=DeclineReason.COURT, deputy="police:sergeant"
        )
        await self.confirm(case_id, "sergeant")

    async def approve(self, case_id: str) -> None:
        for ask in (await self.file(case_id)).asks:
            if ask.awaits_approval:
                await self.do(approve_deputy, "coordinator", ApproveDeputy(ask.id))

    async def register(self, case_id: str) -> None:
        """The coordinator registers the latest meeting, an hour after its start: everyone came."""
        meeting = await self.meeting(case_id)
        self.clock.time = max(self.clock.time, meeting.starts_at + HOUR)
        file = await self.file(case_id)
        came = {d.id: Attendance.PRESENT for d in file.duties_of(meeting.id)}
        calls = spoken_with(file, came)
        await self.do(register_attendance, "coordinator", RegisterAttendance(meeting.id, came, calls=calls))

    async def posted(
        self,
        case_id: str | None,
        kind: Kind,
        subject: str,
        recipient: str | None,
        params: Params | None = None,
    ) -> Posted:
        """Have a message of the bot's stand in somebody's direct messages."""
        notification = Notification(kind, subject, case_id=case_id, recipient=recipient, params=params)
        posted = Posted(
            *(
                f"posted:{notification.key}",
                notification.key,
                kind,
                subject,
                "op",
                "D1",
                notification.key,
                "digest",
            ),
            *(self.clock.now(), case_id, recipient),
            params=params,
        )
        await self.database.write(lambda uow: uow.add(posted))
        return posted


def roles(file: CaseFile, person_id: str) -> set[SeatRole]:
    return {s.role for s in file.seats_of(person_id)}


__all__ = ["DAY", "HOUR", "T0", "StillClock", "Town", "roles"]
