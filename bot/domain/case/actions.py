"""Needs and actions (tiltak), as a case holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.case.entities import CasePart, EndingPart


@dataclass(frozen=True, slots=True)
class CaseNeed(CasePart):
    """A need of a case: a `Need`, or a text from the team's own list.

    `involvement_id` is the part of the agency that has taken it. When that part is over, nobody has it.
    """

    need: str
    noted_at: datetime
    involvement_id: str | None = None
    taken_at: datetime | None = None


class Outcome(StrEnum):
    """How an action ended. NOT_POSSIBLE and NOT_DONE are separate, as in the minutes of the UK's MARACs."""

    DONE = "done"
    NOT_POSSIBLE = "not_possible"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class CaseAction(EndingPart):
    """An action that one agency (by its part in the case) owns.

    It concerns `persons`, some or all of those for whom the agency is involved, and is due on `due_on`, a
    day in the team's zone. It is one of the needs, or a short text that has passed the guard.

    When its owner or day is changed, the action ends without an outcome, and a new one that `follows` it (by
    id) replaces it.
    """

    involvement_id: str
    persons: str
    due_on: date
    agreed_at: datetime
    agreed_by: str
    need: str | None = None
    text: str = ""
    outcome: Outcome | None = None
    follows: str | None = None
