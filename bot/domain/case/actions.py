"""Needs and actions (tiltak), as a case holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class CaseNeed:
    """A need of a case: a `Need`, or the words of the team's own list.

    `involvement_id` is the part of the agency that has taken it. When that part is over nobody has.
    """

    id: str
    case_id: str
    need: str
    noted_at: datetime
    involvement_id: str | None = None
    taken_at: datetime | None = None


class Outcome(StrEnum):
    """The last two are kept apart, as the minutes of the UK's MARACs do."""

    DONE = "done"
    NOT_POSSIBLE = "not_possible"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class CaseAction:
    """An action that one agency (by its part in the case) owns.

    It is about `persons`, a part of those whom the agency is involved for, and due on the day `due_on` of
    the team's zone. It is one of the needs, or else a short text that has passed the guard.

    One whose owner or day was changed has ended without an outcome; another that `follows` it (by id) stands
    in its place.
    """

    id: str
    case_id: str
    involvement_id: str
    persons: str
    due_on: date
    agreed_at: datetime
    agreed_by: str
    need: str | None = None
    text: str = ""
    outcome: Outcome | None = None
    ended_at: datetime | None = None
    follows: str | None = None

    @property
    def live(self) -> bool:
        return self.ended_at is None
