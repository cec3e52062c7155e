"""Guidance asked for in the room of a case: its coordinators answer, and it goes with the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseQuestion:
    """A question to the coordinators of a case, from somebody in its room. `answers`: so many were given,
    each in place of the one before.
    """

    id: str
    case_id: str
    asked_at: datetime
    asker: str
    text: str
    answers: int = 0
    answer: str | None = None
    answered_by: str | None = None
