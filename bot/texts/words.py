"""Read the catalogues, and format words, dates and numbers in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po

from bot.domain.language import Language
from bot.domain.when import is_tonight

#: Babel's name for each language: nb and nn have the same plural rule and their own month names.
_LOCALE = {Language.NB: "nb_NO", Language.NN: "nn_NO", Language.EN: "en_GB"}
_AT = {Language.NB: "kl.", Language.NN: "kl.", Language.EN: "at"}
#: A date less than this far away is written without its year.
_HALF_A_YEAR = timedelta(days=183)


class MissingWords(KeyError):
    """A key has no words in a language: a programming error that the tests find."""


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """The words of one language, with times written relative to the moment at which they are read.

    `now` is that moment, aware; without it every date is written in full.

    >>> tuesday, oslo = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("UTC")), ZoneInfo("Europe/Oslo")
    >>> words(Language.EN).when(tuesday, oslo)
    'Tuesday 1 December 2026 at 10:00'
    >>> words(Language.EN).read_at(tuesday - timedelta(days=1)).when(tuesday, oslo)
    'Tuesday 1 December at 10:00'
    """

    language: Language
    catalogue: Mapping[str, str | tuple[str, ...]]
    now: datetime | None = None

    def read_at(self, now: datetime) -> Words:
        """Return the same words, for a text that is read at that moment or soon after."""
        return replace(self, now=now)

    def __call__(self, key: str, **params: object) -> str:
        """Return the words for `key`, with `{name}` filled in from `params`."""
        found = self.catalogue.get(key)
        if not isinstance(found, str):
            raise MissingWords(f"{self.language}: {key}")
        return found.format(**params) if params else found

    def count(self, key: str, n: int, **params: object) -> str:
        """Return the words for `key` in the plural form of `n`; `{n}` is filled in."""
        forms = self.catalogue.get(key)
        if not isinstance(forms, tuple):
            raise MissingWords(f"{self.language}: {key} (plural)")
        return forms[n != 1].format(n=n, **params)

    def full_date(self, day: date) -> str:
        """«tirsdag 1. desember 2026»: in full, for texts that are kept or leave Slack."""
        return self._date(day, "EEEE d MMMM y")

    def _date(self, day: date, pattern: str) -> str:
        """Format a date; in Norwegian the number of the day is an ordinal, with a full stop."""
        if self.language is not Language.EN:
            pattern = pattern.replace("d ", "d. ")
        return format_date(day, pattern, locale=_LOCALE[self.language])

    def full(self, at: datetime, zone: ZoneInfo) -> str:
        """«tirsdag 1. desember 2026 kl. 10:00», in the given zone: in full, for minutes, papers and mail."""
        return f"{self.full_date(at.astimezone(zone).date())} {_AT[self.language]} {self.clock(at, zone)}"

    def full_span(self, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
        """«tirsdag 1. desember 2026 kl. 10:00–11:00»."""
        return f"{self.full(starts_at, zone)}–{self.clock(ends_at, zone)}"

    def day(self, day: date) -> str:
        """«tirsdag 1. desember»; with the year if more than half a year away or in an earlier year."""
        if self.now is None or _needs_year(day, self.now.date()):
            return self.full_date(day)
        return self._date(day, "EEEE d MMMM")

    def when(self, at: datetime, zone: ZoneInfo) -> str:
        """«tirsdag 1. desember kl. 10»: for a message, which may be read days after it was written."""
        return self._said(at, zone, None)

    def span(self, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
        """«tirsdag 1. desember kl. 10–11:30»: for the same texts as `when`."""
        return f"{self.when(starts_at, zone)}–{self.spoken(ends_at, zone)}"

    def by(self, at: datetime, zone: ZoneInfo) -> str:
        """«i dag kl. 10», or the date: for texts that ring a phone, or are written again when they are read.

        A posted text is also read later, so tomorrow is written as a date; «i natt» is as near as today.
        """
        return self._said(at, zone, self._near(at, zone, 0))

    def anew(self, at: datetime, zone: ZoneInfo) -> str:
        """«i dag kl. 10», «i morgen 2. desember kl. 10», or the date: for a time that is new.

        Tomorrow has its date as well, for somebody who reads it a day late.
        """
        near, day = self._near(at, zone, 1), at.astimezone(zone).date()
        if near == self("said.tomorrow"):
            near = f"{near} {self._date(day, 'd MMMM')}"
        return self._said(at, zone, near)

    def within(self, at: datetime, zone: ZoneInfo) -> str:
        """«kl. 10 i dag», or the date: to follow «innen»."""
        near = self._near(at, zone, 0)
        if near is None:
            return self.when(at, zone)
        spoken = self.spoken(at, zone)
        return f"{spoken} {near}" if self.language is Language.EN else f"{_AT[self.language]} {spoken} {near}"

    def today_or(self, day: date, zone: ZoneInfo) -> str:
        """«i dag», or the date."""
        is_today = self.now is not None and day == self.now.astimezone(zone).date()
        return self("said.today") if is_today else self.day(day)

    def instead_of(self, before: datetime, at: datetime, zone: ZoneInfo) -> str:
        """«kl. 22» for an old time replaced by one on the same day; with its date if the day differs."""
        if before.astimezone(zone).date() != at.astimezone(zone).date():
            return self.when(before, zone)
        return f"{_AT[self.language]} {self.spoken(before, zone)}"

    def soon(self, at: datetime, zone: ZoneInfo) -> str:
        """«i dag kl. 10», «i morgen kl. 09:30», or the date: for a form, which is read as it opens."""
        return self._said(at, zone, self._near(at, zone, 1))

    def _said(self, at: datetime, zone: ZoneInfo, near: str | None) -> str:
        day = near or self.day(at.astimezone(zone).date())
        return f"{day} {_AT[self.language]} {self.spoken(at, zone)}"

    def _near(self, at: datetime, zone: ZoneInfo, most: int) -> str | None:
        """«i natt»; «i dag», «i morgen», if the day is at most `most` days ahead; None otherwise."""
        if self.now is None:
            return None
        if is_tonight(at, self.now, zone):
            return self("said.tonight")
        day, today = at.astimezone(zone).date(), self.now.astimezone(zone).date()
        return self.away(day, today) if 0 <= (day - today).days <= most else None

    def spoken(self, at: datetime, zone: ZoneInfo) -> str:
        """«10», «09:30»: a time after «kl.» in a sentence; in English «10:00»."""
        local = at.astimezone(zone)
        is_whole = local.minute == 0 and local.hour > 0
        return str(local.hour) if is_whole and self.language is not Language.EN else self.clock(at, zone)

    def short(self, at: datetime, zone: ZoneInfo) -> str:
        """«ti. 1. des. kl. 10:00»: day and time without the year, for lists."""
        day = self.short_day(at.astimezone(zone).date())
        return f"{day} {_AT[self.language]} {self.clock(at, zone)}"

    def short_day(self, day: date) -> str:
        """«ti. 1. des.»: a day without the year, for lists."""
        return self._date(day, "EEE d MMM")

    def away(self, day: date, today: date) -> str:
        """«i dag», «i morgen», «om tre dager»: how far off a day is."""
        days = (day - today).days
        if days in (0, 1):
            return self(("said.today", "said.tomorrow")[days])
        spelled = dict(enumerate(self("said.numbers").split()))
        return self("said.days-off", n=spelled.get(days, days))

    def how_far(self, at: datetime, now: datetime, zone: ZoneInfo) -> str:
        """«i natt», «i dag», «om tre dager»: how far off a time is."""
        if is_tonight(at, now, zone):
            return self("said.tonight")
        return self.away(at.astimezone(zone).date(), now.astimezone(zone).date())

    def clock(self, at: datetime, zone: ZoneInfo) -> str:
        """«10:00», in the given zone."""
        return f"{at.astimezone(zone):%H:%M}"

    def month(self, month: date) -> str:
        """«desember 2026»."""
        return self._date(month, "LLLL y")

    def months(self, first: date, last: date) -> str:
        """«januar–mars 2026», both included."""
        if (first.year, first.month) == (last.year, last.month):
            return self.month(last)
        pattern = "LLLL" if first.year == last.year else "LLLL y"
        return f"{self._date(first, pattern)}–{self.month(last)}"

    def several(self, items: Iterable[str]) -> str:
        """«politiet, barnevernet og helse»."""
        return format_list(list(items), locale=_LOCALE[self.language])

    def either(self, items: Iterable[str]) -> str:
        """«politiet, barnevernet eller helse»."""
        return format_list(list(items), style="or", locale=_LOCALE[self.language])


def _needs_year(day: date, today: date) -> bool:
    return abs(day - today) > _HALF_A_YEAR or (day < today and day.year != today.year)


@cache
def words(language: Language) -> Words:
    catalogue: dict[str, str | tuple[str, ...]] = {}
    for entry in sorted((resources.files("bot.texts") / language.value).iterdir(), key=lambda e: e.name):
        with entry.open("rb") as file:
            messages = read_po(file, locale=_LOCALE[language])
        for message in (each for each in messages if each.id):
            key = message.id if isinstance(message.id, str) else message.id[0]
            if key in catalogue or not message.string:
                raise MissingWords(f"{language}: {key} is empty, or stands twice, in {entry.name}")
            catalogue[key] = message.string if isinstance(message.string, str) else tuple(message.string)
    return Words(language, catalogue)
