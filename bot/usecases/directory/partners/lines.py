"""On which line of a TOML text each value stands. `tomllib` reads the values, and does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

#: Keys and indices from the top: ("teams", 0, "agencies", 2, "name").
Place = tuple[str | int, ...]
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_\-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")' r"|'''.*?'{3,5}(?!')" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def shown(place: Place) -> str:
    """«teams[0].agencies[2].name», as people write it; indices count from 0."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


class Lines:
    """The lines of a TOML text that `tomllib` has accepted."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._starts = [0, *(m.end() for m in re.finditer("\n", self._text))]
        self._lines: dict[Place, int] = {}
        self._tables: dict[Place, int] = {}
        self._read()

    def of(self, place: Place) -> int | None:
        """The line, from 1, of the value at `place`, else of the nearest thing that it belongs to."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place)

    def _read(self) -> None:
        prefix: Place = ()
        while self._skip_blank():
            if self._text[self._at] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)

    def _header(self) -> Place:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *above, last = self._key()
        self._at += brackets
        place: Place = ()
        for part in above:
            place = (*place, part)
            if place in self._tables:
                place = (*place, self._tables[place])
        place = (*place, last)
        if brackets == 2:
            self._tables[place] = self._tables.get(place, -1) + 1
            place = (*place, self._tables[place])
        self._note(place)
        return place

    def _pair(self, prefix: Place) -> None:
        start = self._at
        place = (*prefix, *self._key())
        self._note(place, start)
        self._at += 1  # the equals sign
        self._skip_blank()
        self._value(place)

    def _key(self) -> list[str]:
        """A key with its dots; stands after it, and after the blanks that follow."""
        parts: list[str] = []
        while True:
            self._skip_blank()
            found = _STRING.match(self._text, self._at) or _BARE_KEY.match(self._text, self._at)
            if found is None:  # never, in a text that tomllib has accepted
                raise ValueError(self._at)
            quoted = found[0][0] in "\"'"
            parts.append(str(tomllib.loads(f"key = {found[0]}")["key"]) if quoted else found[0])
            self._at = found.end()
            self._skip_blank()
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _value(self, place: Place) -> None:
        closing = {"[": "]", "{": "}"}.get(self._text[self._at])
        if closing is not None:
            self._several(place, closing)
        else:
            found = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            self._at = found.end() if found else self._at + 1

    def _several(self, place: Place, closing: str) -> None:
        """The items of an array, or the pairs of an inline table."""
        self._at += 1
        index = 0
        while self._skip_blank() and self._text[self._at] != closing:
            if closing == "}":
                self._pair(place)
            else:
                self._note((*place, index))
                self._value((*place, index))
            index += 1
            self._skip_blank()
            if self._text.startswith(",", self._at):
                self._at += 1
        self._at += 1

    def _note(self, place: Place, at: int | None = None) -> None:
        self._lines.setdefault(place, bisect_right(self._starts, self._at if at is None else at))

    def _skip_blank(self) -> bool:
        """Stands at the next thing that means something; False at the end."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)
