"""A request to convene TOT (`/tot kalle`), and its outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from bot.domain.directory.entities import Team
from bot.domain.notifications import Kind, Notification
from bot.domain.outside import AskedItem, AskedView, promised, reminded_at, reminders, to_each


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
class Convening(AskedItem):
    """A request to convene TOT. `agency_id` is None for a service that the team does not have.

    The asker, the note and the decider are encrypted with the request's own key. A purged request keeps the
    agency, the month (`asked_at` is then its first day), the urgency and the outcome: `convened` is None if
    it was closed without a decision. One that is open although there is a decider waits again: they said
    yes, and the case is undone.
    """

    word: ClassVar[str] = "convening"
    agency_id: str | None
    urgency: Urgency
    note: str
    convened: bool | None = None
    reason: NotConvened | None = None
    decided_by: str | None = None

    @property
    def people(self) -> tuple[str | None, ...]:
        return self.asker, self.decided_by


def _days(team: Team, urgency: Urgency) -> int:
    """Return within how many working days a request that is not for today should be decided."""
    return 1 if urgency is Urgency.DAYS else team.rules.guidance_days


def answer_by(team: Team, urgency: Urgency, asked_at: datetime) -> datetime:
    """Return when a request should be decided: the more urgent, the sooner."""
    if urgency is Urgency.TODAY:
        return asked_at + timedelta(minutes=team.rules.acute_window)
    return promised(asked_at, team, _days(team, urgency))


def standing(now: AskedView[Convening]) -> Iterator[Notification]:
    """Yield the messages that should be posted, and the reminders to decide."""
    convening, asker = now.asked, [now.asked.asker]
    yield from to_each(now.coordinators, Kind.CONVENE_ASKED, convening)
    yield from to_each(asker, Kind.CONVENE_STANDS if convening.open else Kind.CONVENE_DECIDED, convening)
    if convening.open:
        at = reminded_at(convening.asked_at, now.team, _days(now.team, convening.urgency))
        if convening.urgency is Urgency.TODAY:
            at = convening.asked_at + (convening.due_at - convening.asked_at) / 2
        yield from reminders(now.coordinators, Kind.CONVENE_WAITS, convening, at, convening.due_at)
