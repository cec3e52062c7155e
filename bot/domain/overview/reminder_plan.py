"""The plan of reminders of a case: which, to whom, when, and how long they are useful.

Pure, and recomputed whenever a case changes and again at each delivery: a reminder that is no longer planned
is dropped, even if already claimed. An unanswered ask has its own chain (`escalation`). Times are wall-clock
in the team's zone; in the working phase those before a meeting move *earlier*, into working hours, but
never before the ask itself or the beginning of the phase. Nothing is planned for a time at which it would no
longer be useful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain

from bot.domain import worktime
from bot.domain.actions import action_reminders
from bot.domain.answers import steps_of
from bot.domain.case.entities import Answer, Meeting, Phase, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.dates import date_reminders
from bot.domain.deputies import deputy_reminders, successor_reminders
from bot.domain.escalation import chain as steps_ahead
from bot.domain.escalation import heads
from bot.domain.guidance import question_reminders
from bot.domain.links import liaison_reminders
from bot.domain.notifications import USEFUL, Kind, Notification, PlannedFor, Reminder
from bot.domain.on_record import goes_on
from bot.domain.overview.told import is_summoned, readers
from bot.domain.room import room_reminders

#: How many mornings ahead a missing meeting is reported; the scheduler plans again every hour.
MORNINGS_AHEAD = 7
#: Working days between two mornings on which coordinators are told that an acute case has no meeting.
_TOLD_EVERY = 3
#: How long after the call of a meeting its coordinators need no reminder of it.
FRESH = timedelta(hours=3)
#: A reminder of the meeting is dropped if a reminder of their answer is due this close, before or after.
APART = timedelta(minutes=30)
#: How many working days before a case is deleted the coordinators are told; at once if it is closed later.
DELETION_DAYS = 3


def plan(file: CaseFile, at: datetime | None = None) -> list[Notification]:
    """Return the reminders that the present state of the case calls for, past ones included.

    Those that repeat until somebody ends their subject, or calls a meeting, are planned until some weeks, or
    mornings, after `at`.
    """
    if not file.open:
        return [*_told(file, chain(_deletion(file), room_reminders(file, at)))]
    reminders = chain(
        room_reminders(file, at),
        action_reminders(file),
        date_reminders(file, at),
        liaison_reminders(file),
        deputy_reminders(file),
        successor_reminders(file),
        question_reminders(file),
        _registers(file),
        _contact(file),
        _no_meeting(file, at) if at is not None else (),
    )
    return [*_told(file, reminders), *(r for m in file.meetings if m.live for r in _before(file, m))]


def _told(file: CaseFile, reminders: Iterable[Reminder]) -> Iterator[Notification]:
    """Yield each reminder for all its readers; they are looked up once for each kind and subject."""
    found: dict[tuple[Kind, str], list[str | None]] = {}
    for r in reminders:
        which, params = (r.kind, r.about.id), PlannedFor(r.step, r.due_at)
        if which not in found:
            found[which] = readers(file, r.kind, r.about)
        for to in found[which]:
            yield Notification(*which, file.case.id, to, r.due_at, r.useful_until, params)


def due_after(file: CaseFile, now: datetime) -> list[Notification]:
    """Return all planned reminders after `now`.

    For a closed case also overdue ones that are still useful: the case is deleted even if nobody was told.
    For a room in trouble also the last alert: somebody who coordinates from now on has not got it.
    """
    ahead = [*room_now(file, now), *(r for r in plan(file, now) if r.due_at is not None and r.due_at > now)]
    if not file.open:
        told = _told(file, _deletion(file))
        overdue = [r for r in told if r.useful_until is not None and r.useful_until > now]
        return [*(r for r in ahead if r not in overdue), *overdue]
    return ahead


def room_now(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """Return the last due alert about the room. Each person gets it once, however often it is enqueued."""
    past = [r for r in room_reminders(file, now) if r.due_at <= now]
    return _told(file, past[-1:])


def still_planned(file: CaseFile, reminder: Notification) -> bool:
    return any(planned.key == reminder.key for planned in plan(file, due_of(reminder)))


def superseded(file: CaseFile, reminder: Notification, now: datetime) -> bool:
    """Return whether a later reminder of the same kind and subject to the same person is due as well.

    After an outage only the last of them is delivered.
    """
    due = due_of(reminder)
    return any(
        (other.kind, other.subject, other.recipient) == (reminder.kind, reminder.subject, reminder.recipient)
        and due < due_of(other) <= now
        for other in plan(file, now)
    )


def due_of(reminder: Notification) -> datetime:
    return reminder.params_as(PlannedFor).at


def _into_working_hours(file: CaseFile, at: datetime, asked_at: datetime) -> datetime:
    """Move a time earlier, into working hours, in the working phase; leave it in the acute phase.

    It also stays if there were no working hours since the question was asked or the phase began: before that
    the plan was that of the acute phase, and the reminder would be lost without having fallen due.
    """
    if file.case.phase is Phase.ACUTE:
        return at
    earlier = worktime.previous_working_moment(at, file.team.rules.work_hours, file.team.time_zone)
    return earlier if earlier > max(asked_at, file.case.phase_since or asked_at) else at


def _before(file: CaseFile, meeting: Meeting) -> Iterator[Notification]:
    """Yield the reminders before a meeting: to the coordinators, liaisons, and asked people who may come.

    Asked people get them if they have confirmed taushetsplikt and not declined. Those who have not answered
    are reminded at each of the team's times, the others only at the last. There is none close to when the
    chain reminds the person of their answer, at a time before the person was asked, for a liaison who leaves
    before the meeting, or for a coordinator soon after the meeting was called.
    """
    silent = {a.person_id for a in file.asks if a.meeting_id == meeting.id and a.open}
    people = dict.fromkeys(file.confirmed_coordinators(), meeting.called_at + FRESH)
    for liaison in file.live_liaisons():
        seat = file.seat(liaison.seat_id)
        if seat is not None and seat.acknowledged_at is not None and file.is_theirs(liaison, meeting):
            people.setdefault(seat.person_id, max(meeting.called_at, seat.acknowledged_at))
    for duty in file.duties_of(meeting.id):
        for ask in file.asks_of(duty.id):
            if ask.answer is not Answer.DECLINED and is_summoned(file, ask):
                people[ask.person_id] = min(ask.asked_at, people.get(ask.person_id, ask.asked_at))
    inside = readers(file, Kind.MEETING_SOON, meeting)
    for person_id, asked_at in sorted(people.items()):
        if person_id in inside:
            yield from _soon(file, meeting, person_id, asked_at, silent=person_id in silent)


def _chased(file: CaseFile, meeting: Meeting, person_id: str) -> list[datetime]:
    """Return when the chain reminds, or has reminded, a silent person of their answer, with its buttons."""
    ahead = (
        due.at
        for ask in heads(file, meeting)
        if ask.person_id == person_id
        for due in steps_ahead(file, ask)
        if due.kind is StepKind.REMINDER
    )
    steps = (s for duty in file.duties_of(meeting.id) for s in steps_of(file, duty.id))
    taken = (s.taken_at for s in steps if s.kind is StepKind.REMINDER and s.person_id == person_id)
    return [*ahead, *taken]


def _soon(
    file: CaseFile, meeting: Meeting, person_id: str, asked_at: datetime, *, silent: bool
) -> Iterator[Notification]:
    chased = _chased(file, meeting, person_id) if silent else []
    dues, lead_times = set(), file.team.rules.lead_times
    for hours in lead_times if silent else sorted(lead_times)[:1]:
        at = worktime.wall_clock_before(meeting.starts_at, file.team.time_zone, hours)
        due = _into_working_hours(file, at, asked_at)
        if due in dues or not asked_at < due < meeting.starts_at:
            continue
        if any(abs(due - at) <= APART for at in chased):
            continue
        dues.add(due)
        of, step = (Kind.MEETING_SOON, meeting.id, file.case.id, person_id), f"before{hours}"
        yield Notification(*of, due, meeting.starts_at, PlannedFor(step, due))


def _registers(file: CaseFile) -> Iterator[Reminder]:
    for meeting in file.meetings:
        if meeting.live and not file.filled_in(meeting):
            yield Reminder(Kind.REGISTER, meeting, meeting.ends_at, meeting.ends_at + USEFUL, "after")


def _deletion(file: CaseFile) -> Iterator[Reminder]:
    """Yield the reminders before a closed case is deleted: the bot cannot delete what others wrote.

    There is a second one if the case waited beyond its date to be put on record, and is deleted anyway.
    """
    day, last, closed_at = file.case.delete_on, goes_on(file), file.case.closed_at
    if day is None or last is None or closed_at is None or file.case.purged_at is not None:
        return
    waits = [("unrecorded", last, file.team.morning(day))] if last > day else []
    for step, at, since in (("deletion", day, closed_at), *waits):
        due = file.team.morning(worktime.add_working_days(at, -DELETION_DAYS))
        yield Reminder(Kind.DELETION_SOON, file.case, max(due, since), file.team.morning(at), step)


def _contact(file: CaseFile) -> Iterator[Reminder]:
    if file.pause is not None:
        due = file.contact_at(file.pause)
        yield Reminder(Kind.CONTACT_DUE, file.pause, due, due + USEFUL, "contact")


def _no_meeting(file: CaseFile, at: datetime) -> Iterator[Reminder]:
    """Yield the reminders, on working mornings, that an acute case has no meeting close enough ahead."""
    today = file.team.day_of(at)
    for day in (today + timedelta(days=days) for days in range(MORNINGS_AHEAD)):
        morning = file.team.morning(day)
        if worktime.is_working_day(day) and _lacks_meeting(file, morning):
            until, step = morning + timedelta(hours=12), f"none{day:%Y%m%d}"
            yield Reminder(Kind.NO_MEETING_AHEAD, file.case, morning, until, step)


def _lacks_meeting(file: CaseFile, at: datetime) -> bool:
    """Return whether they are told that morning: the first working day without a meeting, then each third."""
    if file.case.phase is not Phase.ACUTE or file.waits(at):
        return False
    if file.pause is not None and file.contact_at(file.pause) == at:
        return False  # The reminder of the next contact, at that time, proposes the next meeting.
    if worktime.working_days_after(_without_since(file, at), file.team.day_of(at)) % _TOLD_EVERY != 1:
        return False
    day = worktime.add_working_days(file.team.day_of(at), file.team.rules.acute_meeting_within_days)
    limit = worktime.local(day + timedelta(days=1), time(0), file.team.time_zone)
    return not any(m.live and at < m.ends_at and m.starts_at < limit for m in file.meetings)


def _without_since(file: CaseFile, at: datetime) -> date:
    """Return the day of the last opening, phase change, meeting (held or called off) or pause until `at`."""
    came = [
        file.case.opened_at,
        file.case.phase_since,
        *(m.cancelled_at or m.ends_at for m in file.meetings),
        *(p.ended_at or file.contact_at(p) for p in file.pauses),
    ]
    return file.team.day_of(max((each for each in came if each is not None and each < at), default=at))
