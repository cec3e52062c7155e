"""Placements, and other dates that a case must not miss. A person enters and confirms each of them.

The bot computes no legal deadline: it checks what was entered, and asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """The placement of one person of the case, by letter, from the day `starts_on` to the day `ends_on`.

    Another decision that extends it moves `ends_on`, and is confirmed too.
    """

    id: str
    case_id: str
    person: str
    starts_on: date
    ends_on: date
    confirmed_at: datetime
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Deadline:
    """An agency's own date, or the end of a person's reflection period, of which the bot sends reminders.

    An agency's own date names its part in the case and a short guarded text, and only that agency sees it.
    A reflection period names the person by letter, and belongs to the coordinators.
    """

    id: str
    case_id: str
    due_on: date
    set_at: datetime
    involvement_id: str | None = None
    person: str | None = None
    text: str = ""
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.ended_at is None
