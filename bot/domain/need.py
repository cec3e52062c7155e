"""The needs that TOT goes through in a case: for each, whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Need(StrEnum):
    """The needs that have words in every language; a team may drop some and add its own."""

    PROTECTION = "protection"
    HOUSING = "housing"
    CHILD_WELFARE = "child_welfare"
    HEALTH = "health"
    LAWYER = "lawyer"
    GUARDIAN = "guardian"
    INTERPRETER = "interpreter"
    RESIDENCE = "residence"
    INCOME = "income"
    SCHOOL_OR_WORK = "school_or_work"
    SAFE_RETURN = "safe_return"
    FAMILY = "family"
    OWN_VOICE = "own_voice"


#: A team's list unless it has one of its own.
USUAL_NEEDS: tuple[str, ...] = tuple(need.value for need in Need)


@dataclass(frozen=True, slots=True)
class CaseNeed:
    """That a case has a need: a `Need`, or the words of the team's own list.

    `involvement_id` is the part of the agency that has taken it. When that part is over nobody has.
    """

    id: str
    case_id: str
    need: str
    noted_at: datetime
    noted_by: str
    involvement_id: str | None = None
    taken_at: datetime | None = None
