"""Read a partners file: TOML in, checked entries out, or faults with their places."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

from pydantic import ValidationError

from bot.domain.errors import TotError
from bot.usecases.directory.partners.schema import FileTable


class WrongFile(TotError):
    """The file cannot be used; nothing of it has been imported. `faults` are in English, for the operator."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_partners(text: str, *, today: date | None = None) -> FileTable:
    """The file, checked. WrongFile has all faults that are found at once.

    `today` is for the guard.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile(f"this is not TOML: {error}") from None
    try:
        return FileTable.model_validate(raw, context={"today": today or datetime.now(UTC).date()})
    except ValidationError as wrong:
        # Pydantic counts only valid items: an invalid one must not be reported as missing too.
        faults = (
            f"{_place(*error['loc'])}: {error['msg']}"
            for error in wrong.errors()
            if error["type"] != "too_short" or error["ctx"]["actual_length"] == len(error["input"])
        )
        raise WrongFile(*faults) from None


def _place(*keys: str | int) -> str:
    """«teams 1 › agencies 3 › contacts 2»: the entries of a list are numbered from 1."""
    said = (f" {key + 1}" if isinstance(key, int) else f" › {key}" for key in keys)
    return "".join(said).removeprefix(" › ")
