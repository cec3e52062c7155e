"""A small grammar for times that a person typed. It refuses what it does not fully understand.

The rules (docs/calendar-rules.md 12: never guess silently; the picker shows the result in words):

- «mandag» is the next Monday ahead. Typed on a Monday it means today or in a week: refused while that time
  of day is still ahead, in a week when it is past.
- «neste mandag», «next Monday»: refused, since Norwegians disagree. «mandag neste uke» is clear.
- A date without a year is the next such date, today included. Numbers are day first, as in Norway.
- Hours from 7 to 12 are in the morning and at noon («kl 8» is 08:00, «halv ti» is 09:30, «halv ett» is
  12:30). Hours from 1 to 6 are refused, unless written «03:00», «15:00», «3 pm» or with a part of the day.
- «i natt kl 2» is in the night that comes, or that it is now: it ends at six. English «tonight» is the
  evening too, and means that if both are possible.
- «om 2 timer» is elapsed time, to the whole minute; «om 2 dager» needs a clock time.

The grammar covers bokmål, nynorsk and English. Every rule is a pattern and a function from its match to
pieces of meaning, independent of today's date; `parse_when` decides what the pieces mean together.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.calendar_words import MONTHS, NUMBERS, WEEKDAYS, one_of
from bot.domain.worktime import ClockChangeGap, TimeRefused, local


@dataclass(frozen=True, slots=True)
class OnDate:
    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True)
class OnWeekday:
    weekday: int


@dataclass(frozen=True, slots=True)
class InWeek:
    weeks_ahead: int


@dataclass(frozen=True, slots=True)
class DaysAhead:
    days: int


@dataclass(frozen=True, slots=True)
class AtClock:
    """The times of day that the words may mean; empty if there is no such time."""

    readings: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A named part of the day, from its `first` to its `last` whole hour."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tonight:
    """The night that comes, or that it is now; and today from its `first` hour on."""

    first: int


@dataclass(frozen=True, slots=True)
class DateOrTime:
    """Two numbers with a dot that can be a date or a time, such as «10.12»."""

    date: OnDate
    clock: AtClock


Piece = (
    OnDate
    | OnWeekday
    | InWeek
    | DaysAhead
    | AtClock
    | PartOfDay
    | Tonight
    | DateOrTime
    | timedelta  # elapsed from now
)
Match = re.Match[str]


def _read(text: str) -> list[Piece]:
    """Read a normalised text (lower case, single blanks) from the left; the longest match wins.

    Return the pieces in order. Raise TimeRefused if no rule matches a word.
    """
    pieces: list[Piece] = []
    taken = 0
    for word in re.finditer(r"[^ ,]+", text):
        if word.start() < taken:
            continue
        matches = ((rule.match(text, word.start()), meaning) for rule, meaning in _compiled())
        best = max(
            ((match, meaning) for match, meaning in matches if match),
            key=lambda found: found[0].end(),
            default=None,
        )
        if best is None:
            raise TimeRefused(_UNCLEAR)
        pieces.extend(best[1](best[0]))
        taken = best[0].end()
    return pieces


# --- clock ---

_NUMBER = one_of(NUMBERS)
_AT = r"(?:kl\.?|klokk(?:a|en)|at)"
_AM_PM = r"(?P<half>[ap])\.?m\.?"
_MORNING, _FORENOON = PartOfDay(5, 11), PartOfDay(8, 12)
_AFTERNOON, _EVENING = PartOfDay(12, 18), PartOfDay(17, 23)
#: «I natt» begins at this hour, and ends at six.
_LATE = 22
_NIGHT_ENDS = time(6)
#: From now on, «i morgen kl. 00:30» would be heard as the next night.
_NIGHT_NEAR = time(18)


def _number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def _readings(hour: int, minute: int, *, explicit: bool) -> AtClock:
    """Return both readings, am and pm, of an hour from 1 to 12, unless its form decides («09», «14»)."""
    if minute > 59:
        return AtClock(())
    hours = (hour,) if explicit or not 1 <= hour <= 12 else (hour % 12, hour % 12 + 12)
    return AtClock(tuple(time(each, minute) for each in hours if each < 24))


def _digits(match: Match) -> Iterator[Piece]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = match.groupdict().get("half")
    if half:
        in_dial = 1 <= hour <= 12
        hour = hour % 12 + (12 if half == "p" else 0) if in_dial else 24
    yield _readings(hour, minute, explicit=bool(half) or match["hour"].startswith("0"))


def _half_to(match: Match) -> Iterator[Piece]:
    """Read «halv ti» as 9:30."""
    hour = _number(match["hour"])
    yield _readings(hour - 1 or 12, 30, explicit=hour > 12) if hour else AtClock(())


def _word_hour(match: Match) -> Iterator[Piece]:
    yield _readings(_number(match["hour"]), int(match.groupdict().get("minute") or 0), explicit=False)


def _half_past(match: Match) -> Iterator[Piece]:
    yield _readings(_number(match["hour"]), 30, explicit=False)


# --- day ---


def _date(match: Match) -> Iterator[Piece]:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    month = MONTHS[parts["month"]] if parts["month"] in MONTHS else int(parts["month"])
    yield OnDate(int(parts["day"]), month, year + 2000 if year is not None and year < 100 else year)


def _dotted(match: Match) -> Iterator[Piece]:
    """Read «9.30» as a time and «24.12» as a date, since they cannot be the other; «10.12» stays open."""
    first, second = int(match["hour"]), int(match["minute"])
    (clock,) = _digits(match)
    if not (1 <= first <= 31 and 1 <= second <= 12):
        yield clock
    elif isinstance(clock, AtClock) and clock.readings:
        yield DateOrTime(OnDate(first, second, None), clock)
    else:
        yield OnDate(first, second, None)


def _weekday(*also: Piece) -> Callable[[Match], Iterator[Piece]]:
    return lambda match: iter((OnWeekday(WEEKDAYS[match["weekday"]]), *also))


def _ahead(unit: timedelta) -> Callable[[Match], Iterator[Piece]]:
    def meaning(match: Match) -> Iterator[Piece]:
        span = _number(match["count"]) * unit
        yield DaysAhead(span.days) if unit >= timedelta(days=1) else span

    return meaning


def _always(*pieces: Piece) -> Callable[[Match], Iterator[Piece]]:
    return lambda _match: iter(pieces)


# --- the rules ---

_WEEKDAY = rf"(?P<weekday>{one_of(WEEKDAYS)})"
_MONTH = rf"(?P<month>{one_of(MONTHS)})\.?"
_COUNT = rf"(?:om|in) (?P<count>[0-9]{{1,3}}|{_NUMBER}) "
_HOUR_WORD = rf"(?P<hour>[0-9]{{1,2}}|{_NUMBER})"
_ISO_DATE = r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_YEAR = r"(?P<year>20[0-9]{2})"
_DAY_MONTH = r"(?:den |on |the )?(?P<day>[0-9]{1,2})(?:\. ?|[/\-])(?P<month>[0-9]{1,2})"

# Of two matches of equal length the first rule wins.
_RULES: tuple[tuple[str, Callable[[Match], Iterator[Piece]]], ...] = (
    (rf"{_AT} ?(?P<hour>[0-9]{{1,2}})(?:[:.]?(?P<minute>[0-9]{{2}}))?(?: ?{_AM_PM})?", _digits),
    (rf"(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?: ?{_AM_PM})?", _digits),
    (rf"(?P<hour>[0-9]{{1,2}})(?:\.(?P<minute>[0-9]{{2}}))? ?{_AM_PM}", _digits),
    (r"(?P<hour>[0-9]{1,2})\.(?P<minute>[0-9]{2})", _dotted),
    (rf"{_AT} {_HOUR_WORD}", _word_hour),
    (rf"(?:{_AT} )?{_HOUR_WORD} o['’]?clock", _word_hour),
    (rf"(?:{_AT} )?halv {_HOUR_WORD}", _half_to),
    (rf"(?:{_AT} )?half past {_HOUR_WORD}", _half_past),
    (r"(?:at )?(?:noon|midday)", _always(AtClock((time(12),)))),
    (rf"(?:den |on )?{_ISO_DATE}", _date),
    (rf"{_DAY_MONTH}[./\-] ?(?P<year>20[0-9]{{2}}|[0-9]{{2}})", _date),
    (rf"{_DAY_MONTH} {_YEAR}", _date),
    (r"den (?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})\.?", _date),
    (r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})", _date),
    (r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.", _date),
    (r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9])", _date),
    (
        rf"(?:den |on |the |on the )?(?P<day>[0-9]{{1,2}})(?:\.|st|nd|rd|th)? ?(?:of )?{_MONTH}"
        rf"(?:,? {_YEAR})?",
        _date,
    ),
    (rf"(?:on )?{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? {_YEAR})?", _date),
    (rf"(?:på |on )?(?:(?:først|fyrst)?kom(?:mende|ande) |coming )?{_WEEKDAY}\.?", _weekday()),
    (rf"(?:denne |this ){_WEEKDAY}(?:en)?", _weekday(InWeek(0))),
    (r"(?:i )?(?:denne|this) (?:uk[ea]n?|vek[ea]|week)", _always(InWeek(0))),
    (r"(?:i )?(?:neste|next) (?:uk[ea]|vek[ea]|week)", _always(InWeek(1))),
    (r"i ?dag|today", _always(DaysAhead(0))),
    (r"i ?morg[eo]n|i ?morra|tomorrow", _always(DaysAhead(1))),
    (r"i ?overmorg[eo]n|over ?i ?morg[eo]n|(?:the )?day after tomorrow", _always(DaysAhead(2))),
    (r"i f(?:or|øre)middag", _always(DaysAhead(0), _FORENOON)),
    (r"i ettermiddag|this afternoon", _always(DaysAhead(0), _AFTERNOON)),
    (r"i ?kveld|this evening", _always(DaysAhead(0), _EVENING)),
    (r"tonight", _always(Tonight(_EVENING.first))),
    (r"i ?natt", _always(Tonight(_LATE))),
    (r"this morning", _always(DaysAhead(0), _MORNING)),
    (r"(?:om |in the )?(?:morg[eo]n(?:en)?|morning)|tidlig|tidleg|early", _always(_MORNING)),
    (r"(?:om |på )?f(?:or|øre)middag(?:en)?", _always(_FORENOON)),
    (r"(?:om |på |in the )?(?:ettermiddag(?:en)?|afternoon)", _always(_AFTERNOON)),
    (r"(?:om |på |in the )?(?:kveld(?:en)?|evening)", _always(_EVENING)),
    (_COUNT + r"(?:dag|dager|dagar|days?)", _ahead(timedelta(days=1))),
    (_COUNT + r"(?:uker?|veker?|weeks?)", _ahead(timedelta(weeks=1))),
    (_COUNT + r"(?:time|timer|timar|hours?)", _ahead(timedelta(hours=1))),
    (_COUNT + r"(?:min|minutt|minutter|minuttar|minutes?)", _ahead(timedelta(minutes=1))),
    (r"om (?:en|ein) halv time|in half an hour", _always(timedelta(minutes=30))),
    # As after a verb: «flytt til torsdag». Only before everything else: «9 til torsdag» is not understood.
    (r"^(?:til|to)", _always()),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], Callable[[Match], Iterator[Piece]]], ...]:
    return tuple((re.compile(rf"(?:{pattern})(?=[ ,]|$)", re.ASCII), meaning) for pattern, meaning in _RULES)


# --- what the pieces mean together ---

#: A time further ahead is more likely a typing error.
HORIZON = timedelta(days=731)
_LONGEST = 120
#: Codes of what is refused: it does not mean one time, or no day or clock has that time.
_UNCLEAR, _NO_SUCH = "when.not-understood", "when.no-such-time"
_MORNING_AND_NOON = range(7, 13)


def parse_when(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the one instant, in UTC and after `now`, that the text means in `zone`.

    `now` is an aware datetime. Raises TimeRefused, which never contains the text.
    """
    pieces = _understood(text)
    elapsed = [piece for piece in pieces if isinstance(piece, timedelta)]
    if elapsed:
        if len(pieces) > 1:
            raise TimeRefused(_UNCLEAR)
        whole_minute = (now.astimezone(UTC) + elapsed[0]).replace(second=0, microsecond=0)
        return _within_horizon(whole_minute, now)
    pieces = _resolve_dotted(pieces)
    clock = _clock(pieces)
    today = now.astimezone(zone).date()
    pieces = _resolve_tonight(pieces, clock, now.astimezone(zone).time())
    day = _day(pieces, today) or _day_of_weekday(pieces, today, is_past=_is_past(today, clock, now, zone))
    return _within_horizon(local(day, clock, zone), now)


def is_tonight(at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether people call a time «i natt»: one before six, from 18 the evening before."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    near = here.time() < _NIGHT_ENDS if days == 0 else days == 1 and here.time() >= _NIGHT_NEAR
    return near and there.time() < _NIGHT_ENDS


def _within_horizon(at: datetime, now: datetime) -> datetime:
    if at <= now:
        raise TimeRefused("when.in-the-past")
    if at > now + HORIZON:
        raise TimeRefused("when.too-far-ahead")
    return at


def _understood(text: str) -> list[Piece]:
    """Return the pieces of the text. Raise TimeRefused if a word is no piece, or a piece is no time."""
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().replace("–", "-").split()).rstrip(".! ")
    if len(plain) > _LONGEST:
        raise TimeRefused(_UNCLEAR)
    pieces = _read(plain)
    if any(isinstance(piece, AtClock) and not piece.readings for piece in pieces):
        raise TimeRefused(_NO_SUCH)
    return pieces


def _resolve_dotted(pieces: list[Piece]) -> list[Piece]:
    """Read «10.12» as a date if there is another time, as a time if there is another day."""
    dotted = [piece for piece in pieces if isinstance(piece, DateOrTime)]
    if not dotted:
        return pieces
    has_time = any(isinstance(piece, AtClock) for piece in pieces)
    has_day = any(isinstance(piece, OnDate | DaysAhead | Tonight) for piece in pieces)
    if len(dotted) > 1 or not (has_time or has_day):
        raise TimeRefused(_UNCLEAR)
    resolved = dotted[0].date if has_time else dotted[0].clock
    return [resolved if piece is dotted[0] else piece for piece in pieces]


def _resolve_tonight(pieces: list[Piece], clock: time, now: time) -> list[Piece]:
    """Read «i natt» as tomorrow for a time after midnight, unless it is after midnight now."""
    ahead = DaysAhead(int(clock < _NIGHT_ENDS <= now))
    return [ahead if isinstance(piece, Tonight) else piece for piece in pieces]


# --- the time of day ---


def _clock(pieces: list[Piece]) -> time:
    clocks = [piece for piece in pieces if isinstance(piece, AtClock)]
    parts = {piece for piece in pieces if isinstance(piece, PartOfDay | Tonight)}
    if not clocks:
        raise TimeRefused(_UNCLEAR)
    if len(clocks) > 1 or len(parts) > 1:
        raise TimeRefused(_UNCLEAR)
    readings = clocks[0].readings
    for part in parts:
        readings = _in_part(readings, part)
        if not readings:
            raise TimeRefused(_UNCLEAR)
    if len(readings) > 1:
        readings = tuple(each for each in readings if each.hour in _MORNING_AND_NOON)
    if len(readings) != 1:
        raise TimeRefused(_UNCLEAR)
    return readings[0]


def _in_part(readings: tuple[time, ...], part: PartOfDay | Tonight) -> tuple[time, ...]:
    if isinstance(part, PartOfDay):
        return tuple(each for each in readings if part.first <= each.hour <= part.last)
    late = tuple(each for each in readings if each.hour >= part.first)
    return late or tuple(each for each in readings if each < _NIGHT_ENDS)


def _is_past(day: date, clock: time, now: datetime, zone: ZoneInfo) -> bool:
    try:
        return local(day, clock, zone) <= now
    except ClockChangeGap:
        return False


# --- the day ---


def _day(pieces: list[Piece], today: date) -> date | None:
    """Return the day by date or number of days, checked against weekday and week; None without either."""
    days = {_next_date(piece, today) for piece in pieces if isinstance(piece, OnDate)}
    days |= {today + timedelta(days=piece.days) for piece in pieces if isinstance(piece, DaysAhead)}
    if not days:
        return None
    if len(days) > 1:
        raise TimeRefused(_UNCLEAR)
    (day,) = days
    if any(day.weekday() != weekday for weekday in _weekdays(pieces)):
        raise TimeRefused(_UNCLEAR)
    if any(_monday(day) != _monday(today) + ahead for ahead in _weeks_ahead(pieces)):
        raise TimeRefused(_UNCLEAR)
    return day


def _day_of_weekday(pieces: list[Piece], today: date, *, is_past: bool) -> date:
    """Return the day by its weekday, in the named week or, without one, the next such day ahead."""
    weekdays, weeks = _weekdays(pieces), _weeks_ahead(pieces)
    if not weekdays:
        raise TimeRefused(_UNCLEAR)
    if len(weekdays) > 1 or len(weeks) > 1:
        raise TimeRefused(_UNCLEAR)
    (weekday,) = weekdays
    for ahead in weeks:
        return _monday(today) + ahead + timedelta(days=weekday)
    days_ahead = (weekday - today.weekday()) % 7
    if days_ahead == 0 and not is_past:
        raise TimeRefused(_UNCLEAR)
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
    raise TimeRefused(_NO_SUCH)


def _weekdays(pieces: list[Piece]) -> set[int]:
    return {piece.weekday for piece in pieces if isinstance(piece, OnWeekday)}


def _weeks_ahead(pieces: list[Piece]) -> set[timedelta]:
    return {timedelta(weeks=piece.weeks_ahead) for piece in pieces if isinstance(piece, InWeek)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
