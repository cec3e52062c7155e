"""A coordinator's own totals in the shared yearly report: no number below five may follow from them.

Pure. The totals are free text, so it is not known what they count. The check assumes what reveals most: that
any of the numbers written together are parts of the persons that the report counts, of the sum in another
field, or of a number in the same field that reads as a whole. It finds remainders below five, and hidden
numbers that can have only one value. Number words («tre voksne») are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from bot.domain.report.figures import LEAST, AtLeast, Hidden
from bot.domain.report.yearly import Figure, YearReport

_MOST_HIDDEN = LEAST - 1
#: A span of ages, such as «0–17».
_SPAN_OF_AGES = re.compile(r"(?<!\d)\d+ ?[–-] ?\d{2,}(?!\d)")
_AGE = re.compile(r"\b(?:under|over|fylt|below|above) 18\b|\b18 (?:år|years)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:[ .]\d{3})+(?!\d)|\d+")
_BELOW = re.compile(
    r"(?:<|\b(?:under|færre enn|mindre enn|fewer than|less than)\b) ?\d+(?!\d)", re.IGNORECASE
)
#: A number written as «at least five» counts as five or more.
_AT_LEAST = re.compile(
    r"(?:(?:≥|>=|\b(?:minst|at least)\b) ?5"
    r"|(?<!\d)5(?: ?\+|(?: \w+)? (?:eller (?:flere|fleire)|or more)\b))(?!\d)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\d ?(?:%|prosent|percent|per cent|pst\b)", re.IGNORECASE)
_WHOLE = re.compile(
    r"^ *\d+[^\d,;:]*:|\b(?:av|hvorav|herav|derav|i alt|totalt?|til ?sam(?:me|a)n|person\w*|of|in all)\b",
    re.IGNORECASE,
)


def has_small_number(text: str) -> bool:
    """Return whether a number below five is written. «<5» does not count as one."""
    return any(number < LEAST for number in _numbers(_SPAN_OF_AGES.sub(" ", normalize("NFKC", text))))


def give_away(totals: Mapping[str, str], report: YearReport) -> set[str]:
    """Return the fields for which a number below five follows from all that is printed."""
    read = {where: _read(text) for where, text in totals.items()}
    return {
        where
        for where, own in read.items()
        if own.shares
        or _exceeds(own, report)
        or any(_leaves_little(own.numbers, own, whole) for whole in _wholes(where, read, report))
        or _of_itself(own)
        or any(0 < whole - sum(own.numbers) < LEAST for whole in _exact(report, Figure.CASES))
    }


@dataclass(frozen=True, slots=True)
class _Own:
    """A field's text: its numbers, and how many are written as «below five» and «at least five»."""

    numbers: tuple[int, ...]
    below: int
    at_least: int
    shares: bool
    has_whole: bool

    @property
    def whole(self) -> int | None:
        """The sum of the numbers, if all of them are written exactly."""
        return sum(self.numbers) if self.numbers and not self.below and not self.at_least else None


def _read(text: str) -> _Own:
    left = _AGE.sub(" ", _SPAN_OF_AGES.sub(" ", normalize("NFKC", text)))
    shares, has_whole = _SHARE.search(left) is not None, _WHOLE.search(left) is not None
    left, at_least = _AT_LEAST.subn(" ", left)
    left, below = _BELOW.subn(" ", left)
    return _Own(tuple(_numbers(left)), below, at_least, shares, has_whole)


def _numbers(plain: str) -> Iterator[int]:
    return (int(re.sub(r"\D", "", number)) for number in _NUMBER.findall(plain))


def _exact(report: YearReport, figure: Figure) -> list[int]:
    return [cell for cell in report.figure(figure) if isinstance(cell, int)]


def _wholes(where: str, read: Mapping[str, _Own], report: YearReport) -> list[int]:
    """Return the numbers of persons of which this field may give the parts."""
    sums = (own.whole for other, own in read.items() if other != where)
    return [*_exact(report, Figure.PERSONS_NEW), *(whole for whole in sums if whole is not None)]


def _of_itself(own: _Own) -> bool:
    """Return whether a number of the field is a whole of which the others leave too little."""
    if not own.has_whole:
        return False
    others = ((n, own.numbers[:at] + own.numbers[at + 1 :]) for at, n in enumerate(own.numbers))
    return any(_leaves_little(rest, own, whole) for whole, rest in others if rest)


def _leaves_little(parts: Iterable[int], own: _Own, whole: int) -> bool:
    for part in _sums(parts, whole):
        left = whole - part
        if 0 < left < LEAST:
            return True
        if own.below and left == LEAST * own.at_least:
            return True  # every hidden number is zero
        if own.below and not own.at_least and left == _MOST_HIDDEN * own.below:
            return True  # every hidden number is four
    return False


def _sums(parts: Iterable[int], most: int) -> set[int]:
    """Return the sums, up to `most`, of all subsets of the parts."""
    sums = {0}
    for part in parts:
        sums |= {s + part for s in sums if s + part <= most}
    return sums


def _exceeds(own: _Own, report: YearReport) -> bool:
    """Return whether the persons carried over, or those of a hidden year, follow from a number."""
    wholes = {*own.numbers, *(() if own.whole is None else (own.whole,))}
    (new, span), carried = report.figure(Figure.PERSONS_NEW), report.figure(Figure.PERSONS_CARRIED).year
    if new is Hidden.SMALL and carried is Hidden.SMALL and 2 * _MOST_HIDDEN in wholes:
        return True
    if isinstance(new, int) and isinstance(carried, AtLeast) and own.below and not own.at_least:
        most = sum(own.numbers) + _MOST_HIDDEN * own.below
        if most == new + carried.number:
            return True  # there are at least this many persons, so every hidden number is four
    if any(0 < whole - n < LEAST for n in _exact(report, Figure.PERSONS_NEW) for whole in wholes):
        return True
    return isinstance(span, AtLeast) and any(0 <= whole - span.number < LEAST for whole in wholes)
