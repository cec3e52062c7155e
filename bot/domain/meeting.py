"""When a meeting is proposed, in the acute phase soon, in the working phase by its rhythm; what a move makes
of its questions. The coordinator decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.answers import principals
from bot.domain.calendar.entry import entries_of, gets_mail, mail_alone
from bot.domain.case.entities import Answer, Ask, Duty, Meeting, Phase, Rhythm, Via
from bot.domain.case.file import CaseFile

_NINE = time(9)
_TONIGHT = time(20)
#: Minutes from now, as choices; the middle one is proposed.
_SOON = (30, 60, 90)
_LATER = (15, 30, 60)
_ROUND = timedelta(minutes=5)


class SoonKind(StrEnum):
    """A choice of time in the acute phase."""

    MINUTES = "minutes"
    TONIGHT = "tonight"
    MORNING = "morning"


@dataclass(frozen=True, slots=True)
class Soon:
    """A time to choose. `minutes` are those from now, as they are said; `day` is the day, in the zone."""

    at: datetime
    kind: SoonKind
    day: date
    minutes: int = 0


def soon(now: datetime, zone: ZoneInfo) -> list[Soon]:
    """The times proposed in the acute phase: within the hours ahead, tonight, the next morning at nine.

    Rounded to five minutes. In the hour in which the clock is changed there may be none but the morning.
    """
    return [*_after(now, _SOON, zone), *_further(now, now, zone)]


def later(starts_at: datetime, now: datetime, zone: ZoneInfo, phase: Phase) -> list[Soon]:
    """The times to which a meeting is likely to be moved: a little later than it is or, if it has begun, than
    now; in the acute phase also tonight and the next morning.
    """
    begins = max(starts_at, now)
    soon_after = list(_after(begins, _LATER, zone))
    return [*soon_after, *(_further(now, begins, zone) if phase is Phase.ACUTE else ())]


def _after(begins: datetime, minutes: Sequence[int], zone: ZoneInfo) -> Iterator[Soon]:
    for n in minutes:
        wall = _rounded(begins + timedelta(minutes=n)).astimezone(zone)
        with suppress(worktime.ClockChangeGap):
            yield Soon(worktime.local(wall.date(), wall.time(), zone), SoonKind.MINUTES, wall.date(), n)


def _further(now: datetime, begins: datetime, zone: ZoneInfo) -> Iterator[Soon]:
    """This evening and the next morning, where they come after the minutes."""
    today, last = now.astimezone(zone).date(), begins + timedelta(minutes=_SOON[-1])
    if worktime.local(today, _NINE, zone) > last + _ROUND:
        yield Soon(worktime.local(today, _NINE, zone), SoonKind.MORNING, today)
        return
    tonight = worktime.local(today, _TONIGHT, zone)
    if tonight > last + _ROUND:
        yield Soon(tonight, SoonKind.TONIGHT, today)
    tomorrow = today + timedelta(days=1)
    yield Soon(worktime.local(tomorrow, _NINE, zone), SoonKind.MORNING, tomorrow)


def likely_soon(times: list[Soon]) -> Soon:
    """The time that is proposed: in an hour, where the clock allows it."""
    return next((t for t in times if t.minutes == _SOON[1]), times[0])


def later_today(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """The last of the times proposed for the rest of the day; none if it is over by then."""
    today = now.astimezone(zone).date()
    return [t.at for t in soon(now, zone) if t.day == today][-1:]


def _rounded(at: datetime) -> datetime:
    """The nearest: within an hour of 21:00:30 is 22:00."""
    over = timedelta(seconds=(at + _ROUND / 2).timestamp() % _ROUND.total_seconds())
    return (at + _ROUND / 2 - over).astimezone(UTC)


def next_acute(file: CaseFile, now: datetime) -> datetime:
    """The next meeting of a case in the acute phase: soon while none has been held or lies ahead, else the
    next working day at nine.
    """
    zone = file.team.time_zone
    held = [m.starts_at for m in file.meetings if m.cancelled_at is None]
    if not held:
        return likely_soon(soon(now, zone)).at
    day = worktime.add_working_days(max(now, *held).astimezone(zone).date(), 1)
    return worktime.local(day, _NINE, zone)


def last_of_rhythm(file: CaseFile, now: datetime) -> Meeting | None:
    """The last meeting, if the next is to be proposed now: it is registered, or over since a working morning.

    Not while a meeting lies ahead or several times for one are proposed, nor while the case waits.
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
    """Return when a meeting that is over is asked about: the next morning, in the working phase
    that of a working day.
    """
    day = file.team.day_of(meeting.ends_at) + timedelta(days=1)
    return file.team.morning(day if file.case.phase is Phase.ACUTE else worktime.add_working_days(day, 0))


def proposed_time(file: CaseFile, last: Meeting, now: datetime) -> datetime | None:
    """In working hours; None without a rhythm."""
    if file.case.rhythm is None:
        return None
    zone = file.team.time_zone
    held = last.starts_at.astimezone(zone)
    clock = worktime.office_clock(held.time(), file.team.rules.work_hours)
    like = held if clock == held.time() else worktime.local(held.date(), clock, zone)
    return next_time(like, file.case.rhythm, now, zone)


def next_time(last: datetime, rhythm: Rhythm, now: datetime, zone: ZoneInfo) -> datetime:
    """The first time ahead of `now` in this rhythm: the weekday and clock time of the last meeting.

    Moved to the next working day where the day is none. Monthly is the same weekday of the month («the second
    Tuesday»), the last one where there is no fifth.
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
    """A question to a meeting, once that has been moved."""

    ASKED = "asked"
    #: A deputy on whom nobody has decided: they know of nothing.
    WAITS = "waits"
    #: A forfall that stands, since it is the deputy who is asked of the new time.
    STANDS = "stands"
    WITHDRAWN = "withdrawn"


def after_move(file: CaseFile, duty: Duty) -> list[tuple[Ask, AfterMove]]:
    """Return each question to an agency after a move: its principal is asked anew, or their deputy.

    Whoever has sent a deputy is told, and can take it back. Those who were asked because nobody answered are
    withdrawn: a moved meeting begins a chain of its own.
    """
    asks, first = file.asks_of(duty.id), _asked_again(file, duty)
    deputies = {a.id for a in asks if a.deputy_for is not None and a.answer is not Answer.DECLINED}

    def becomes(ask: Ask) -> AfterMove:
        if ask.id in deputies:
            return AfterMove.WAITS if ask.awaits_approval else AfterMove.ASKED
        if ask.answer is Answer.DECLINED and any(s.id in deputies for s in file.stand_ins(ask)):
            return AfterMove.STANDS
        return AfterMove.ASKED if ask.id == first else AfterMove.WITHDRAWN

    return [(ask, becomes(ask)) for ask in asks]


def _asked_again(file: CaseFile, duty: Duty) -> str | None:
    """The ask of the agency's lead in the case; else of who has answered, else the one it began with."""
    own = principals(file, duty.id)
    lead = file.lead(duty.involvement_id)
    of_lead = [a for a in own if lead is not None and a.person_id == lead.person_id]
    first = [*of_lead, *(a for a in own if a.answer is not None), *own]
    return first[0].id if first else None


def rung_anew(file: CaseFile, ask: Ask) -> bool:
    """Return whether a coordinator has told the person the time that they know, and has to tell them another.

    A message of the bot's may not be read in time by whoever was spoken to.
    """
    by_bot = ask.told_via is Via.MAIL and bool(entries_of(file, ask))
    rung = any((a.duty_id, a.sequence) == (ask.duty_id, ask.sequence) for a in file.phone_answers)
    return bool(ask.ring_anew) or rung or (ask.told_via is not None and not by_bot)


def rung_about_move(file: CaseFile, meeting: Meeting) -> list[Ask]:
    """Those who are asked of another time, and have to hear of it from a coordinator."""
    asked = (
        ask
        for duty in file.duties_of(meeting.id)
        for ask, becomes in after_move(file, duty)
        if becomes is AfterMove.ASKED
    )
    return [ask for ask in asked if rung_anew(file, ask) or not _told_by_bot(file, ask)]


def _told_by_bot(file: CaseFile, ask: Ask) -> bool:
    part = file.duty(ask.duty_id).involvement_id
    mailed = any(not e.cancelled for e in entries_of(file, ask)) and mail_alone(file, ask)
    return file.reached_directly(ask.person_id, part) or (mailed and gets_mail(file, ask.person_id))
