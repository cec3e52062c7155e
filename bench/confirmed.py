"""Cases with a meeting that is confirmed, so that the reminder of it falls due at a chosen moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.case.entities import (
    Answer,
    Ask,
    Case,
    Duty,
    Involvement,
    Meeting,
    Phase,
    Room,
    Seat,
    SeatRole,
    Via,
)
from bot.domain.directory.entities import Agency, Ground, Person, Reason, TeamRules
from bot.domain.overview.reminder_plan import due_after
from bot.domain.worktime import wall_clock_before
from bot.usecases.ports import UnitOfWork

LENGTH = timedelta(hours=1)
#: The question was put, and answered, well before.
BEFORE = timedelta(days=2)
DAYS = TeamRules().lead_times[0] // 24


def confirm(uow: UnitOfWork, moments: Sequence[datetime], agency_key: str = "barnevern") -> None:
    """A case for each moment: its meeting is to be reminded of then. All of its plan is enqueued."""
    team = uow.teams()[0]
    (agency,) = uow.find(Agency, team_id=team.id, key=agency_key)
    opener = uow.coordinators(team.id)[0].person_id
    person = next(p for c in uow.contacts(agency.id) if (p := uow.get(Person, c.person_id)) and p.slack_id)
    for due in moments:
        _confirm(uow, agency, person.id, opener, due, ZoneInfo(team.zone))


def _confirm(
    uow: UnitOfWork, agency: Agency, person_id: str, opener: str, due: datetime, zone: ZoneInfo
) -> None:
    asked, starts = due - BEFORE, wall_clock_before(due, zone, hours=-24 * DAYS)
    new = uow.ids.new
    case = Case(new(), agency.team_id, uow.ids.code(), Phase.ACUTE, 1, opener, asked)
    part = Involvement(new(), case.id, agency.id, "A", Reason.CHILD_PROTECTION, Ground.LEGAL, asked)
    meeting = Meeting(new(), case.id, starts, starts + LENGTH, opener, asked, place="Rådhuset")
    duty = Duty(new(), case.id, meeting.id, part.id, asked)
    ask = Ask(new(), case.id, duty.id, meeting.id, person_id, uow.ids.uid(), asked, asked + LENGTH, 0)
    uow.add(
        case,
        Room(new(), case.id),
        part,
        meeting,
        Seat(new(), case.id, person_id, SeatRole.AGENCY, asked, part.id, None, asked, Via.SLACK, person_id),
        duty,
        ask,
    )
    uow.change(ask, answer=Answer.CONFIRMED, answered_at=asked, answered_by=person_id)
    file = uow.case_file(case.id)
    assert file is not None
    uow.enqueue(*due_after(file, uow.now))
