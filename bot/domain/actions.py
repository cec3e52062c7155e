"""Rules for a case's needs and actions, and the reminders of actions. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from bot.domain import worktime
from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Involvement, Phase, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.notifications import USEFUL, Kind, Reminder


def open_actions(file: CaseFile) -> list[CaseAction]:
    """Return the actions that have not ended, by due date: the first point of the next meeting's agenda."""
    return sorted((a for a in file.actions if a.live), key=lambda a: (a.due_on, a.agreed_at, a.id))


def persons_left(file: CaseFile, action: CaseAction) -> str:
    return "".join(letter for letter in action.persons if letter in file.open_letters)


def may_take_over(file: CaseFile, action: CaseAction, part: Involvement) -> bool:
    """Return whether an agency's part covers all persons whom the action still concerns."""
    left = persons_left(file, action)
    return bool(left) and set(left) <= set(part.persons)


def owner_of(file: CaseFile, need: CaseNeed) -> Involvement | None:
    """Return the part of the agency that has taken a need, otherwise of one that has agreed an action for it.

    None if there is neither, or their parts are over.
    """
    agreed = [a for a in file.actions if a.need == need.need and (a.live or a.outcome is Outcome.DONE)]
    ids = [need.involvement_id, *(a.involvement_id for a in agreed)]
    parts = (file.involvement(id) for id in ids if id is not None)
    return next((part for part in parts if part.live), None)


def unowned(file: CaseFile) -> list[CaseNeed]:
    return [n for n in needs_in_order(file) if owner_of(file, n) is None]


def needs_in_order(file: CaseFile) -> list[CaseNeed]:
    """Return the case's needs in the order of the team's list; needs no longer in it come last."""
    order = {need: number for number, need in enumerate(file.team.rules.needs)}
    return sorted(file.needs, key=lambda n: (order.get(n.need, len(order)), n.need))


def parts_of(file: CaseFile, person_id: str) -> list[Involvement]:
    held = {
        s.involvement_id for s in file.seats_of(person_id) if s.role is SeatRole.AGENCY and file.opens_room(s)
    }
    return [i for i in file.current() if i.id in held]


def agreeable_parts(file: CaseFile, person_id: str) -> list[Involvement]:
    """Return the parts for which a person may agree actions: a coordinator all, others their agencies'."""
    coordinates = person_id in file.confirmed_coordinators()
    return list(file.current()) if coordinates else parts_of(file, person_id)


def people_of(file: CaseFile, involvement_id: str) -> list[str]:
    """Return the ids of an agency's seat holders whom the bot may write to, oldest seat first."""
    if not file.involvement(involvement_id).live:
        return []
    return [s.person_id for s in file.seats_for(involvement_id) if s.confirmed and file.reaches(s)]


def must_be_rung(file: CaseFile, involvement_id: str) -> bool:
    """Return whether an agency that is still in the case can only be reached through the coordinator."""
    return file.involvement(involvement_id).live and not people_of(file, involvement_id)


#: In the working phase an action is proposed to be due this many working days ahead.
LIKELY_DAYS = 5
#: Actions that one person agrees with the same agency at most this far apart are told in one message.
TOGETHER = timedelta(minutes=5)


def likely_due(file: CaseFile, now: datetime) -> date:
    """Return the due day to propose: in the acute phase today or, once offices have closed, tomorrow."""
    local = now.astimezone(file.team.time_zone)
    if file.case.phase is not Phase.ACUTE:
        return worktime.add_working_days(local.date(), LIKELY_DAYS)
    return local.date() + timedelta(days=1 if local.time() >= file.team.rules.work_hours.end else 0)


def due_together(file: CaseFile, action: CaseAction) -> list[CaseAction]:
    """Return the agency's open actions that are due on the same day."""
    theirs = (action.involvement_id, action.due_on)
    return [a for a in open_actions(file) if (a.involvement_id, a.due_on) == theirs]


def agreed_together(file: CaseFile, action: CaseAction) -> list[CaseAction]:
    """Return the actions that are told in one message with this one, oldest first."""
    same = (action.involvement_id, action.agreed_by)
    new = [a for a in file.actions if a.follows is None and (a.involvement_id, a.agreed_by) == same]
    runs: list[list[CaseAction]] = []
    for each in sorted(new, key=lambda a: (a.agreed_at, a.id)):
        if runs and each.agreed_at - runs[-1][-1].agreed_at <= TOGETHER:
            runs[-1].append(each)
        else:
            runs.append([each])
    return next((run for run in runs if action in run), [action])


#: Days before the deadline; and working days after it, for each recipient.
DAYS_BEFORE = (1, 0)
DAYS_CALLED = (1,)
OWNER_AFTER, LEADER_AFTER, COORDINATORS_AFTER = 1, 2, 4


def action_reminders(file: CaseFile) -> Iterator[Reminder]:
    """Yield one reminder for all of an agency's actions of one day, about the first. Past ones included."""
    days: dict[tuple[str, date], list[CaseAction]] = {}
    for action in sorted(file.actions, key=lambda a: (a.agreed_at, a.id)):
        days.setdefault((action.involvement_id, action.due_on), []).append(action)
    for together in (each for each in days.values() if any(a.live for a in each)):
        yield from _of_owner(file, together)
        yield _late(file, together[0], Kind.ACTION_LEADER, LEADER_AFTER, "leader")
        yield _late(file, together[0], Kind.ACTION_OVERDUE, COORDINATORS_AFTER, "coordinator")


def _of_owner(file: CaseFile, together: list[CaseAction]) -> Iterator[Reminder]:
    """Yield the reminders to the owner's people or, if somebody has to ring them, to the coordinators."""
    first, rung = together[0], must_be_rung(file, together[0].involvement_id)
    kind = Kind.ACTION_CALL if rung else Kind.ACTION_DUE
    days = days_before(file, first.due_on, DAYS_CALLED if rung else DAYS_BEFORE)
    until = file.team.morning(first.due_on + timedelta(days=1))
    yield from on_mornings(file, kind, first, first.agreed_at, days, until)
    yield _late(file, first, kind, OWNER_AFTER, "over")


def days_before(file: CaseFile, day: date, numbers: Iterable[int]) -> list[tuple[str, date]]:
    """Return the reminders that come these numbers of days before a day, as steps and days."""
    return [(f"before{n}", file.reminder_day(day - timedelta(days=n))) for n in numbers]


def on_mornings(
    file: CaseFile,
    kind: Kind,
    about: CaseAction | Placement | Deadline,
    since: datetime,
    days: Iterable[tuple[str, date]],
    until: datetime | None = None,
) -> Iterator[Reminder]:
    """Yield at most one reminder per morning after `since`: the first of those that fall on it."""
    dues = set()
    for step, day in days:
        due = file.team.morning(day)
        if since < due and due not in dues:
            dues.add(due)
            yield Reminder(kind, about, due, until or due + USEFUL, step)


def _late(file: CaseFile, action: CaseAction, kind: Kind, days: int, step: str) -> Reminder:
    due = file.team.morning(worktime.add_working_days(action.due_on, days))
    return Reminder(kind, action, due, due + USEFUL, step)


def leaders_of(file: CaseFile, action: CaseAction) -> list[str]:
    """Return the ids of the owner's leaders whom the bot may write to and who are not told as its people."""
    part = file.involvement(action.involvement_id)
    if not part.live:
        return []
    told = people_of(file, part.id)
    return [person_id for person_id in file.leaders_reached(part.id) if person_id not in told]


def overdue(file: CaseFile, action: CaseAction, now: datetime) -> bool:
    return action.live and action.due_on < file.team.day_of(now)
