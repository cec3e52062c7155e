"""Findings of `tot doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial


class FindingState(StrEnum):
    """How serious a finding is: only `wrong` makes the doctor exit with 1."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A result of the check: its subject and state, the finding, and how to mend it."""

    state: FindingState
    what: str
    found: str
    mend: str = ""


fine = partial(Finding, FindingState.FINE)
wrong = partial(Finding, FindingState.WRONG)
look = partial(Finding, FindingState.LOOK)
unknown = partial(Finding, FindingState.UNKNOWN)
