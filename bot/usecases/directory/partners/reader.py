"""Read a partners file: TOML in, checked entries out, or faults with their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import ValidationError

from bot.domain.errors import TotError
from bot.usecases.directory.partners.schema import KEY, FileTable, TeamTable


class WrongFile(TotError):
    """The file cannot be used; nothing of it has been imported. `faults` are in English, for the operator."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PartnersFile:
    """A whole file. `warnings` are shown to the operator and stop nothing."""

    teams: tuple[TeamTable, ...]
    warnings: tuple[str, ...] = ()


#: Keys and indices from the top: ("teams", 0, "agencies", 2, "name").
Place = tuple[str | int, ...]
Found = tuple[Place, str]


def read_partners(text: str, *, today: date | None = None) -> PartnersFile:
    """The file, checked. WrongFile has all faults that are found at once.

    `today` is for the guard.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile(f"this is not TOML: {error}") from None
    try:
        table = FileTable.model_validate(raw, context={"today": today or datetime.now(UTC).date()})
    except ValidationError as wrong:
        # Pydantic counts only valid items: an invalid one must not be reported as missing too.
        faults = (
            (error["loc"], _in_words(error["type"], error["msg"]))
            for error in wrong.errors()
            if error["type"] != "too_short" or error["ctx"]["actual_length"] == len(error["input"])
        )
        raise WrongFile(*_told(raw, faults)) from None
    return PartnersFile(table.teams, tuple(_told(raw, _left_alone(table))))


def _left_alone(table: FileTable) -> Iterator[Found]:
    """Yield the agencies without contacts, or with leaders only."""
    for t, team in enumerate(table.teams):
        for a, agency in enumerate(team.agencies):
            place = ("teams", t, "agencies", a)
            if not agency.contacts:
                yield place, "has no contacts: there will be nobody to ask"
            elif all(contact.leader for contact in agency.contacts):
                yield place, "has only leaders: they will be asked to come themselves"


def _told(raw: Any, found: Iterable[Found]) -> list[str]:
    """Each finding once, with its place."""
    return [f"{_shown(raw, place)}: {message}" for place, message in dict.fromkeys(found)]


def _shown(raw: Any, place: Place) -> str:
    """«teams tot-bergen › agencies politi › contacts 2»: an entry by its key, otherwise by its number."""
    parts: list[str] = []
    for part in place:
        try:
            raw = raw[part]
        except (LookupError, TypeError):
            raw = None
        if isinstance(part, str):
            parts.append(part)
        else:
            key = raw.get("key") if isinstance(raw, dict) else None
            parts[-1] += f" {key if isinstance(key, str) and KEY.fullmatch(key) else part + 1}"
    return " › ".join(parts)


def _in_words(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "is not known here"
    if kind == "string_pattern_mismatch":
        return "must be at most 40 lower-case letters a-z, digits and hyphens"
    # Otherwise Pydantic's own words: «Input should be less than or equal to 23».
    return re.sub(r"^(Input|Tuple|Value) should", "must", message)
