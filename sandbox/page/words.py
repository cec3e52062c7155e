"""The page's own words in nb, nn and en, and dates in words. The bot's words are not here."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
ZONE = ZoneInfo("Europe/Oslo")

_CATALOGUE = Path(__file__).with_name("words.toml")
_LOCALES: dict[Language, str] = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
_DAY_PATTERNS: dict[Language, str] = {"nb": "EEEE d. MMMM y", "nn": "EEEE d. MMMM y", "en": "EEEE d MMMM y"}
#: The spaces at which a line must not break: before a clock time, and within a number.
_WITHIN = re.compile(r"(?<=\bkl\.) (?=\d)|(?<=\d) (?=\d)")
_SHORT_PATTERNS: dict[Language, str] = {"nb": "EEE d. MMM", "nn": "EEE d. MMM", "en": "EEE d MMM"}


@functools.cache
def catalogue() -> dict[str, dict[str, str]]:
    """Language → key → words."""
    loaded: dict[str, dict[str, str]] = tomllib.loads(_CATALOGUE.read_text("utf-8"))
    shared = loaded.pop("no")
    return loaded | {language: shared | loaded[language] for language in ("nb", "nn")}


class Words:
    """The words in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return the words of a key. Raise KeyError if there are none."""
        return _WITHIN.sub("\u00a0", catalogue()[self.language][key].format(**values))

    @property
    def locale(self) -> str:
        """Babel's name of the language."""
        return _LOCALES[self.language]

    def listed(self, items: Sequence[str]) -> str:
        """Join several items: «a, b og c»."""
        return format_list(items, locale=self.locale)

    def slack(self, text: str) -> str:
        """Return Slack's own English text in this language if it is known, otherwise unchanged."""
        known = (key for key, english in catalogue()["en"].items() if text and english == text)
        return next((self(key) for key in known), text)

    def day(self, day: date) -> str:
        """Return a day in words, such as «tirsdag 1. desember 2026»."""
        return format_date(day, _DAY_PATTERNS[self.language], locale=self.locale)

    def moment(self, when: datetime) -> str:
        """Return an aware time in words, in Oslo."""
        local = when.astimezone(ZONE)
        return self("moment", day=self.day(local.date()), clock=f"{local:%H:%M}")

    def short_moment(self, when: datetime) -> str:
        """Return a short aware time, in Oslo, such as «tir. 1. des. 09:00»."""
        local = when.astimezone(ZONE)
        day = format_date(local.date(), _SHORT_PATTERNS[self.language], locale=self.locale)
        return f"{day} {local:%H:%M}"


def language_of(text: str) -> Language:
    """Return the language of this code, or bokmål."""
    return next((language for language in LANGUAGES if language == text), "nb")
