"""A request to convene TOT (`/tot kalle`), and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.domain.outside import OutsideItem


class Urgency(StrEnum):
    TODAY = "today"
    DAYS = "days"
    WEEKS = "weeks"


class NotConvened(StrEnum):
    """The fixed reasons not to convene TOT. None of them says anything about a possible case."""

    GUIDANCE = "guidance"
    OTHER_SERVICE = "other_service"
    OUTSIDE_MANDATE = "outside_mandate"
    CLARIFY_FIRST = "clarify_first"


@dataclass(frozen=True, slots=True)
class Convening(OutsideItem):
    """A request to convene TOT. `agency_id` is None for a service that the team does not have.

    The asker, the note and the decider are encrypted with the request's own key. A purged request keeps the
    agency, the month (`asked_at` is then its first day), the urgency and the outcome: `convened` is None if
    it was closed, `decided_at` that time, without a decision.
    """

    word: ClassVar[str] = "convening"
    blurred: ClassVar[tuple[str, ...]] = ("asked_at", "due_at", "decided_at")
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

    @property
    def people(self) -> tuple[str | None, ...]:
        return self.asker, self.decided_by

    @property
    def open(self) -> bool:
        return self.decided_at is None
