"""On which line of a TOML text each value stands: `tomllib` reads the values, and does not tell."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from contextlib import suppress
from typing import Any

#: Keys and indices from the top: ("teams", 0, "agencies", 2, "name").
Place = tuple[str | int, ...]
#: What is open at a line's end is closed, to read the text as far as that: lists, one in another at most.
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
        """The line, from 1, of the value at `place`, else of the nearest thing that it belongs to.

        That is the line with which it comes to be there.
        """
        every = range(len(self._lines) + 1)
        while place:
            ends = bisect_left(every, True, key=lambda count: _holds(self._first(count), place))
            if ends < len(every):
                return self._readable(ends - 1) + 1
            place = place[:-1]
        return None

    def _first(self, count: int) -> Any:
        """The values of so many lines; without the last ones, where these are the half of something."""
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
