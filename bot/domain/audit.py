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
    DEPUTY_DECIDED = "deputy_decided"
    HANDED_OVER = "handed_over"
    AGENCY_CHANGED = "agency_changed"
    CONTACT_DECIDED = "contact_decided"
    ABSENCE_SET = "absence_set"
    ANSWERED_ON_BEHALF = "answered_on_behalf"
    MEETING_CALLED = "meeting_called"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    ATTENDANCE_REGISTERED = "attendance_registered"
    ESCALATED = "escalated"
    ATTENDEE_NAMED = "attendee_named"
    PHASE_CHANGED = "phase_changed"
    CLOSED = "closed"
    PERSONS_ADDED = "persons_added"
    PERSON_CLOSED = "person_closed"
    SPLIT_OFF = "split_off"
    LINKED = "linked"
    UNLINKED = "unlinked"
    LIAISON_NAMED = "liaison_named"
    LIAISON_ENDED = "liaison_ended"
    WAITS = "waits"
    LEFT = "left"
    COORDINATORS_CHANGED = "coordinators_changed"
    GUIDANCE_ASKED = "guidance_asked"
    GUIDANCE_ANSWERED = "guidance_answered"
    TALK_PROPOSED = "talk_proposed"
    GUIDANCE_CLOSED = "guidance_closed"
    CONVENING_ASKED = "convening_asked"
    CONVENING_DECIDED = "convening_decided"
    JOINT_CALLED = "joint_called"
    JOINT_MOVED = "joint_moved"
    JOINT_CANCELLED = "joint_cancelled"
    JOINT_REGISTERED = "joint_registered"
    JOINT_ANSWERED = "joint_answered"
    SERVED = "served"
    EXPORTED = "exported"
    REPORT_EXPORTED = "report_exported"
    REMOVED = "removed"
    PURGED = "purged"
    REFUSED = "refused"
    ARRIVED = "arrived"
    MEETING_LED = "meeting_led"
    CHAIR_NAMED = "chair_named"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    ABSENCE_EXPLAINED = "absence_explained"
    # at the command line
    PARTNERS_IMPORTED = "partners_imported"
    PARTNERS_EXPORTED = "partners_exported"
    PURGE_ORDERED = "purge_ordered"
    KEYS_ROTATED = "keys_rotated"
    KEYS_EXPORTED = "keys_exported"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    REPORTED = "reported"
    ACTION_AGREED = "action_agreed"
    ACTION_CHANGED = "action_changed"
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
    Action.ADD_PERSONS: Event.PERSONS_ADDED,
    Action.CLOSE_PERSON: Event.PERSON_CLOSED,
    Action.SPLIT_OFF: Event.SPLIT_OFF,
    Action.LINK_CASES: Event.LINKED,
    Action.UNLINK_CASES: Event.UNLINKED,
    Action.NAME_LIAISON: Event.LIAISON_NAMED,
    Action.END_LIAISON: Event.LIAISON_ENDED,
    Action.WAIT: Event.WAITS,
    Action.PASS_ON: Event.PASSED_ON,
    Action.ANSWER_SUMMONS: Event.ANSWERED,
    Action.ANSWER_BY_CALENDAR: Event.ANSWERED,
    Action.NAME_DEPUTY: Event.DEPUTY_NAMED,
    Action.NAME_ATTENDEE: Event.ATTENDEE_NAMED,
    Action.APPROVE_DEPUTY: Event.DEPUTY_DECIDED,
    Action.HAND_OVER: Event.HANDED_OVER,
    Action.KEEP_AGENCY: Event.AGENCY_CHANGED,
    Action.APPROVE_CONTACT: Event.CONTACT_DECIDED,
    Action.SET_ABSENCE: Event.ABSENCE_SET,
    Action.LEAVE: Event.LEFT,
    Action.ARRIVE: Event.ARRIVED,
    Action.LEAD_MEETING: Event.MEETING_LED,
    Action.NAME_CHAIR: Event.CHAIR_NAMED,
    Action.POSTPONE_MEETING: Event.MEETING_MOVED,
    Action.CORRECT_ATTENDANCE: Event.ATTENDANCE_CORRECTED,
    Action.EXPLAIN_ABSENCE: Event.ABSENCE_EXPLAINED,
    Action.SHARE_REPORT: Event.REPORT_EXPORTED,
    Action.ASK_GUIDANCE: Event.GUIDANCE_ASKED,
    Action.ANSWER_GUIDANCE: Event.GUIDANCE_ANSWERED,
    Action.INVITE_TO_TALK: Event.TALK_PROPOSED,
    Action.CLOSE_GUIDANCE: Event.GUIDANCE_CLOSED,
    Action.ASK_TO_CONVENE: Event.CONVENING_ASKED,
    Action.DECIDE_CONVENING: Event.CONVENING_DECIDED,
    Action.CALL_JOINT: Event.JOINT_CALLED,
    Action.MOVE_JOINT: Event.JOINT_MOVED,
    Action.CANCEL_JOINT: Event.JOINT_CANCELLED,
    Action.REGISTER_JOINT: Event.JOINT_REGISTERED,
    Action.ANSWER_JOINT_BY_CALENDAR: Event.JOINT_ANSWERED,
    Action.ANSWER_JOINT: Event.JOINT_ANSWERED,
    Action.AGREE_ACTION: Event.ACTION_AGREED,
    Action.CHANGE_ACTION: Event.ACTION_CHANGED,
    Action.END_ACTION: Event.ACTION_ENDED,
    Action.KEEP_NEEDS: Event.NEEDS_NOTED,
    Action.TAKE_NEED: Event.NEED_TAKEN,
    Action.KEEP_PLACEMENT: Event.PLACEMENT_KEPT,
    Action.KEEP_REFLECTION: Event.DEADLINE_KEPT,
    Action.KEEP_OWN_DEADLINE: Event.DEADLINE_KEPT,
}


@dataclass(frozen=True, slots=True)
class AuditEntry:
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
