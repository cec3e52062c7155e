"""The escalation of an ask that is not answered: which steps, when, and when there is none. Pure.

An agency's duty has one chain at a time. It hangs on the ask at its head, it goes on while nobody who was
asked for the agency has answered, and an answer of any of them ends it. Its pace is the meeting's: in haste
the team's minutes, compressed into the time left until the meeting; else by half working days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain import worktime
from bot.domain.answers import chain_heads, principals, reminded
from bot.domain.case.entities import Ask, Meeting, Phase, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.directory import on_call
from bot.domain.directory.entities import Contact, Team
from bot.domain.notifications import ChainStep, Kind, Notification

#: How much of the time left until the meeting a chain may take: the rest is for the coordinator to ring.
SHARE = 0.75
#: A leader has so much working time after the next contact, and the coordinators after the leader.
APART = timedelta(hours=2)
#: The coordinators know so long before the meeting who is silent: before a night, in the evening.
KNOWN_BEFORE = timedelta(hours=12)
EVENING = time(21)
#: How soon somebody is reminded of what they have been asked.
LEAST_REMINDER = timedelta(minutes=10)
_ORDER = tuple(StepKind)
#: For one who stands in, the agency has answered already: nobody else of it is asked, so that in the acute
#: phase the coordinator has it as soon as another contact would have been asked.
_OF_A_DEPUTY = (StepKind.REMINDER, StepKind.COORDINATOR)


@dataclass(frozen=True, slots=True)
class DueStep:
    """`at` is an aware UTC datetime. One that `waits` is not taken before, though nobody else is found."""

    kind: StepKind
    at: datetime
    waits: bool = False


def heads(file: CaseFile, meeting: Meeting) -> Iterator[Ask]:
    """Every ask of a meeting that has a chain: one for each silent agency, and each silent deputy."""
    if not file.open or not meeting.live:
        return
    for duty in file.duties_of(meeting.id):
        yield from chain_heads(file, duty)


def chain(file: CaseFile, ask: Ask) -> list[DueStep]:
    """All the steps of an ask's chain, taken or not, each later than the ask and before the meeting."""
    starts_at = file.meeting(ask.meeting_id).starts_at
    kinds = _ORDER if ask.deputy_for is None else _OF_A_DEPUTY
    dues = zip(kinds, times(file.team, ask.asked_at, starts_at), strict=False)
    answer_by = file.team.half_day_to_answer(ask.asked_at, starts_at)
    if answer_by is None:
        return [DueStep(kind, at) for kind, at in dues if ask.asked_at < at < starts_at]
    known = _known_by(file.team, starts_at)
    steps = [
        DueStep(kind, min(at, known) if kind is StepKind.COORDINATOR else at, kind is StepKind.LEADER)
        for kind, at in dues
        if at < starts_at or kind is StepKind.COORDINATOR
    ]
    return sorted(steps, key=lambda due: due.at)


def times(team: Team, asked_at: datetime, starts_at: datetime) -> list[datetime]:
    """When the steps of a chain fall due that begins with a question, in their order."""
    answer_by = team.half_day_to_answer(asked_at, starts_at)
    if answer_by is None:
        left = max(starts_at - asked_at, timedelta(0))
        return [asked_at + wait for wait in within(team.rules.acute_steps, left)]
    hours, zone = team.rules.work_hours, team.time_zone
    half = worktime.working_time_between(asked_at, answer_by, hours, zone) / 2
    next_day = worktime.local(team.day_of(asked_at) + timedelta(days=1), time(0), zone)
    leader = max(
        worktime.add_working_hours(answer_by, APART, hours, zone),
        worktime.next_working_moment(next_day, hours, zone),
    )
    return [
        worktime.add_working_hours(asked_at, half, hours, zone),
        answer_by,
        leader,
        worktime.add_working_hours(leader, APART, hours, zone),
    ]


def _known_by(team: Team, starts_at: datetime) -> datetime:
    at, zone = starts_at - KNOWN_BEFORE, team.time_zone
    if not worktime.is_night(at, zone):
        return at
    begun = team.day_of(at - timedelta(hours=worktime.NIGHT_ENDS.hour))
    return worktime.local(begun, EVENING, zone)


def within(minutes: Sequence[int], left: timedelta) -> list[timedelta]:
    """The waits, compressed so that the last of them is over when SHARE of the time left has passed.

    The first is a reminder: nobody is reminded of what they were asked about a few minutes ago, unless the
    next step comes as soon.
    """
    waits = [timedelta(minutes=m) for m in minutes]
    most = left * SHARE
    first, second, *rest = (wait * min(1.0, most / waits[-1]) for wait in waits)
    return [max(first, min(LEAST_REMINDER, waits[0], second * 0.9)), second, *rest]


def untaken(file: CaseFile, ask: Ask) -> list[DueStep]:
    taken = {s.kind for s in file.steps if s.ask_id == ask.id and s.sequence == ask.sequence}
    return [due for due in chain(file, ask) if due.kind not in taken]


def ahead(file: CaseFile) -> list[Notification]:
    """The next step of every chain of the case, due when it is due, overdue ones included.

    A row of a step that is no longer called for does nothing when it falls due.
    """
    return [
        Notification(
            Kind.ESCALATION,
            ask.id,
            case_id=file.case.id,
            due_at=due.at,
            useful_until=meeting.starts_at,
            params=ChainStep(due.kind, ask.sequence, due.at),
        )
        for meeting in file.meetings
        for ask in heads(file, meeting)
        for due in untaken(file, ask)[:1]
    ]


def next_contact(file: CaseFile, ask: Ask, now: datetime) -> Contact | None:
    """The agency's next contact on call whom the bot can ask; None when there is nobody more.

    Not a leader, who has a step of their own; nor who was asked for this meeting already.
    """
    asked = {a.person_id for a in file.asks if a.duty_id == ask.duty_id and a.sequence == ask.sequence}
    others = [c for c in _askable(file, ask, now) if not c.leader and c.person_id not in asked]
    first = on_call.first_to_ask(others, file.persons, now=now, team=file.team)
    return first.contact if first is not None else None


def leader(file: CaseFile, ask: Ask, now: datetime) -> Contact | None:
    """The agency's leader whom the bot can ask who comes; None when there is none.

    Nor when the leader is the very one who does not answer.
    """
    silent = {a.person_id for a in principals(file, ask.duty_id)}
    leaders = [c for c in _askable(file, ask, now) if c.leader and c.person_id not in silent]
    return leaders[0] if leaders else None


def _askable(file: CaseFile, ask: Ask, now: datetime) -> list[Contact]:
    """The agency's contacts whom the bot may write to, and who are not away today or on the meeting's day."""
    days = {file.team.day_of(at) for at in (now, file.meeting(ask.meeting_id).starts_at)}
    part = file.duty(ask.duty_id).involvement_id
    return [
        c
        for c in file.contacts_of(file.agency_of_ask(ask).id)
        if not any(c.away(day) for day in days) and file.reached_directly(c.person_id, part)
    ]


def can_be_named(file: CaseFile, agency_id: str) -> list[Contact]:
    """Whom a leader can name to come for the agency: its contacts, the leader among them."""
    return [c for c in file.contacts_of(agency_id) if file.can_be_asked(c.person_id)]


# --- by when an answer helps: half of a window and its end, until something begins or ends

#: With less working time than this before a meeting in the working phase, every hour counts.
LEAST_WORKING_TIME = timedelta(hours=1)


def half_and_end(file: CaseFile, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Half of the phase's window that begins at `since`, and its end; in the working phase in working time.

    Like a chain it takes three quarters at most of what is left until `last`, so that the
    coordinators can ring.
    """
    team = file.team
    if file.case.phase is Phase.ACUTE:
        return acute_half_and_end(team, since, last)
    window = timedelta(minutes=team.rules.working_window)
    zone, hours = team.time_zone, team.rules.work_hours
    left = worktime.working_time_between(since, last, hours, zone)
    if left < LEAST_WORKING_TIME:
        window = min(window, (last - since) * SHARE)
        return since + window / 2, since + window
    window = min(window, left * SHARE)
    half, end = (worktime.add_working_hours(since, w, hours, zone) for w in (window / 2, window))
    return half, end


def acute_half_and_end(team: Team, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """The same of the acute phase's window, whatever the phase."""
    window = min(timedelta(minutes=team.rules.acute_window), (last - since) * SHARE)
    return since + window / 2, since + window


def waited_since(file: CaseFile, asked_at: datetime) -> datetime:
    """From when an answer is waited for in this phase.

    A change of phase begins the window anew: by the shorter one of the acute phase it would have been over
    long ago, and nobody would be told.
    """
    return max(asked_at, file.case.phase_since or asked_at)


Window = Callable[[CaseFile, datetime, datetime], tuple[datetime, datetime]]


def first_steps(file: CaseFile, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Like `half_and_end`, but in the acute phase as fast as a chain: its first two steps.

    Where no meeting is set that is in haste.
    """
    if file.case.phase is not Phase.ACUTE:
        return half_and_end(file, since, last)
    if any(m.cancelled_at is None and m.starts_at > since for m in file.meetings):
        half, end, *_ = times(file.team, since, last)
        return half, end
    first, second = within(file.team.rules.acute_steps[:2], last - since)
    return since + first, since + second


def earliest(
    file: CaseFile, asked_at: datetime, last: datetime, window: Window = half_and_end
) -> tuple[datetime, datetime]:
    """Half of the window until `last` and its end, or earlier where a meeting makes them so.

    What is left until a meeting is counted from when it was known, so that both lie ahead of whoever calls
    or moves one at short notice.
    """
    since = waited_since(file, asked_at)
    windows = [window(file, since, max(last, since))]
    for meeting in file.meetings:
        known = max(since, _called_at(file, meeting))
        if meeting.cancelled_at is None and meeting.starts_at > known:
            windows.append(window(file, known, meeting.starts_at))
    return min(half for half, _ in windows), min(end for _, end in windows)


def _called_at(file: CaseFile, meeting: Meeting) -> datetime:
    """The call to the time and place that it has now: a move asks anew and raises `sequence`."""
    if meeting.sequence == 0:
        return meeting.called_at
    asked = (a.asked_at for a in file.asks if (a.meeting_id, a.sequence) == (meeting.id, meeting.sequence))
    return min(asked, default=meeting.called_at)


def answer_window(file: CaseFile, asked_at: datetime, meeting: Meeting) -> datetime:
    """The time by which an answer counts as given in time: the phase's window, never past the meeting.

    In the working phase days off are not counted. Nobody is late who has answered within the half-day that
    they were given.
    """
    rules, zone = file.team.rules, file.team.time_zone
    if file.case.phase is Phase.ACUTE:
        end = asked_at + timedelta(minutes=rules.acute_window)
    else:
        window = timedelta(minutes=rules.working_window)
        end = worktime.add_on_working_days(asked_at, window, rules.work_hours, zone)
    given = file.team.half_day_to_answer(asked_at, meeting.starts_at) or end
    return min(max(end, given), max(meeting.starts_at, asked_at))


def wanted_by(file: CaseFile, ask: Ask) -> datetime:
    """The time by which people are told to answer, which stays while the question does.

    That is the end of a half-day (`Team.half_day_to_answer`). In haste it is the next step of the chain,
    counted from the question, and once they are reminded from there: when another is asked, or the
    coordinator rings, an answer helps less. The window is an hour, and may end as the meeting begins.
    """
    starts_at = file.meeting(ask.meeting_id).starts_at
    half_day = file.team.half_day_to_answer(ask.asked_at, starts_at)
    if half_day is not None:
        return half_day
    steps = chain(file, ask)[1 if reminded(file, ask) else 0 :]
    return min([ask.window_ends_at, *(due.at for due in steps[:1])])
