"""Entries of the audit log: who did what to which case, under which right. Ids only, never content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.access import Action, Right

#: The actors that are no persons: the bot itself, and the operator at the command line.
BOT, OPERATOR = "bot", "operator"


class Event(StrEnum):
    """Log entries besides those of the access table, whose rows are logged under their own names."""

    #: something was shown, and nothing was changed
    SERVED = "served"
    REFUSED = "refused"
    # by the bot itself
    ESCALATED = "escalated"
    REMOVED = "removed"
    PURGED = "purged"
    # at the command line
    EXPORTED = "exported"
    PERSON_EXPORTED = "person_exported"
    PARTNERS_IMPORTED = "partners_imported"
    PARTNERS_EXPORTED = "partners_exported"
    PURGE_ORDERED = "purge_ordered"
    KEYS_ROTATED = "keys_rotated"
    KEYS_EXPORTED = "keys_exported"
    KEYS_IMPORTED = "keys_imported"
    BACKED_UP = "backed_up"
    RESTORED = "restored"


#: Actions that only show something, or concern only the person: they are logged as «served».
SHOWN = frozenset(
    {
        Action.SEE_HELP,
        Action.SEE_HOME,
        Action.SET_LANGUAGE,
        Action.SEE_OWN_ASKS,
        Action.SEE_ROOM,
        Action.SEE_OWN_LOG,
        Action.SEE_ROSTER,
        Action.SEE_REPORT,
        Action.SEE_ACTIONS,
    }
)


def done(action: Action) -> Event | Action:
    """Return the event under which an action is logged."""
    return Event.SERVED if action in SHOWN else action


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry to log. `actor` and `subject` are person ids (`actor` may be BOT or OPERATOR).

    `right` is the right under which it was done, None for the bot, the operator and a refusal. `what` is the
    id of an agency, or a reason from a fixed list.
    """

    event: Event | Action
    actor: str
    case_id: str | None = None
    right: Right | None = None
    subject: str | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as stored in the log."""

    number: int
    at: datetime
    event: str
    right: str | None
    actor: str | None
    case_id: str | None
    subject: str | None
    what: str | None = None
