"""The line of each value in a TOML text, which `tomllib` does not give."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from contextlib import suppress
from typing import Any

#: Keys and indices from the top: ("teams", 0, "agencies", 2, "name").
Place = tuple[str | int, ...]
#: Suffixes that close lists open at a line's end, nested once at most, so that the text so far can be read.
_CLOSINGS = ("", "\n]", "\n]]")


def shown(place: Place) -> str:
    """«teams[0].agencies[2].name», as people write it; indices count from 0."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


class Lines:
    """The lines of a TOML text that `tomllib` has accepted."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._read: dict[int, Any] = {0: {}}

    def of(self, place: Place) -> int | None:
        """The line, from 1, of the value at `place`, otherwise of its nearest enclosing table or list.

        It is the line with which the value first exists; None if there is none.
        """
        every = range(len(self._lines) + 1)
        while place:
            ends = bisect_left(every, True, key=lambda count: _holds(self._first(count), place))
            if ends < len(every):
                return self._readable(ends - 1) + 1
            place = place[:-1]
        return None

    def _first(self, count: int) -> Any:
        """The values of the first `count` lines, without an incomplete value at their end."""
        return self._read[self._readable(count)]

    def _readable(self, count: int) -> int:
        while count not in self._read:
            text = "\n".join(self._lines[:count])
            for closing in _CLOSINGS:
                with suppress(tomllib.TOMLDecodeError):
                    self._read[count] = tomllib.loads(text + closing)
                    return count
            count -= 1
        return count


def _holds(value: Any, place: Place) -> bool:
    for part in place:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return False
    return True
