"""Half of an answer window and its end, where no more is left than until something begins or ends; by when an
answer helps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.answers import reminded
from bot.domain.case.entities import Ask, Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.escalation import chain as escalation_chain


def half_and_end(file: CaseFile, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Half of the phase's window that begins at `since`, and its end; in the working phase in working time.

    Like a chain (`escalation`) it takes three quarters at most of what is left until `last`, so that the
    coordinators can ring.
    """
    rules = file.team.rules
    if file.case.phase is Phase.ACUTE:
        window = min(timedelta(minutes=rules.acute_window), (last - since) * escalation_chain.SHARE)
        return since + window / 2, since + window
    window = timedelta(minutes=rules.working_window)
    zone, hours = file.team.time_zone, rules.work_hours
    left = worktime.working_time_between(since, last, hours, zone)
    if left < escalation_chain.LEAST_WORKING_TIME:
        window = min(window, (last - since) * escalation_chain.SHARE)
        return since + window / 2, since + window
    window = min(window, left * escalation_chain.SHARE)
    half, end = (worktime.add_working_hours(since, w, hours, zone) for w in (window / 2, window))
    return half, end


def waited_since(file: CaseFile, asked_at: datetime) -> datetime:
    """From when an answer is waited for in this phase.

    A change of phase begins the window anew: by the shorter one of the acute phase it would have been over
    long ago, and nobody would be told.
    """
    return max(asked_at, file.case.phase_since or asked_at)


Window = Callable[[CaseFile, datetime, datetime], tuple[datetime, datetime]]


def first_steps(file: CaseFile, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Like `half_and_end`, but in the acute phase as fast as a chain: its first two steps."""
    if file.case.phase is not Phase.ACUTE:
        return half_and_end(file, since, last)
    first, second = escalation_chain.within(file.team.rules.acute_steps[:2], last - since)
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
    """The time by which to answer: `min(window of the phase, time left until the meeting)`.

    In the working phase never on a day off, unless the meeting is: as the next working day begins.
    """
    rules, team = file.team.rules, file.team
    last = max(meeting.starts_at, asked_at)
    if file.case.phase is Phase.ACUTE:
        return min(asked_at + timedelta(minutes=rules.acute_window), last)
    due = asked_at + timedelta(minutes=rules.working_window)
    if not worktime.is_working_day(team.day_of(due)):
        due = worktime.next_working_moment(due, rules.work_hours, team.time_zone)
    return min(due, last)


def wanted_by(file: CaseFile, ask: Ask) -> datetime:
    """The time by which people are told to answer, which stays while the question does.

    In the acute phase that is the next step of the chain, counted from the question, and once they are
    reminded from there: when another is asked, or the coordinator rings, an answer helps less. The window is
    an hour, and may end as the meeting begins.
    """
    if file.case.phase is not Phase.ACUTE:
        return ask.window_ends_at
    steps = escalation_chain.chain(file, ask)[1 if reminded(file, ask) else 0 :]
    return min([ask.window_ends_at, *(due.at for due in steps[:1])])
