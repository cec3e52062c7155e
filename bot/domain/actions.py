"""All that follows from a case's needs and actions, and the reminders of actions. Derived, never stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.entities import Involvement, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, Notification, planned
from bot.domain.reminders import _USEFUL, after, day_for, morning, today

#: An agency's id, the first day of the month in which the action ended, and how it ended.
Counted = tuple[str, date, Outcome]


def open_actions(file: CaseFile) -> list[CaseAction]:
    """The actions that have not ended, the first due first: the first point of the next meeting's agenda."""
    return sorted((a for a in file.actions if a.open), key=lambda a: (a.due_on, a.agreed_at, a.id))


def action_counts(file: CaseFile) -> Mapping[Counted, int]:
    """How many actions ended how, by agency and month. To be kept before the case is deleted.

    One that another agency took over counts for whoever had it at its end.
    """
    zone = ZoneInfo(file.team.zone)
    return Counter(
        (file.agency_of(a.involvement_id).id, a.ended_at.astimezone(zone).date().replace(day=1), a.outcome)
        for a in file.actions
        if a.outcome is not None and a.ended_at is not None
    )


def action(file: CaseFile, id: str) -> CaseAction | None:
    """The action with this id, if it is of this case."""
    return next((a for a in file.actions if a.id == id), None)


def successor(file: CaseFile, changed: CaseAction) -> CaseAction | None:
    """The action that stands in the place of one whose owner or day was changed."""
    return next((a for a in file.actions if a.follows == changed.id), None)


def persons_left(file: CaseFile, action: CaseAction) -> str:
    """The letters of an action's persons whom the case is still about."""
    return "".join(letter for letter in action.persons if letter in file.open_letters)


def may_take_over(file: CaseFile, action: CaseAction, part: Involvement) -> bool:
    """Return whether an agency's part covers all whom the action still concerns."""
    left = persons_left(file, action)
    return bool(left) and set(left) <= set(part.persons)


def owner_of(file: CaseFile, need: CaseNeed) -> Involvement | None:
    """The part of the agency that has taken a need; None when nobody has, or when its part is over."""
    if need.involvement_id is None:
        return None
    part = file.involvement(need.involvement_id)
    return part if part.ended_at is None else None


def unowned(file: CaseFile) -> list[CaseNeed]:
    """The needs that no agency has taken, in the order of the team's list."""
    return [n for n in needs_in_order(file) if owner_of(file, n) is None]


def needs_in_order(file: CaseFile) -> list[CaseNeed]:
    """The case's needs in the order of the team's list; what is no longer in it comes last."""
    order = {need: number for number, need in enumerate(file.team.rules.needs)}
    return sorted(file.needs, key=lambda n: (order.get(n.need, len(order)), n.need))


def may_own(file: CaseFile) -> list[Involvement]:
    """The parts of the agencies that can take a need or an action: asked, and not over."""
    return list(file.current())


def parts_of(file: CaseFile, person_id: str) -> list[Involvement]:
    """The parts of those agencies for which the person has a seat that opens the room."""
    held = {
        s.involvement_id for s in file.seats_of(person_id) if s.role is SeatRole.AGENCY and file.opens_room(s)
    }
    return [i for i in file.current() if i.id in held]


def people_of(file: CaseFile, involvement_id: str) -> list[str]:
    """Person ids of an agency's seat holders to whom the bot may write about the case, oldest seat first."""
    if file.involvement(involvement_id).ended_at is not None:
        return []
    return [
        s.person_id
        for s in file.seats_for(involvement_id)
        if s.confirmed and file.reached_directly(s.person_id, involvement_id)
    ]


def must_be_rung(file: CaseFile, involvement_id: str) -> bool:
    """Return whether an agency that is still in the case can only be reached through the coordinator."""
    return file.involvement(involvement_id).ended_at is None and not people_of(file, involvement_id)


#: Days before the deadline; and working days after it, for each who is told then.
DAYS_BEFORE = (3, 1, 0)
DAYS_CALLED = (1,)
OWNER_AFTER, LEADER_AFTER, COORDINATORS_AFTER = 1, 2, 4


def action_reminders(file: CaseFile) -> Iterator[Notification]:
    """Every reminder of the open actions, past ones included."""
    for action in file.actions:
        if action.open:
            yield from _of_owner(file, action)
            yield from _overdue(file, action)


def _of_owner(file: CaseFile, action: CaseAction) -> Iterator[Notification]:
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
            yield planned(kind, action.id, person_id, due, until, f"before{days}", case_id=file.case.id)
    due = after(file, action, OWNER_AFTER)
    for person_id in people:
        yield planned(kind, action.id, person_id, due, due + _USEFUL, "over", case_id=file.case.id)


def _overdue(file: CaseFile, action: CaseAction) -> Iterator[Notification]:
    due = after(file, action, LEADER_AFTER)
    for person_id in leaders_of(file, action):
        yield planned(
            Kind.ACTION_LEADER, action.id, person_id, due, due + _USEFUL, "leader", case_id=file.case.id
        )
    due = after(file, action, COORDINATORS_AFTER)
    for person_id in file.confirmed_coordinators():
        yield planned(
            Kind.ACTION_OVERDUE, action.id, person_id, due, due + _USEFUL, "coordinator", case_id=file.case.id
        )


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
    """Return whether the day of an open action is over."""
    return action.open and action.due_on < today(file, now)
