"""The persons of a case as letters: what is closed for one of them, and how many are shown shortly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

#: So many letters in a row are shown as one piece, «A–D».
_FOLDED = 4


@dataclass(frozen=True, slots=True)
class ClosedPerson:
    """The case is over for one person, by letter. The letters of the others never shift."""

    id: str
    case_id: str
    letter: str
    closed_at: datetime
    closed_by: str


def folded(letters: str) -> list[str]:
    """The letters in pieces, each a letter or a row of four or more: «A–D», «F»."""
    return list(_folded(letters))


def _folded(letters: str) -> Iterator[str]:
    rows: list[str] = []
    for letter in letters:
        if rows and ord(letter) == ord(rows[-1][-1]) + 1:
            rows[-1] += letter
        else:
            rows.append(letter)
    for row in rows:
        if len(row) < _FOLDED:
            yield from row
        else:
            yield f"{row[0]}–{row[-1]}"
