"""The words and forms of a time in bokmål, nynorsk and English, each with what it may mean.

Every rule is a pattern with a function from its match to pieces of meaning. Rules know nothing of today: what
the pieces mean together is decided in `bot.domain.when`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from functools import cache

from bot.domain.calendar_words import MONTHS, NUMBERS, WEEKDAYS, one_of


class Ambiguity(StrEnum):
    NEXT_WEEKDAY = "next-weekday"  # «neste mandag»: people disagree about which one it is
    TODAY_OR_IN_A_WEEK = "today-or-in-a-week"
    HOUR = "hour"  # «kl 3» is night or afternoon; a bare «10» is an hour or a day
    DATE_OR_TIME = "date-or-time"  # «10.12»
    VAGUE = "vague"  # «over helgen»


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
    """The times of day that the words may mean, none if there is no such time."""

    readings: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A named part of the day: `first` and `last` whole hour that belong to it."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DateOrTime:
    """Two numbers with a dot that can be both, as «10.12»."""

    date: OnDate
    clock: AtClock


@dataclass(frozen=True, slots=True)
class Elapsed:
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Unclear:
    why: Ambiguity


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Two times, as «10-11»; the grammar gives a start only."""


Piece = (
    OnDate | OnWeekday | InWeek | DaysAhead | AtClock | PartOfDay | DateOrTime | Elapsed | Unclear | TimeRange
)
Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """The pieces in order, and the numbers (from 0) of the words that no rule took."""

    pieces: tuple[Piece, ...]
    leftover: tuple[int, ...]


def read(text: str) -> Reading:
    """Read a normalised text (lower case, single blanks) from the left, the longest rule first."""
    pieces: list[Piece] = []
    leftover: list[int] = []
    taken = 0
    for number, word in enumerate(re.finditer(r"[^ ,]+", text)):
        if word.start() < taken:
            continue
        matches = ((rule.match(text, word.start()), meaning) for rule, meaning in _compiled())
        best = max(
            ((match, meaning) for match, meaning in matches if match),
            key=lambda found: found[0].end(),
            default=None,
        )
        if best:
            pieces.extend(best[1](best[0]))
            taken = best[0].end()
        else:
            leftover.append(number)
    return Reading(tuple(pieces), tuple(leftover))


# --- clock ---

_NUMBER = one_of(NUMBERS)
_AT = r"(?:kl\.?|klokk(?:a|en)|at)"
_AM_PM = r"(?P<half>[ap])\.?m\.?"
_MORNING, _FORENOON = PartOfDay(5, 11), PartOfDay(8, 12)
_AFTERNOON, _EVENING = PartOfDay(12, 18), PartOfDay(17, 23)


def _number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def _readings(hour: int, minute: int, *, explicit: bool) -> AtClock:
    """Both halves of the day for an hour of the dial (1-12), unless the writing decides it («09», «14»)."""
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


def _spoken(match: Match) -> Iterator[Piece]:
    """«halv ti» is 9:30, «kvart på ti» 9:45, «fem over halv ti» 9:35."""
    parts = match.groupdict()
    hour = _number(match["hour"])
    amount = _number(parts["amount"]) if parts.get("amount") else 15 if parts.get("quarter") else 0
    offset = amount * (1 if parts.get("sign") in {"over", "past"} else -1) - (30 if parts.get("halv") else 0)
    total = hour * 60 + offset
    if hour > 24 or amount > 29:
        yield AtClock(())
    else:
        yield _readings(total // 60 % 24 or (12 if hour <= 12 else 0), total % 60, explicit=hour > 12)


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


def _iso(match: Match) -> Iterator[Piece]:
    yield from _date(match)
    yield from _digits(match)


def _dotted(match: Match) -> Iterator[Piece]:
    """«9.30» is a time and «24.12» a date, because the other cannot be; «10.12» stays open."""
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
        yield DaysAhead(span.days) if unit >= timedelta(days=1) else Elapsed(span)

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
_NUMERIC = r"[0-9]{1,2}(?:[:.][0-9]{2})?"

# Of two rules that take equally much, the first one wins: a range before «10 to 11» as 10:50.
_RULES: tuple[tuple[str, Callable[[Match], Iterator[Piece]]], ...] = (
    (
        rf"(?:{_AT} ?|fra |frå |from |mellom |between )?{_NUMERIC} ?(?:-|til|to|og|and) ?"
        rf"(?:{_AT} ?)?{_NUMERIC}(?: ?[ap]\.?m\.?)?",
        _always(TimeRange()),
    ),
    (rf"{_AT} ?(?P<hour>[0-9]{{1,2}})(?:[:.]?(?P<minute>[0-9]{{2}}))?(?: ?{_AM_PM})?", _digits),
    (rf"(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?: ?{_AM_PM})?", _digits),
    (rf"(?P<hour>[0-9]{{1,2}})(?:\.(?P<minute>[0-9]{{2}}))? ?{_AM_PM}", _digits),
    (r"(?P<hour>[0-9]{1,2})\.(?P<minute>[0-9]{2})", _dotted),
    (rf"{_AT} {_HOUR_WORD}", _word_hour),
    (rf"(?:{_AT} )?{_HOUR_WORD} o['’]?clock", _word_hour),
    (rf"(?:{_AT} )?(?P<halv>halv) {_HOUR_WORD}", _spoken),
    (
        rf"(?:{_AT} )?(?:(?P<amount>[0-9]{{1,2}}|{_NUMBER})(?: minutt(?:er|ar)?| minutes?)?"
        rf"|(?P<quarter>(?:et |eit |a )?(?:kvart(?:er)?|quarter))) "
        rf"(?P<sign>over|på|past|to) (?:(?P<halv>halv) )?{_HOUR_WORD}",
        _spoken,
    ),
    (rf"(?:{_AT} )?half past {_HOUR_WORD}", _half_past),
    # British «half ten» is 10:30, a Norwegian who writes it means 9:30.
    (rf"(?:{_AT} )?half {_HOUR_WORD}", _always(Unclear(Ambiguity.HOUR))),
    (r"(?:at )?(?:noon|midday)", _always(AtClock((time(12),)))),
    (
        rf"{_ISO_DATE}[t ](?P<hour>[0-9]{{2}}):(?P<minute>[0-9]{{2}})",
        _iso,
    ),
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
    (rf"(?:på |on )?(?:neste|next) {_WEEKDAY}", _always(Unclear(Ambiguity.NEXT_WEEKDAY))),
    (r"(?:i )?(?:denne|this) (?:uk[ea]n?|vek[ea]|week)", _always(InWeek(0))),
    (r"(?:i )?(?:neste|next) (?:uk[ea]|vek[ea]|week)", _always(InWeek(1))),
    (r"i ?dag|today", _always(DaysAhead(0))),
    (r"i ?morg[eo]n|i ?morra|tomorrow", _always(DaysAhead(1))),
    (r"i ?overmorg[eo]n|over ?i ?morg[eo]n|(?:the )?day after tomorrow", _always(DaysAhead(2))),
    (r"i f(?:or|øre)middag", _always(DaysAhead(0), _FORENOON)),
    (r"i ettermiddag|this afternoon", _always(DaysAhead(0), _AFTERNOON)),
    (r"i ?kveld|this evening|tonight", _always(DaysAhead(0), _EVENING)),
    (r"this morning", _always(DaysAhead(0), _MORNING)),
    (r"(?:om |in the )?(?:morg[eo]n(?:en)?|morning)|tidlig|tidleg|early", _always(_MORNING)),
    (r"(?:om |på )?f(?:or|øre)middag(?:en)?", _always(_FORENOON)),
    (r"(?:om |på |in the )?(?:ettermiddag(?:en)?|afternoon)", _always(_AFTERNOON)),
    (r"(?:om |på |in the )?(?:kveld(?:en)?|evening)", _always(_EVENING)),
    (_COUNT + r"(?:dag|dager|dagar|days?)", _ahead(timedelta(days=1))),
    (_COUNT + r"(?:uker?|veker?|weeks?)", _ahead(timedelta(weeks=1))),
    (_COUNT + r"(?:time|timer|timar|hours?)", _ahead(timedelta(hours=1))),
    (_COUNT + r"(?:min|minutt|minutter|minuttar|minutes?)", _ahead(timedelta(minutes=1))),
    (r"om (?:en|ein) halv time|in half an hour", _always(Elapsed(timedelta(minutes=30)))),
    (r"om halvann[ea]n time|in an hour and a half", _always(Elapsed(timedelta(minutes=90)))),
    (r"om (?:et|eit) kvarter", _always(Elapsed(timedelta(minutes=15)))),
    (
        r"(?:(?:over|etter|after|this|next|neste|til|i) )(?:the )?(?:helg[ae]n?|weekend)|til (?:uka|veka)"
        r"|i natt|midnatt|midnight|neste månad|neste måned|next month"
        r"|snart|soon|senere|seinere|seinare|later",
        _always(Unclear(Ambiguity.VAGUE)),
    ),
    (r"[0-9]{1,2}\.?", _always(Unclear(Ambiguity.HOUR))),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], Callable[[Match], Iterator[Piece]]], ...]:
    return tuple((re.compile(rf"(?:{pattern})(?=[ ,]|$)", re.ASCII), meaning) for pattern, meaning in _RULES)
