"""What is to be told or mended in Slack: an intent names it, and the text is made when it is delivered.

A *document* intent («make this message, card, room or Home current») is idempotent: asking again
while it waits changes nothing, asking again while it is being delivered has it delivered once more.
A *once* intent (a reminder) happens at most once for its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Every kind of thing that can be delivered."""

    # the room of a case: created, its people, its card, archived
    ROOM = "room"
    # Home of one person
    HOME = "home"
    # direct messages that follow the state of their subject
    CASE_ACKNOWLEDGEMENT = "case_acknowledgement"  # subject: seat of a coordinator
    ACKNOWLEDGEMENT = "acknowledgement"  # subject: seat
    SUMMONS = "summons"  # subject: ask
    INVITE = "invite"  # subject: ask; an .ics file
    MAIL_INVITE = "mail_invite"  # subject: ask; the entry in the calendar of the one asked, by mail
    CALL_LIST = "call_list"  # subject: meeting; to the coordinators: those who must be rung
    # direct messages and room messages that say what happened, once
    DECLINED_ALONE = "declined_alone"  # subject: ask
    PART_OVER = "part_over"  # subject: involvement
    AGENCY_LEFT = "agency_left"  # subject: involvement; to the room
    MEETING_MOVED = "meeting_moved"  # subject: meeting; to the room
    MEETING_CANCELLED = "meeting_cancelled"  # subject: meeting; to the room and those asked
    PHASE_CHANGED = "phase_changed"  # subject: case; to the room
    CASE_CLOSED = "case_closed"  # subject: case; to the room and seat holders
    INTRUDER = "intruder"  # subject: case; to the coordinators
    KICK_REFUSED = "kick_refused"  # subject: case; to the room and the coordinators
    SEAT_LEFT = "seat_left"  # subject: seat; asks whether the part is over
    NOT_DELIVERED = "not_delivered"  # subject: ask or seat; to the coordinators
    MAIL_CALL = "mail_call"  # subject: ask; by mail to one who has declined by mail alone: ring, please
    MAIL_WAITS = "mail_waits"  # subject: case; to the coordinators: invites wait for an operator
    HELD_REPLY = "held_reply"  # subject: ask; to the coordinators: an answer that was not applied
    CALENDAR_ANSWER = "calendar_answer"  # subject: ask; to the one asked: what the calendar's answer lacks
    OPEN_ASKS = "open_asks"  # subject: person
    APPOINTED = "appointed"  # subject: team; to a new coordinator
    # reminders, from the plan
    UNANSWERED = "unanswered"  # subject: ask; to the one asked
    WINDOW_OVER = "window_over"  # subject: ask; to the coordinators
    MEETING_SOON = "meeting_soon"  # subject: meeting; to those who come and the coordinators
    REGISTER = "register"  # subject: meeting; to the coordinators
    NO_MEETING_AHEAD = "no_meeting_ahead"  # subject: case; to the coordinators
    SUMMARY = "summary"  # subject: person; what fell due while the bot was away
    # of actions, placements and dates
    ACTION_AGREED = "action_agreed"  # subject: action; to the owner's people, and follows its state
    ACTION_DUE = "action_due"  # subject: action; to the owner's people
    ACTION_CALL = "action_call"  # subject: action; to the coordinators: its owner has to be rung
    ACTION_LEADER = "action_leader"  # subject: action; to the owner's leader, without the code
    ACTION_OVERDUE = "action_overdue"  # subject: action; to the coordinators
    PLACEMENT_MEETING = "placement_meeting"  # subject: placement; to the coordinators: time to plan
    PLACEMENT_END = "placement_end"  # subject: placement; to the coordinators
    DEADLINE_DUE = "deadline_due"  # subject: deadline; to those whose it is
    # the end
    PURGE = "purge"  # subject: case: delete what the bot posted, archive the room


#: Kinds that come from the reminder plan: at delivery they are dropped unless the plan still holds them.
REMINDERS = frozenset(
    {
        *(Kind.UNANSWERED, Kind.WINDOW_OVER, Kind.MEETING_SOON, Kind.REGISTER, Kind.NO_MEETING_AHEAD),
        *(Kind.ACTION_DUE, Kind.ACTION_CALL, Kind.ACTION_LEADER, Kind.ACTION_OVERDUE),
        *(Kind.PLACEMENT_MEETING, Kind.PLACEMENT_END, Kind.DEADLINE_DUE),
    }
)


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing to deliver.

    `subject` is the id of what it is about, `recipient` a person id or None for the room.
    `useful_until` is when it stops being of use; past it, it ends as part of a summary. `once`
    tells a reminder from a document. `key` identifies it for ever.
    """

    kind: Kind
    subject: str
    case_id: str | None = None
    recipient: str | None = None
    due_at: datetime | None = None
    useful_until: datetime | None = None
    once: bool = False
    mark: str = ""

    @property
    def key(self) -> str:
        """`kind:subject:recipient:mark`, deterministic, made of internal ids only."""
        return ":".join((self.kind, self.subject, self.recipient or "room", self.mark)).rstrip(":")
