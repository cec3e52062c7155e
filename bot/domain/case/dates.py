"""Placements, and other dates that a case must not miss. A person enters and confirms each of them.

The bot computes no legal deadline: it checks what was entered, and asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.case.entities import EndingPart


@dataclass(frozen=True, slots=True)
class Placement(EndingPart):
    """The placement of one person of the case, by letter, from the day `starts_on` to the day `ends_on`.

    Another decision that extends it moves `ends_on`, and is confirmed too.
    """

    person: str
    starts_on: date
    ends_on: date
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline(EndingPart):
    """An agency's own date, or the end of a person's reflection period, of which the bot sends reminders.

    An agency's own date names its part in the case and a short guarded text, and only that agency sees it.
    A reflection period names the person by letter, and belongs to the coordinators.
    """

    due_on: date
    set_at: datetime
    involvement_id: str | None = None
    person: str | None = None
    text: str = ""
