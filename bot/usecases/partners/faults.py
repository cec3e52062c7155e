"""What is wrong with a partners file: a line per fault, with its place. What stands there is not repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import TotError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in English for the operator; `place` is a path from the top of the file."""

    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.place}: {self.message}" if self.place else f"{where}{self.message}"


class WrongFile(TotError):
    """The file cannot be used; nothing of it has been imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
