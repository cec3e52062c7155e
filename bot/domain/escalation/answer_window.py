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
from bot.domain.directory.entities import Team
from bot.domain.escalation import chain as escalation_chain

#: With less working time than this before a meeting in the working phase, every hour counts.
LEAST_WORKING_TIME = timedelta(hours=1)


def half_and_end(file: CaseFile, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Half of the phase's window that begins at `since`, and its end; in the working phase in working time.

    Like a chain (`escalation`) it takes three quarters at most of what is left until `last`, so that the
    coordinators can ring.
    """
    acute = file.case.phase is Phase.ACUTE
    return (acute_half_and_end if acute else working_half_and_end)(file.team, since, last)


def acute_half_and_end(team: Team, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """The same of the acute phase's window, as if it were that."""
    window = min(timedelta(minutes=team.rules.acute_window), (last - since) * escalation_chain.SHARE)
    return since + window / 2, since + window


def working_half_and_end(team: Team, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """The same of the working phase's window, in working time."""
    window = timedelta(minutes=team.rules.working_window)
    zone, hours = team.time_zone, team.rules.work_hours
    left = worktime.working_time_between(since, last, hours, zone)
    if left < LEAST_WORKING_TIME:
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
    """Like `half_and_end`, but in the acute phase as fast as a chain: its first two steps.

    Where no meeting is set that is in haste.
    """
    if file.case.phase is not Phase.ACUTE:
        return half_and_end(file, since, last)
    if any(m.cancelled_at is None and m.starts_at > since for m in file.meetings):
        half, end, *_ = escalation_chain.times(file.team, since, last)
        return half, end
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
    steps = escalation_chain.chain(file, ask)[1 if reminded(file, ask) else 0 :]
    return min([ask.window_ends_at, *(due.at for due in steps[:1])])
