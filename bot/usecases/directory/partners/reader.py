"""Read a partners file: TOML in, checked entries out, or faults with their places."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import ValidationError

from bot.domain.errors import TotError
from bot.usecases.directory.partners.schema import FileTable, TeamTable


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
            f"{_place(*error['loc'])}: {error['msg']}"
            for error in wrong.errors()
            if error["type"] != "too_short" or error["ctx"]["actual_length"] == len(error["input"])
        )
        raise WrongFile(*faults) from None
    return PartnersFile(table.teams, tuple(_left_alone(table)))


def _left_alone(table: FileTable) -> Iterator[str]:
    """Yield the agencies without contacts, or with leaders only."""
    for agency in (agency for team in table.teams for agency in team.agencies):
        if not agency.contacts:
            yield f"agency {agency.key} has no contacts: there will be nobody to ask"
        elif all(contact.leader for contact in agency.contacts):
            yield f"agency {agency.key} has only leaders: they will be asked to come themselves"


def _place(*keys: str | int) -> str:
    """«teams 1 › agencies 3 › contacts 2»: the entries of a list are numbered from 1."""
    said = (f" {key + 1}" if isinstance(key, int) else f" › {key}" for key in keys)
    return "".join(said).removeprefix(" › ")
