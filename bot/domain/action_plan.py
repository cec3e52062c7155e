"""When an action is reminded of, and who is told when it is overdue: a part of the reminder plan.

Three days and one day before and on the day, in the morning; then its owner again on the first working day
after, its leader after two working days, the coordinators after four. In the working phase what would fall
on a day off comes on the last working day before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.agreed import must_be_rung, people_of
from bot.domain.case import Phase
from bot.domain.case_action import CaseAction
from bot.domain.case_file import CaseFile
from bot.domain.intents import Intent, Kind

#: Days before the deadline; and working days after it, for each who is told then.
DAYS_BEFORE = (3, 1, 0)
DAYS_CALLED = (1,)
OWNER_AFTER, LEADER_AFTER, COORDINATORS_AFTER = 1, 2, 4
#: How long a reminder of something overdue is of use.
_USEFUL = timedelta(days=14)


def of_actions(file: CaseFile) -> Iterator[Intent]:
    """Every reminder of the open actions, past ones included."""
    for action in file.actions:
        if action.open:
            yield from _of_owner(file, action)
            yield from _overdue(file, action)


def _of_owner(file: CaseFile, action: CaseAction) -> Iterator[Intent]:
    """To the owner's people; where somebody has to ring instead, the coordinators are asked to."""
    rung = must_be_rung(file, action.involvement_id)
    kind = Kind.ACTION_CALL if rung else Kind.ACTION_DUE
    people = file.confirmed_coordinators() if rung else people_of(file, action.involvement_id)
    until = morning(file, action.due_on + timedelta(days=1))
    dues = set()
    for days in DAYS_CALLED if rung else DAYS_BEFORE:
        due = morning(file, day_for(file, action.due_on - timedelta(days=days)))
        if due <= action.agreed_at or due in dues:
            continue
        dues.add(due)
        for person_id in people:
            yield reminder(file, kind, action.id, person_id, due, until, f"before{days}")
    due = after(file, action, OWNER_AFTER)
    for person_id in people:
        yield reminder(file, kind, action.id, person_id, due, due + _USEFUL, "over")


def _overdue(file: CaseFile, action: CaseAction) -> Iterator[Intent]:
    due = after(file, action, LEADER_AFTER)
    for person_id in leaders_of(file, action):
        yield reminder(file, Kind.ACTION_LEADER, action.id, person_id, due, due + _USEFUL, "leader")
    due = after(file, action, COORDINATORS_AFTER)
    for person_id in file.confirmed_coordinators():
        yield reminder(file, Kind.ACTION_OVERDUE, action.id, person_id, due, due + _USEFUL, "coordinator")


def leaders_of(file: CaseFile, action: CaseAction) -> list[str]:
    """Person ids of the owner's leaders whom the bot may write to, and who do not have the action already."""
    part = file.involvement(action.involvement_id)
    if part.ended_at is not None:
        return []
    told = people_of(file, part.id)
    return [
        c.person_id
        for c in file.contacts_of(part.agency_id)
        if c.leader
        and not c.waits
        and c.person_id not in told
        and file.reached_directly(c.person_id, part.id)
    ]


def overdue(file: CaseFile, action: CaseAction, now: datetime) -> bool:
    """Whether the day of an open action is over."""
    return action.open and action.due_on < today(file, now)


def today(file: CaseFile, now: datetime) -> date:
    """The day in the team's zone."""
    return now.astimezone(ZoneInfo(file.team.zone)).date()


def after(file: CaseFile, action: CaseAction, working_days: int) -> datetime:
    """The morning so many working days after an action's deadline."""
    return morning(file, worktime.add_working_days(action.due_on, working_days))


def day_for(file: CaseFile, day: date) -> date:
    """The day itself; in the working phase the last working day that is not after it."""
    if file.case.phase is Phase.ACUTE or worktime.is_working_day(day):
        return day
    return worktime.add_working_days(day, -1)


def morning(file: CaseFile, day: date) -> datetime:
    """When the team's mornings begin, in UTC."""
    return worktime.local(day, time(file.team.rules.follow_up_hour), ZoneInfo(file.team.zone))


def reminder(
    file: CaseFile, kind: Kind, subject: str, recipient: str, due: datetime, until: datetime, step: str
) -> Intent:
    """One reminder; its mark is its step and when it was planned for, as the reminder plan reads it."""
    return Intent(
        kind=kind,
        subject=subject,
        case_id=file.case.id,
        recipient=recipient,
        due_at=due,
        useful_until=until,
        once=True,
        mark=f"{step}.{int(due.timestamp())}",
    )
