"""What the audit log says: who did what to which case, under which right. Ids only, never content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.access import Action, Right

#: Who acts when no person does: the bot by itself, and whoever runs the command line.
BOT, OPERATOR = "bot", "operator"


class Event(StrEnum):
    """Everything that is logged."""

    OPENED = "opened"
    INVOLVED = "involved"
    INVOLVEMENT_CHANGED = "involvement_changed"
    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"
    PASSED_ON = "passed_on"
    ANSWERED = "answered"
    DEPUTY_NAMED = "deputy_named"
    ANSWERED_ON_BEHALF = "answered_on_behalf"
    MEETING_CALLED = "meeting_called"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    ATTENDANCE_REGISTERED = "attendance_registered"
    PHASE_CHANGED = "phase_changed"
    CLOSED = "closed"
    LEFT = "left"
    COORDINATORS_CHANGED = "coordinators_changed"
    SERVED = "served"
    EXPORTED = "exported"
    REMOVED = "removed"
    PURGED = "purged"
    REFUSED = "refused"
    ACTION_AGREED = "action_agreed"
    ACTION_ENDED = "action_ended"
    NEEDS_NOTED = "needs_noted"
    NEED_TAKEN = "need_taken"
    PLACEMENT_KEPT = "placement_kept"
    DEADLINE_KEPT = "deadline_kept"


#: What an action is called once it is done. One that only shows something is «served».
EVENT_OF: Mapping[Action, Event] = {
    Action.OPEN_CASE: Event.OPENED,
    Action.KEEP_COORDINATORS: Event.COORDINATORS_CHANGED,
    Action.ACKNOWLEDGE_CASE: Event.ACKNOWLEDGED,
    Action.ACKNOWLEDGE_SEAT: Event.ACKNOWLEDGED,
    Action.INVITE_AGENCY: Event.INVOLVED,
    Action.CHANGE_INVOLVEMENT: Event.INVOLVEMENT_CHANGED,
    Action.RELEASE_AGENCY: Event.RELEASED,
    Action.CALL_MEETING: Event.MEETING_CALLED,
    Action.MOVE_MEETING: Event.MEETING_MOVED,
    Action.CANCEL_MEETING: Event.MEETING_CANCELLED,
    Action.REGISTER_ATTENDANCE: Event.ATTENDANCE_REGISTERED,
    Action.ANSWER_ON_BEHALF: Event.ANSWERED_ON_BEHALF,
    Action.CHANGE_PHASE: Event.PHASE_CHANGED,
    Action.CLOSE_CASE: Event.CLOSED,
    Action.PASS_ON: Event.PASSED_ON,
    Action.ANSWER_SUMMONS: Event.ANSWERED,
    Action.ANSWER_BY_CALENDAR: Event.ANSWERED,
    Action.NAME_DEPUTY: Event.DEPUTY_NAMED,
    Action.LEAVE: Event.LEFT,
    Action.AGREE_ACTION: Event.ACTION_AGREED,
    Action.END_ACTION: Event.ACTION_ENDED,
    Action.KEEP_NEEDS: Event.NEEDS_NOTED,
    Action.TAKE_NEED: Event.NEED_TAKEN,
    Action.KEEP_PLACEMENT: Event.PLACEMENT_KEPT,
    Action.KEEP_REFLECTION: Event.DEADLINE_KEPT,
    Action.KEEP_OWN_DEADLINE: Event.DEADLINE_KEPT,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to log. `actor` and `subject` are person ids (`actor` may be BOT or OPERATOR).

    `right` is that under which it was done, None for the bot, the operator and a refusal.
    """

    event: Event
    actor: str
    case_id: str | None = None
    right: Right | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as it stands in the log. Once its key is destroyed only when, what and the right are left."""

    number: int
    at: datetime
    event: str
    right: str | None
    actor: str | None
    case_id: str | None
    subject: str | None


def done(action: Action) -> Event:
    """What an action is called in the log."""
    return EVENT_OF.get(action, Event.SERVED)
