"""Which times are proposed for a meeting, and what a move makes of its asks. The coordinator decides.

The times are soon in the acute phase, and follow the case's rhythm in the working phase.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.answers import principals
from bot.domain.calendar.entry import entries_of, gets_mail, mail_alone
from bot.domain.case.entities import Answer, Ask, Duty, Meeting, Phase, Rhythm, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team

_NINE = time(9)
_TONIGHT = time(20)
#: Minutes from now, as choices; the middle one is proposed.
_SOON = (30, 60, 90)
_LATER = (15, 30, 60)
_ROUND = timedelta(minutes=5)
#: How long a meeting is proposed to last.
USUAL_MINUTES = 60


class Soon(NamedTuple):
    """A time to choose: in so many `minutes`, as shown to people; otherwise an evening or a morning."""

    at: datetime
    minutes: int = 0


def soon(now: datetime, zone: ZoneInfo) -> list[Soon]:
    """Return the times proposed in the acute phase: in the next hours, tonight, the next morning at nine.

    They are rounded to five minutes. While the clock is changed only the morning may be left.
    """
    return [*_after(now, _SOON, zone), *_further(now, now, zone)]


def later(starts_at: datetime, now: datetime, zone: ZoneInfo, phase: Phase) -> list[Soon]:
    """Return the times to which a meeting is likely to be moved.

    They are a little later than its start or, if it has begun, than now; in the acute phase also tonight and
    the next morning.
    """
    begins = max(starts_at, now)
    soon_after = list(_after(begins, _LATER, zone))
    return [*soon_after, *(_further(now, begins, zone) if phase is Phase.ACUTE else ())]


def _after(begins: datetime, minutes: Sequence[int], zone: ZoneInfo) -> Iterator[Soon]:
    for n in minutes:
        wall = _rounded(begins + timedelta(minutes=n)).astimezone(zone)
        with suppress(worktime.ClockChangeGap):
            yield Soon(worktime.local(wall.date(), wall.time(), zone), n)


def _further(now: datetime, begins: datetime, zone: ZoneInfo) -> Iterator[Soon]:
    """Yield this evening and the next morning, if they come after the choices in minutes."""
    today, last = now.astimezone(zone).date(), begins + timedelta(minutes=_SOON[-1]) + _ROUND
    morning, tonight = worktime.local(today, _NINE, zone), worktime.local(today, _TONIGHT, zone)
    if morning > last:
        yield Soon(morning)
        return
    if tonight > last:
        yield Soon(tonight)
    yield Soon(worktime.local(today + timedelta(days=1), _NINE, zone))


def likely_soon(times: list[Soon]) -> Soon:
    """Return the time to propose: in an hour, if the clock allows it."""
    return next((t for t in times if t.minutes == _SOON[1]), times[0])


def _rounded(at: datetime) -> datetime:
    """Round to the nearest five minutes: an hour after 21:00:30 is 22:00."""
    over = timedelta(seconds=(at + _ROUND / 2).timestamp() % _ROUND.total_seconds())
    return (at + _ROUND / 2 - over).astimezone(UTC)


def next_acute(file: CaseFile, now: datetime) -> datetime:
    """Return the time to propose for the next meeting of an acute case.

    It is soon if no meeting was held or is ahead, otherwise the next working day at nine.
    """
    held = [m.starts_at for m in file.meetings if m.cancelled_at is None]
    if not held:
        return likely_soon(soon(now, file.team.time_zone)).at
    return working_morning(file.team, max(now, *held))


def working_morning(team: Team, now: datetime, days: int = 1) -> datetime:
    """Return nine o'clock on the working day that is `days` working days ahead."""
    return worktime.local(worktime.add_working_days(team.day_of(now), days), _NINE, team.time_zone)


def last_of_rhythm(file: CaseFile, now: datetime) -> Meeting | None:
    """Return the last meeting if the next should be proposed now: it is registered, or a morning has passed.

    None while a meeting is ahead, several times for one are proposed, or the case is paused.
    """
    case = file.case
    if not file.open or case.phase is not Phase.WORKING or case.rhythm is None or file.waits(now):
        return None
    if any(poll.meeting_id is None for poll in file.polls):
        return None
    held = [m for m in file.meetings if m.cancelled_at is None]
    last = max(held, key=lambda m: m.starts_at, default=None)
    if last is None or (last.live and now < morning_after(file, last)):
        return None
    return last


def morning_after(file: CaseFile, meeting: Meeting) -> datetime:
    """Return when people are asked about a past meeting: the next (in the working phase: working) morning."""
    day = file.team.day_of(meeting.ends_at) + timedelta(days=1)
    return file.team.morning(day if file.case.phase is Phase.ACUTE else worktime.add_working_days(day, 0))


def proposed_time(file: CaseFile, last: Meeting, now: datetime) -> datetime | None:
    """Return the time to propose after the last meeting, in working hours; None without a rhythm."""
    if file.case.rhythm is None:
        return None
    zone = file.team.time_zone
    held = last.starts_at.astimezone(zone)
    clock = worktime.office_clock(held.time(), file.team.rules.work_hours)
    like = held if clock == held.time() else worktime.local(held.date(), clock, zone)
    return next_time(like, file.case.rhythm, now, zone)


def next_time(last: datetime, rhythm: Rhythm, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first time after `now` in this rhythm, on the weekday and at the clock time of `last`.

    On a day off it moves to the next working day. Monthly is the same weekday of the month («the second
    Tuesday»), or the last one if there is no fifth.
    """
    wall = last.astimezone(zone)
    day = wall.date()
    while True:
        day = _next_day(day, rhythm, wall.date())
        at = worktime.local(worktime.add_working_days(day, 0), wall.time(), zone)
        if at > now:
            return at


def _next_day(day: date, rhythm: Rhythm, first: date) -> date:
    if rhythm is not Rhythm.MONTHLY:
        return day + timedelta(weeks=1 if rhythm is Rhythm.WEEKLY else 2)
    begins = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    weekday = begins + timedelta(days=(first.weekday() - begins.weekday()) % 7)
    wanted = weekday + timedelta(weeks=(first.day - 1) // 7)
    return wanted if wanted.month == weekday.month else wanted - timedelta(weeks=1)


# --- when a meeting is moved


class AfterMove(StrEnum):
    """The fate of an ask when its meeting is moved."""

    ASKED = "asked"
    #: A forfall that stays valid, since the deputy is asked about the new time; or the ask of a deputy who is
    #: not approved yet, and has not been told anything.
    STANDS = "stands"
    WITHDRAWN = "withdrawn"


def after_move(file: CaseFile, duty: Duty) -> list[tuple[Ask, AfterMove]]:
    """Return what becomes of each ask to an agency when its meeting is moved.

    The principal, or their deputy, is asked again. A person who has sent a deputy is told, and can take it
    back. Asks made because nobody answered are withdrawn: a moved meeting begins its own chain.
    """
    asks, first = file.asks_of(duty.id), _asked_again(file, duty)
    deputies = {a.id for a in asks if a.deputy_for is not None and a.answer is not Answer.DECLINED}

    def becomes(ask: Ask) -> AfterMove:
        if ask.id in deputies:
            return AfterMove.STANDS if ask.awaits_approval else AfterMove.ASKED
        if ask.answer is Answer.DECLINED and any(s.id in deputies for s in file.stand_ins(ask)):
            return AfterMove.STANDS
        return AfterMove.ASKED if ask.id == first else AfterMove.WITHDRAWN

    return [(ask, becomes(ask)) for ask in asks]


def _asked_again(file: CaseFile, duty: Duty) -> str | None:
    """Return the id of the ask of the agency's lead, or of one that was answered, or of the oldest ask."""
    own = principals(file, duty.id)
    lead = file.lead(duty.involvement_id)
    of_lead = [a for a in own if lead is not None and a.person_id == lead.person_id]
    first = [*of_lead, *(a for a in own if a.answer is not None), *own]
    return first[0].id if first else None


def must_ring_again(file: CaseFile, ask: Ask) -> bool:
    """Return whether a coordinator told the person the present time, and so has to tell them a new one.

    A person who was told by phone may not read the bot's message in time.
    """
    by_bot = ask.told_via is Via.MAIL and bool(entries_of(file, ask))
    rung = any((a.duty_id, a.sequence) == (ask.duty_id, ask.sequence) for a in file.phone_answers)
    return bool(ask.ring_anew) or rung or (ask.told_via is not None and not by_bot)


def rung_about_move(file: CaseFile, meeting: Meeting) -> list[Ask]:
    """Return the asks for a new time of which a coordinator has to tell the person."""
    asked = (
        ask
        for duty in file.duties_of(meeting.id)
        for ask, becomes in after_move(file, duty)
        if becomes is AfterMove.ASKED
    )

    def told(ask: Ask) -> bool:
        return file.reaches(ask) or told_by_mail_alone(file, ask)

    return [ask for ask in asked if must_ring_again(file, ask) or not told(ask)]


def told_by_mail_alone(file: CaseFile, ask: Ask) -> bool:
    """Return whether only mail tells the person of a change, and it arrives."""
    has_entry = any(not entry.cancelled for entry in entries_of(file, ask))
    return has_entry and mail_alone(file, ask) and gets_mail(file, ask.person_id)
