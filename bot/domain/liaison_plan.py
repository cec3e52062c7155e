"""When a liaison who has not confirmed taushetsplikt is reminded: a part of the reminder plan.

Half of the answer window after they were asked they are reminded; at its end the coordinators are told. The
window is the phase's, in the working phase counted in working time. Like a chain (`escalation`) it leaves the
coordinators a part of what is left until a meeting or the liaison's last day, so that they can ring.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import escalation, worktime
from bot.domain.action_plan import reminder
from bot.domain.case import Meeting, Phase, Seat
from bot.domain.case_file import CaseFile
from bot.domain.intents import Intent, Kind
from bot.domain.liaison import Liaison, leaves_at


def of_liaisons(file: CaseFile) -> Iterator[Intent]:
    """The reminders of every liaison who has been asked in Slack and has not confirmed."""
    for liaison in file.live_liaisons():
        seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
        if seat is None or seat.confirmed or not file.on_slack(seat.person_id):
            continue
        half, end = _window(file, liaison, seat)
        until = leaves_at(liaison.until, file.team)
        yield reminder(file, Kind.LIAISON_UNCONFIRMED, seat.id, seat.person_id, half, until, "half")
        for person_id in file.confirmed_coordinators():
            yield reminder(file, Kind.LIAISON_SILENT, seat.id, person_id, end, until, "end")


def told_at(file: CaseFile, liaison: Liaison, seat: Seat) -> datetime:
    """When the coordinators are told that a liaison has not confirmed."""
    return _window(file, liaison, seat)[1]


def _window(file: CaseFile, liaison: Liaison, seat: Seat) -> tuple[datetime, datetime]:
    """Half of the answer window and its end: the earliest that the last day or a meeting makes them.

    What is left until a meeting is counted from when it was known, so that both lie ahead of whoever calls
    or moves one at short notice.
    """
    windows = [_within(file, seat.asked_at, leaves_at(liaison.until, file.team))]
    for meeting in file.meetings:
        known = max(seat.asked_at, _called_at(file, meeting))
        if meeting.cancelled_at is None and meeting.starts_at > known:
            windows.append(_within(file, known, meeting.starts_at))
    return min(half for half, _ in windows), min(end for _, end in windows)


def _called_at(file: CaseFile, meeting: Meeting) -> datetime:
    """When a meeting was called to the time and place it has now: a move asks anew and raises `sequence`."""
    if meeting.sequence == 0:
        return meeting.called_at
    asked = (a.asked_at for a in file.asks if (a.meeting_id, a.sequence) == (meeting.id, meeting.sequence))
    return min(asked, default=meeting.called_at)


def _within(file: CaseFile, since: datetime, last: datetime) -> tuple[datetime, datetime]:
    """Half of the window that begins at `since` and its end, where no more than until `last` is left."""
    rules = file.team.rules
    if file.case.phase is Phase.ACUTE:
        window = min(timedelta(minutes=rules.acute_window), (last - since) * escalation.SHARE)
        return since + window / 2, since + window
    window = timedelta(minutes=rules.working_window)
    zone = ZoneInfo(file.team.zone)
    hours = worktime.WorkHours(start=time(rules.work_from), end=time(rules.work_to))
    left = worktime.working_time_between(since, last, hours, zone)
    if left < escalation.LEAST_WORKING_TIME:
        window = min(window, (last - since) * escalation.SHARE)
        return since + window / 2, since + window
    window = min(window, left * escalation.SHARE)
    half, end = (worktime.add_working_hours(since, w, hours, zone) for w in (window / 2, window))
    return half, end
