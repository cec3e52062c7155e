"""A time that a person typed, read by a small grammar that refuses what it does not wholly understand.

What is decided (docs/calendar-rules.md 12: never guess silently; the picker shows the result in words):

- «mandag» is the next Monday ahead. Typed on a Monday it is today or in a week: Ambiguous while that time of
  day is still ahead, in a week when it is past.
- «neste mandag», «next Monday»: Ambiguous always, since Norwegians disagree. «mandag neste uke» is clear.
- A date without a year is the next such date, today included. Numbers are day first, as in Norway.
- Hours of the dial from 7 to 12 are before and at noon («kl 8» is 08:00, «halv ti» is 09:30, «halv ett» is
  12:30). From 1 to 6 they are Ambiguous, unless written «03:00», «15:00», «3 pm» or with a part of the day.
- «om 2 timer» is elapsed time, to the whole minute; «om 2 dager» needs a clock time.
"""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import when_grammar as grammar
from bot.domain.when_grammar import (
    Ambiguity,
    AtClock,
    DateOrTime,
    DaysAhead,
    InWeek,
    OnDate,
    OnWeekday,
    PartOfDay,
)
from bot.domain.worktime import ClockChangeGap, TimeRefused, local

HORIZON = timedelta(days=731)
_LONGEST = 120
_MORNING_AND_NOON = range(7, 13)


class NotUnderstood(TimeRefused):
    code = "when.not-understood"  # nothing of it is a time


class LeftoverWords(TimeRefused):
    """A part is a time, the rest is not; `positions` are the numbers (from 1) of the words left over."""

    code = "when.leftover-words"

    def __init__(self, positions: tuple[int, ...]) -> None:
        super().__init__()
        self.positions = positions


class Ambiguous(TimeRefused):
    """Understood, but it can mean two things; `why` says which two."""

    code = "when.ambiguous"

    def __init__(self, why: Ambiguity) -> None:
        super().__init__()
        self.why = why


class RangeGiven(TimeRefused):
    code = "when.range"  # a start and an end


class MissingTime(TimeRefused):
    code = "when.missing-time"


class MissingDay(TimeRefused):
    code = "when.missing-day"


class NoSuchDate(TimeRefused):
    code = "when.no-such-date"


class NoSuchTime(TimeRefused):
    code = "when.no-such-time"


class Contradiction(TimeRefused):
    code = "when.contradiction"  # two days or two times, or a time outside its part of the day


class WeekdayContradictsDate(Contradiction):
    code = "when.weekday-contradicts-date"


class InThePast(TimeRefused):
    code = "when.in-the-past"


class TooFarAhead(TimeRefused):
    """The time is more than two years ahead, which is more likely a slip."""

    code = "when.too-far-ahead"


def parse_when(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The one instant, in UTC and after `now`, that the text means to someone in `zone`.

    `now` is an aware datetime. Raises TimeRefused: one of the errors above, none of which holds the text.
    """
    pieces = list(_understood(text))
    elapsed = [piece for piece in pieces if isinstance(piece, grammar.Elapsed)]
    if elapsed:
        if len(pieces) > 1:
            raise Contradiction
        whole_minute = (now.astimezone(UTC) + elapsed[0].duration).replace(second=0, microsecond=0)
        return _ahead(whole_minute, now)
    pieces = _resolve_dotted(pieces)
    clock = _clock(pieces)
    today = now.astimezone(zone).date()
    day = _day(pieces, today) or _day_of_weekday(pieces, today, is_past=_is_past(today, clock, now, zone))
    return _ahead(local(day, clock, zone), now)


def _ahead(at: datetime, now: datetime) -> datetime:
    if at <= now:
        raise InThePast
    if at > now + HORIZON:
        raise TooFarAhead
    return at


def _understood(text: str) -> tuple[grammar.Piece, ...]:
    """The pieces of the text if every word is one, and none of them is unclear by itself."""
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().replace("–", "-").split()).rstrip(".! ")
    if len(plain) > _LONGEST:
        raise NotUnderstood
    reading = grammar.read(plain)
    if not reading.pieces:
        raise NotUnderstood
    if reading.leftover:
        raise LeftoverWords(tuple(number + 1 for number in reading.leftover))
    for piece in reading.pieces:
        if isinstance(piece, grammar.TimeRange):
            raise RangeGiven
        if isinstance(piece, grammar.Unclear):
            raise Ambiguous(piece.why)
        if isinstance(piece, AtClock) and not piece.readings:
            raise NoSuchTime
    return reading.pieces


def _resolve_dotted(pieces: list[grammar.Piece]) -> list[grammar.Piece]:
    """Read «10.12» as a date beside a time, and as a time beside a day that is known without it."""
    dotted = [piece for piece in pieces if isinstance(piece, DateOrTime)]
    if not dotted:
        return pieces
    has_time = any(isinstance(piece, AtClock) for piece in pieces)
    has_day = any(isinstance(piece, OnDate | DaysAhead) for piece in pieces)
    if len(dotted) > 1 or not (has_time or has_day):
        raise Ambiguous(Ambiguity.DATE_OR_TIME)
    resolved = dotted[0].date if has_time else dotted[0].clock
    return [resolved if piece is dotted[0] else piece for piece in pieces]


# --- the time of day ---


def _clock(pieces: list[grammar.Piece]) -> time:
    clocks = [piece for piece in pieces if isinstance(piece, AtClock)]
    parts = {piece for piece in pieces if isinstance(piece, PartOfDay)}
    if not clocks:
        raise MissingTime
    if len(clocks) > 1 or len(parts) > 1:
        raise Contradiction
    readings = clocks[0].readings
    for part in parts:
        readings = tuple(each for each in readings if part.first <= each.hour <= part.last)
        if not readings:
            raise Contradiction
    if len(readings) > 1:
        readings = tuple(each for each in readings if each.hour in _MORNING_AND_NOON)
    if len(readings) != 1:
        raise Ambiguous(Ambiguity.HOUR)
    return readings[0]


def _is_past(day: date, clock: time, now: datetime, zone: ZoneInfo) -> bool:
    try:
        return local(day, clock, zone) <= now
    except ClockChangeGap:
        return False


# --- the day ---


def _day(pieces: list[grammar.Piece], today: date) -> date | None:
    """The day by date or by number of days, checked against weekday and week; None if neither."""
    days = {_next_date(piece, today) for piece in pieces if isinstance(piece, OnDate)}
    days |= {today + timedelta(days=piece.days) for piece in pieces if isinstance(piece, DaysAhead)}
    if not days:
        return None
    if len(days) > 1:
        raise Contradiction
    (day,) = days
    if any(day.weekday() != weekday for weekday in _weekdays(pieces)):
        raise WeekdayContradictsDate
    if any(_monday(day) != _monday(today) + ahead for ahead in _weeks_ahead(pieces)):
        raise Contradiction
    return day


def _day_of_weekday(pieces: list[grammar.Piece], today: date, *, is_past: bool) -> date:
    """The day by its weekday, in the week that is named, else the next one ahead."""
    weekdays, weeks = _weekdays(pieces), _weeks_ahead(pieces)
    if not weekdays:
        raise MissingDay
    if len(weekdays) > 1 or len(weeks) > 1:
        raise Contradiction
    (weekday,) = weekdays
    for ahead in weeks:
        return _monday(today) + ahead + timedelta(days=weekday)
    days_ahead = (weekday - today.weekday()) % 7
    if days_ahead == 0 and not is_past:
        raise Ambiguous(Ambiguity.TODAY_OR_IN_A_WEEK)
    return today + timedelta(days=days_ahead or 7)


def _next_date(written: OnDate, today: date) -> date:
    years = [written.year] if written.year is not None else range(today.year, today.year + 9)
    for year in years:
        try:
            day = date(year, written.month, written.day)
        except ValueError:
            continue
        if written.year is not None or day >= today:
            return day
    raise NoSuchDate


def _weekdays(pieces: list[grammar.Piece]) -> set[int]:
    return {piece.weekday for piece in pieces if isinstance(piece, OnWeekday)}


def _weeks_ahead(pieces: list[grammar.Piece]) -> set[timedelta]:
    return {timedelta(weeks=piece.weeks_ahead) for piece in pieces if isinstance(piece, InWeek)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
