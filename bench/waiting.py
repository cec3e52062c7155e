"""Cases whose only question goes unanswered, so that a reminder falls due at a chosen moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.case import Ask, Case, Duty, Involvement, Meeting, Phase, Room, Seat, SeatRole, Via
from bot.domain.directory import Agency, Ground, Person, Reason, TeamRules
from bot.domain.escalation import ahead
from bot.domain.reminder_plan import due_after
from bot.usecases.ports import UnitOfWork

WINDOW = timedelta(hours=1)
FIRST_STEP = timedelta(minutes=TeamRules().acute_steps[0])
UNTIL_MEETING = timedelta(days=2)


def leave_unanswered(uow: UnitOfWork, moments: Sequence[datetime], agency_key: str = "barnevern") -> None:
    """A case for each moment: its question is to be reminded of then. Everything of its plan is enqueued."""
    team = uow.teams()[0]
    (agency,) = uow.find(Agency, team_id=team.id, key=agency_key)
    opener = uow.coordinators(team.id)[0].person_id
    person = next(p for c in uow.contacts(agency.id) if (p := uow.get(Person, c.person_id)) and p.slack_id)
    for due in moments:
        _leave(uow, agency, person.id, opener, due)


def _leave(uow: UnitOfWork, agency: Agency, person_id: str, opener: str, due: datetime) -> None:
    asked, starts = due - FIRST_STEP, due + UNTIL_MEETING
    new = uow.ids.new
    case = Case(new(), agency.team_id, uow.ids.code(), Phase.ACUTE, 1, opener, asked)
    part = Involvement(new(), case.id, agency.id, "A", Reason.CHILD_PROTECTION, Ground.LEGAL, asked)
    meeting = Meeting(new(), case.id, starts, starts + WINDOW, opener, asked, place="Rådhuset")
    duty = Duty(new(), case.id, meeting.id, part.id, asked)
    uow.add(
        case,
        Room(new(), case.id),
        part,
        meeting,
        Seat(new(), case.id, person_id, SeatRole.AGENCY, asked, part.id, None, asked, Via.SLACK, person_id),
        duty,
        Ask(new(), case.id, duty.id, meeting.id, person_id, uow.ids.uid(), asked, asked + WINDOW, 0),
    )
    file = uow.case_file(case.id)
    assert file is not None
    uow.enqueue(*due_after(file, asked), *ahead(file))
