"""Reading the catalogues, and putting words, dates and numbers together in one language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.plural import PluralRule

from bot.domain.language import Language

#: Babel's name for each language: nb and nn have the same plural rule and their own month names.
_LOCALE = {Language.NB: "nb_NO", Language.NN: "nn_NO", Language.EN: "en_GB"}
_WITHOUT_YEAR = {Language.NB: "EEEE d. MMMM", Language.NN: "EEEE d. MMMM", Language.EN: "EEEE d MMMM"}
_AT = {Language.NB: "kl.", Language.NN: "kl.", Language.EN: "at"}
#: A date within it is told without its year.
_HALF_A_YEAR = timedelta(days=183)
_ONE = PluralRule({"one": "n is 1"})


class MissingWords(KeyError):
    """A key has no words in a language: a fault of the program, found by the tests."""


class Words:
    """The words of one language.

    >>> words(Language.EN).when(datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("UTC")), ZoneInfo("Europe/Oslo"))
    'Tuesday 1 December 2026 at 10:00'
    """

    def __init__(self, language: Language, catalogue: dict[str, str | tuple[str, ...]]) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, key: str, **params: object) -> str:
        """The words for `key`, with `{name}` filled in from `params`.

        Raises:
            MissingWords: the catalogue lacks the key.
        """
        found = self._catalogue.get(key)
        if not isinstance(found, str):
            raise MissingWords(f"{self.language}: {key}")
        return found.format(**params) if params else found

    def has(self, key: str) -> bool:
        return key in self._catalogue

    def count(self, key: str, n: int, **params: object) -> str:
        """The words for `key` in the form that goes with the number `n`; `{n}` is filled in.

        Raises:
            MissingWords: the catalogue lacks the key, or it has no plural.
        """
        forms = self._catalogue.get(key)
        if not isinstance(forms, tuple):
            raise MissingWords(f"{self.language}: {key} (plural)")
        form = forms[0 if _ONE(n) == "one" else 1]
        return form.format(n=n, **params)

    def day(self, day: date) -> str:
        """«tirsdag 1. desember 2026»."""
        pattern = "EEEE d MMMM y" if self.language is Language.EN else "EEEE d. MMMM y"
        return format_date(day, pattern, locale=_LOCALE[self.language])

    def when(self, at: datetime, zone: ZoneInfo) -> str:
        """«tirsdag 1. desember 2026 kl. 10:00», in the given zone."""
        return f"{self.day(at.astimezone(zone).date())} {_AT[self.language]} {self.clock(at, zone)}"

    def by(self, at: datetime, zone: ZoneInfo, now: datetime) -> str:
        """«i dag kl. 10», «fredag 4. desember kl. 10»: when something is.

        The year is told only of what is more than half a year off. What stands is read later, too: so of the
        next day its date.
        """
        near, day = self._day_from(at, zone, now)
        return f"{near or day} {_AT[self.language]} {self._spoken(at, zone)}"

    def within(self, at: datetime, zone: ZoneInfo, now: datetime) -> str:
        """«kl. 10 i dag», «fredag 4. desember kl. 10»: what follows «innen»."""
        near, _ = self._day_from(at, zone, now)
        if near is None:
            return self.by(at, zone, now)
        spoken = self._spoken(at, zone)
        return f"{spoken} {near}" if self.language is Language.EN else f"{_AT[self.language]} {spoken} {near}"

    def _day_from(self, at: datetime, zone: ZoneInfo, now: datetime) -> tuple[str | None, str]:
        """«i dag» if it is, and the day's date."""
        day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
        if abs(at - now) < _HALF_A_YEAR:
            said = format_date(day, _WITHOUT_YEAR[self.language], locale=_LOCALE[self.language])
        else:
            said = self.day(day)
        return self("date.today") if day == today else None, said

    def _spoken(self, at: datetime, zone: ZoneInfo) -> str:
        clock = self.clock(at, zone)
        spoken = clock if self.language is Language.EN else clock.removesuffix(":00").removeprefix("0")
        return spoken or "0"

    def short(self, at: datetime, zone: ZoneInfo) -> str:
        """«ti. 1. des. kl. 10:00»: day and clock without the year, for lists."""
        pattern = "EEE d MMM" if self.language is Language.EN else "EEE d. MMM"
        day = format_datetime(at, pattern, tzinfo=zone, locale=_LOCALE[self.language])
        return f"{day} {_AT[self.language]} {self.clock(at, zone)}"

    def short_day(self, day: date) -> str:
        """«ti. 1. des.»: a day without the year, for lists."""
        pattern = "EEE d MMM" if self.language is Language.EN else "EEE d. MMM"
        return format_date(day, pattern, locale=_LOCALE[self.language])

    def away(self, day: date, today: date) -> str:
        """«i dag», «i morgen», «om tre dager»: how far off a day is."""
        days = (day - today).days
        if days in (0, 1):
            return self(("said.today", "said.tomorrow")[days])
        spelled = dict(enumerate(self("said.numbers").split()))
        return self("said.days-off", n=spelled.get(days, days))

    def weekday(self, day: date) -> str:
        """«mandag»."""
        return format_date(day, "EEEE", locale=_LOCALE[self.language])

    def clock(self, at: datetime, zone: ZoneInfo) -> str:
        """«10:00», in the given zone."""
        return f"{at.astimezone(zone):%H:%M}"

    def month(self, month: date) -> str:
        """«desember 2026»."""
        return format_date(month, "LLLL y", locale=_LOCALE[self.language])

    def short_month(self, month: date) -> str:
        """«des. 2026», for the head of a narrow column."""
        return format_date(month, "LLL y", locale=_LOCALE[self.language])

    def months(self, first: date, last: date) -> str:
        """«januar–mars 2026», both included."""
        if (first.year, first.month) == (last.year, last.month):
            return self.month(last)
        pattern = "LLLL" if first.year == last.year else "LLLL y"
        return f"{format_date(first, pattern, locale=_LOCALE[self.language])}–{self.month(last)}"

    def percent(self, whole: int) -> str:
        """«83 %»."""
        return f"{whole}%" if self.language is Language.EN else f"{whole}\u00a0%"

    def several(self, items: Iterable[str]) -> str:
        """«politiet, barnevernet og helse»."""
        return format_list(list(items), locale=_LOCALE[self.language])

    def either(self, items: Iterable[str]) -> str:
        """«politiet, barnevernet eller helse»."""
        return format_list(list(items), style="or", locale=_LOCALE[self.language])


@cache
def words(language: Language) -> Words:
    catalogue: dict[str, str | tuple[str, ...]] = {}
    for name, messages in _catalogues(language):
        for message in messages:
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            if key in catalogue:
                raise MissingWords(f"{language}: {key} stands twice, again in {name}")
            if not message.string:
                raise MissingWords(f"{language}: {key} is empty in {name}")
            catalogue[key] = message.string if isinstance(message.string, str) else tuple(message.string)
    return Words(language, catalogue)


def _catalogues(language: Language) -> Iterable[tuple[str, Catalog]]:
    folder = resources.files("bot.texts") / language.value
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".po"):
            with entry.open("rb") as file:
                yield entry.name, read_po(file, locale=_LOCALE[language])


def catalogue_keys(language: Language) -> dict[str, str | tuple[str, ...]]:
    """All of a language's words by key, for the tests that compare the languages."""
    return dict(words(language)._catalogue)
