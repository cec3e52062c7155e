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

The grammar covers bokmål, nynorsk and English. A rule is a pattern: the names of its groups say what the
words under them mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.calendar_words import MONTHS, NUMBERS, WEEKDAYS, one_of
from bot.domain.worktime import TimeRefused, local

#: Hours of the day; of several ranges the first that has a reading counts.
Part = tuple[range, ...]
_MORNING, _FORENOON, _AFTERNOON, _EVENING = (
    (range(begins, ends),) for begins, ends in ((5, 12), (8, 13), (12, 19), (17, 24))
)
#: The end of «i natt».
_NIGHT_ENDS = time(6)
_NIGHT, _TONIGHT = ((range(begins, 24), range(_NIGHT_ENDS.hour)) for begins in (22, 17))
#: From now on, «i morgen kl. 00:30» would be heard as the next night.
_NIGHT_NEAR = time(18)

_NUMBER = rf"[0-9]{{1,3}}|{one_of(NUMBERS)}"
_AT = r"(?:kl\.?|klokk(?:a|en)|at)"
_AM_PM = r"(?P<half>[ap])\.?m\.?"
_HOUR = r"(?P<hour>[0-9]{1,2})"
_HOUR_WORD = rf"(?P<hour>[0-9]{{1,2}}|{one_of(NUMBERS)})"
_WEEKDAY = rf"(?P<weekday>{one_of(WEEKDAYS)})"
_MONTH = rf"(?P<month>{one_of(MONTHS)})\.?"
_ISO_DATE = r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_YEAR = r"(?P<year>20[0-9]{2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_DAY_MONTH = rf"(?:den |on |the )?{_DAY}(?:\. ?|[/\-])(?P<month>[0-9]{{1,2}})"

#: Pattern, days ahead, part of the day. Of two matches of equal length the first rule wins.
_RULES: tuple[tuple[str, int | None, Part | None], ...] = (
    *(
        (pattern, None, None)
        for pattern in (
            rf"{_AT} ?{_HOUR}(?:[:.]?(?P<minute>[0-9]{{2}}))?(?: ?{_AM_PM})?",
            rf"{_HOUR}:(?P<minute>[0-9]{{2}})(?: ?{_AM_PM})?",
            rf"{_HOUR}(?:\.(?P<minute>[0-9]{{2}}))? ?{_AM_PM}",
            r"(?P<first>[0-9]{1,2})\.(?P<second>[0-9]{2})",
            rf"{_AT} {_HOUR_WORD}(?: o['’]?clock)?",
            rf"(?:{_AT} )?(?P<to>halv) {_HOUR_WORD}",
            rf"(?:{_AT} )?(?P<past>half past) {_HOUR_WORD}",
            rf"(?:den |on )?{_ISO_DATE}",
            rf"{_DAY_MONTH}[./\-] ?(?P<year>20[0-9]{{2}}|[0-9]{{2}})",
            rf"{_DAY_MONTH} {_YEAR}",
            rf"(?:den )?{_DAY}/(?P<month>[0-9]{{1,2}})",
            rf"(?:den )?{_DAY}\.(?P<month>[0-9]{{1,2}})\.",
            rf"{_DAY}\.(?P<month>[0-9])",
            rf"(?:den |on |the |on the )?{_DAY}(?:\.|st|nd|rd|th)? ?(?:of )?{_MONTH}(?:,? {_YEAR})?",
            rf"(?:on )?{_MONTH} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?",
            rf"(?:på |on )?(?:(?:først|fyrst)?kom(?:mende|ande) |coming )?{_WEEKDAY}\.?",
            rf"(?P<this>denne |this ){_WEEKDAY}(?:en)?",
            r"(?:i )?(?P<this>denne|this) (?:uk[ea]n?|vek[ea]|week)",
            r"(?:i )?(?P<next>neste|next) (?:uk[ea]|vek[ea]|week)",
            rf"(?:om|in) (?P<days>{_NUMBER}) (?:dag|dager|dagar|days?)",
            rf"(?:om|in) (?P<weeks>{_NUMBER}) (?:uker?|veker?|weeks?)",
        )
    ),
    (r"i ?dag|today", 0, None),
    (r"i ?morg[eo]n|i ?morra|tomorrow", 1, None),
    (r"i ?overmorg[eo]n|over ?i ?morg[eo]n|(?:the )?day after tomorrow", 2, None),
    (r"i f(?:or|øre)middag", 0, _FORENOON),
    (r"i ettermiddag|this afternoon", 0, _AFTERNOON),
    (r"i ?kveld|this evening", 0, _EVENING),
    (r"this morning", 0, _MORNING),
    (r"tonight", None, _TONIGHT),
    (r"i ?natt", None, _NIGHT),
    (r"(?:om |in the )?(?:morg[eo]n(?:en)?|morning)|tidlig|tidleg|early", None, _MORNING),
    (r"(?:om |på )?f(?:or|øre)middag(?:en)?", None, _FORENOON),
    (r"(?:om |på |in the )?(?:ettermiddag(?:en)?|afternoon)", None, _AFTERNOON),
    (r"(?:om |på |in the )?(?:kveld(?:en)?|evening)", None, _EVENING),
)
_ELAPSED = (
    rf"(?:om|in) (?:(?P<hours>{_NUMBER}) (?:time|timer|timar|hours?)"
    rf"|(?P<minutes>{_NUMBER}) (?:min|minutt|minutter|minuttar|minutes?)|(?:en|ein) halv time|half an hour)"
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], int | None, Part | None], ...]:
    return tuple((re.compile(rf"(?:{rule[0]})(?=[ ,]|$)", re.ASCII), *rule[1:]) for rule in _RULES)


_LONGEST = 120
#: Codes of what is refused: it does not mean one time, or no day or clock has that time.
_UNCLEAR, _NO_SUCH = "when.not-understood", "when.no-such-time"
_MORNING_AND_NOON = range(7, 13)


def parse_when(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the one instant, in UTC and after `now`, that the text means in `zone`.

    `now` is an aware datetime. Raises TimeRefused, which never contains the text.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().replace("–", "-").split()).rstrip(".! ")
    # As after a verb: «flytt til torsdag».
    plain = re.sub(r"^(?:til|to) ", "", plain)
    if len(plain) > _LONGEST:
        raise TimeRefused(_UNCLEAR)
    if elapsed := re.fullmatch(_ELAPSED, plain, re.ASCII):
        said = {unit: _number(count) for unit, count in elapsed.groupdict().items() if count}
        at = now.astimezone(UTC) + timedelta(**(said or {"minutes": 30}))
        return _ahead(at.replace(second=0, microsecond=0), now)
    here = now.astimezone(zone)
    meant = _read(plain, here.date())
    clock = meant.clock()
    return _ahead(local(meant.day(clock, here), clock, zone), now)


def is_tonight(at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether people call a time «i natt»: one before six, from 18 the evening before."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    near = here.time() < _NIGHT_ENDS if days == 0 else days == 1 and here.time() >= _NIGHT_NEAR
    return near and there.time() < _NIGHT_ENDS


def _ahead(at: datetime, now: datetime) -> datetime:
    if at <= now:
        raise TimeRefused("when.in-the-past")
    return at


def _read(plain: str, today: date) -> _Meant:
    """Read a normalised text (lower case, single blanks) from the left; the longest match wins.

    Raise TimeRefused if no rule matches a word, or a date or clock time does not exist.
    """
    meant, taken = _Meant(), 0
    for word in re.finditer(r"[^ ,]+", plain):
        if word.start() < taken:
            continue
        matches = ((rule.match(plain, word.start()), ahead, part) for rule, ahead, part in _compiled())
        found = [(match, ahead, part) for match, ahead, part in matches if match]
        if not found:
            raise TimeRefused(_UNCLEAR)
        match, ahead, part = max(found, key=lambda each: each[0].end())
        taken = match.end()
        said = {name: value for name, value in match.groupdict().items() if value}
        if ahead is not None:
            meant.days.add(today + timedelta(days=ahead))
        if part is not None:
            meant.parts.add(part)
        meant.add(said, today)
    for first, second in meant.dotted:
        # «10.12»: a date if there is another time, a time if there is another day.
        if not (meant.clocks or meant.days or _NIGHT in meant.parts or _TONIGHT in meant.parts):
            raise TimeRefused(_UNCLEAR)
        is_date = bool(meant.clocks)
        meant.add({"day": first, "month": second} if is_date else {"hour": first, "minute": second}, today)
    return meant


@dataclass(slots=True)
class _Meant:
    """The meaning of one text: each of its days, weekdays, weeks ahead, times and parts of the day."""

    days: set[date] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)
    weeks: set[int] = field(default_factory=set)
    #: The times of day that the words for one time may mean.
    clocks: list[tuple[time, ...]] = field(default_factory=list)
    parts: set[Part] = field(default_factory=set)
    #: Two numbers with a dot that can be a date or a time.
    dotted: list[tuple[str, str]] = field(default_factory=list)

    def add(self, said: Mapping[str, str], today: date) -> None:
        if "weekday" in said:
            self.weekdays.add(WEEKDAYS[said["weekday"]])
        if "this" in said or "next" in said:
            self.weeks.add(int("next" in said))
        if "days" in said or "weeks" in said:
            self.days.add(today + timedelta(**{unit: _number(count) for unit, count in said.items()}))
        if "month" in said:
            self.days.add(_next_date(said, today))
        if "hour" in said:
            self.clocks.append(_readings(said))
        if "first" in said:
            self._add_dotted(said["first"], said["second"], today)

    def _add_dotted(self, first: str, second: str, today: date) -> None:
        """Read «9.30» as a time and «24.12» as a date, since they cannot be the other."""
        if not (1 <= int(first) <= 31 and 1 <= int(second) <= 12):
            self.add({"hour": first, "minute": second}, today)
        elif int(first) > 23:
            self.add({"day": first, "month": second}, today)
        else:
            self.dotted.append((first, second))

    def clock(self) -> time:
        if len(self.clocks) != 1 or len(self.parts) > 1:
            raise TimeRefused(_UNCLEAR)
        readings = self.clocks[0]
        for part in self.parts:
            within = ([each for each in readings if each.hour in hours] for hours in part)
            readings = tuple(next(filter(None, within), ()))
        if len(readings) > 1:
            readings = tuple(each for each in readings if each.hour in _MORNING_AND_NOON)
        if len(readings) != 1:
            raise TimeRefused(_UNCLEAR)
        return readings[0]

    def day(self, clock: time, here: datetime) -> date:
        """Return the day that all words agree on; by its weekday alone, the next such day ahead."""
        today = here.date()
        monday = today - timedelta(days=today.weekday())
        days = set(self.days)
        if _NIGHT in self.parts or _TONIGHT in self.parts:
            # A time after midnight is tomorrow's, unless it is after midnight now.
            days.add(today + timedelta(days=int(clock < _NIGHT_ENDS <= here.time())))
        if not days and self.weeks:
            days = {monday + timedelta(weeks=week, days=day) for week in self.weeks for day in self.weekdays}
        elif not days and len(self.weekdays) == 1:
            ahead = (next(iter(self.weekdays)) - today.weekday()) % 7
            if ahead == 0 and clock > here.time():
                raise TimeRefused(_UNCLEAR)
            days = {today + timedelta(days=ahead or 7)}
        if len(days) != 1:
            raise TimeRefused(_UNCLEAR)
        (day,) = days
        weeks = {(day - monday).days // 7}
        if not (self.weekdays <= {day.weekday()} and self.weeks <= weeks):
            raise TimeRefused(_UNCLEAR)
        return day


def _number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def _readings(said: Mapping[str, str]) -> tuple[time, ...]:
    """Return both readings, am and pm, of an hour from 1 to 12, unless its form decides («09», «14»)."""
    hour, minute = _number(said["hour"]), int(said.get("minute", 0))
    exact = said["hour"].startswith("0")
    if "to" in said:  # «halv ti» is 9:30
        hour, minute = (hour - 1 or 12), 30
    elif "past" in said:
        minute = 30
    elif "half" in said:
        hour = hour % 12 + 12 * (said["half"] == "p") if 1 <= hour <= 12 else 24
        exact = True
    hours = (hour,) if exact or not 1 <= hour <= 12 else (hour % 12, hour % 12 + 12)
    found = tuple(time(each, minute) for each in hours if 0 <= each < 24 and minute < 60)
    if not found:
        raise TimeRefused(_NO_SUCH)
    return found


def _next_date(said: Mapping[str, str], today: date) -> date:
    month = MONTHS[said["month"]] if said["month"] in MONTHS else int(said["month"])
    written = int(said["year"]) if "year" in said else None
    years = range(today.year, today.year + 9) if written is None else (written + 2000 * (written < 100),)
    for year in years:
        try:
            day = date(year, month, int(said["day"]))
        except ValueError:
            continue
        if written is not None or day >= today:
            return day
    raise TimeRefused(_NO_SUCH)
