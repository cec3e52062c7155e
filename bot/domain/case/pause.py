"""A pause: help is not wanted now, and the case waits until a day on which somebody makes contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PauseReason(StrEnum):
    """Why the case waits. None of them says anything about anybody."""

    NOT_NOW = "not_now"
    THINKING = "thinking"
    NO_CONTACT = "no_contact"
    OTHER_HELP = "other_help"


@dataclass(frozen=True, slots=True)
class Pause:
    """The case waits until `contact_on`, when the agency of `involvement_id` makes contact.

    It is over when it is ended or another takes its place, not by itself on the day.
    """

    id: str
    case_id: str
    reason: PauseReason
    contact_on: date
    involvement_id: str
    since: datetime
    set_by: str
    ended_at: datetime | None = None
