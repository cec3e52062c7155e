"""Findings of `tot doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingState(StrEnum):
    """How serious a finding is: only `wrong` makes the doctor exit with 1."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: FindingState
    found: str
    mend: str = ""


def fine(what: str, found: str) -> Finding:
    return Finding(what, FindingState.FINE, found)


def wrong(what: str, found: str, mend: str) -> Finding:
    return Finding(what, FindingState.WRONG, found, mend)


def look(what: str, found: str, mend: str) -> Finding:
    return Finding(what, FindingState.LOOK, found, mend)


def unknown(what: str, found: str, how: str) -> Finding:
    return Finding(what, FindingState.UNKNOWN, found, how)
