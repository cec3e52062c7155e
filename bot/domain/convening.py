"""A request to convene TOT (`/tot kalle`), and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Urgency(StrEnum):
    TODAY = "today"
    DAYS = "days"
    WEEKS = "weeks"


class NotConvened(StrEnum):
    """None of them says anything of a case that there may be."""

    GUIDANCE = "guidance"
    OTHER_SERVICE = "other_service"
    OUTSIDE_MANDATE = "outside_mandate"
    CLARIFY_FIRST = "clarify_first"


@dataclass(frozen=True, slots=True)
class Convening:
    """A request. `agency_id` is None for a service that the team does not have.

    Who asked, the note and who decided have a key of their own; what is left of a purged one is the agency,
    the month (`asked_at` is its first day then), how urgent it was and what came of it.
    """

    id: str
    team_id: str
    agency_id: str | None
    urgency: Urgency
    asked_at: datetime
    due_at: datetime
    asker: str
    note: str
    convened: bool | None = None
    reason: NotConvened | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    delete_on: date | None = None
    purged_at: datetime | None = None
    erasing_since: datetime | None = None

    @property
    def item(self) -> str:
        return f"convening/{self.id}"

    @property
    def open(self) -> bool:
        return self.decided_at is None
