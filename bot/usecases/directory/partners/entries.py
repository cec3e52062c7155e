"""A checked partners file, and its faults: a line each, with its place, without the text at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from bot.domain.directory.entities import TeamRules
from bot.domain.errors import TotError
from bot.domain.language import Language
from bot.usecases.directory.partners.schema import AgencyTable, Human

T = TypeVar("T")


def made_from(source: object, kind: type[T], **more: Any) -> T:
    """Build a dataclass from `more`, and from what `source` has under the names of its other fields."""
    names = {f.name for f in fields(kind) if hasattr(source, f.name)}  # type: ignore[arg-type]
    return kind(**{name: getattr(source, name) for name in names - more.keys()}, **more)


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


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A team as the domain has it; every human with all that the file says of them, contacts in order."""

    key: str
    name: str
    mandate: str
    language: Language
    zone: str
    rules: TeamRules
    coordinators: tuple[Human, ...]
    agencies: tuple[AgencyTable, ...]


@dataclass(frozen=True, slots=True)
class PartnersFile:
    """A whole file. `warnings` are to be shown and do not stop anything."""

    teams: tuple[TeamEntry, ...]
    warnings: tuple[Fault, ...] = ()

    @property
    def humans(self) -> tuple[Human, ...]:
        """Everyone in the file, each once."""
        named = (
            human
            for team in self.teams
            for human in (
                *team.coordinators,
                *(contact.human for agency in team.agencies for contact in agency.contacts),
            )
        )
        return tuple(dict.fromkeys(named))
