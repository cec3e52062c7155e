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
    MEETING_MOVED = "meeting_moved"  # subject: meeting; to the room, and of deputies left out
    MEETING_CANCELLED = "meeting_cancelled"  # subject: meeting; to the room and those asked
    PHASE_CHANGED = "phase_changed"  # subject: case; to the room, and to the coordinators: whom to tell
    PERSONS_CHANGED = "persons_changed"  # subject: case; to the room: which persons it is about
    LIAISON_ENDS = "liaison_ends"  # subject: liaison; on the day: the seat is ended
    LIAISON_UNCONFIRMED = "liaison_unconfirmed"  # subject: seat; reminds the liaison of taushetsplikt
    LIAISON_SILENT = "liaison_silent"  # subject: seat; to the coordinators: taushetsplikt is not confirmed
    LIAISON_LEFT = "liaison_left"  # subject: liaison; to the room and to the liaison
    MEETING_PROPOSED = "meeting_proposed"  # subject: the last meeting; to the coordinators
    CASE_WAITS = "case_waits"  # subject: pause; to the room
    CASE_GOES_ON = "case_goes_on"  # subject: pause; to the room: that the waiting is over
    RELEASE_OFFERED = "release_offered"  # subject: pause; to the coordinators
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
    # the meeting as it is held, and what is left of it
    ROLL_CALL = "roll_call"  # subject: meeting; to the room, from its start until it is registered
    QUORUM = "quorum"  # subject: meeting; to its chair, while too few have come
    MINUTES = "minutes"  # subject: meeting; to the room and, as plain text, to those who take part
    ABSENCE_REASON = "absence_reason"  # subject: duty; to the agency's lead: why did nobody come?
    ABSENCE_TOLD = "absence_told"  # subject: duty; to the agency's leaders, without the code
    ABSENCE = "absence"  # subject: duty; to the coordinators: who was asked for the reason
    DIRECTOR_TEXT = "director_text"  # subject: duty; to the coordinators: the agency stayed away twice
    # the duty report; subject: team, to a coordinator who has asked for it; the mark names its months
    REPORT = "report"
    REPORT_PICTURE = "report_picture"
    REPORT_SHEET = "report_sheet"  # a file for a spreadsheet, of what may be shared
    DEPUTY_APPROVAL = "deputy_approval"  # subject: a deputy's ask; to the coordinators
    DEPUTY_WAITS = "deputy_waits"  # subject: a deputy's ask; to the coordinators: nobody has decided
    DEPUTY_REFUSED = "deputy_refused"  # subject: a deputy's ask; to the one who named them
    HANDED_OVER = "handed_over"  # subject: the new seat; to the coordinators
    SUCCESSOR_UNCONFIRMED = "successor_unconfirmed"  # subject: the new seat; reminds of taushetsplikt
    SUCCESSOR_SILENT = "successor_silent"  # subject: the new seat; to the coordinators: it is not taken over
    CONTACT_APPROVAL = "contact_approval"  # subject: contact; to the coordinators of the team
    CONTACT_DECIDED = "contact_decided"  # subject: contact; to the agency's leaders
    # reminders, from the plan
    # the escalation of an ask that is not answered
    ESCALATION = "escalation"  # subject: ask; take the steps of its chain that are due
    UNANSWERED = "unanswered"  # subject: ask; to the one asked
    LEADER_ASKED = "leader_asked"  # subject: step; to the agency's leader: who comes?
    CHAIN_EXHAUSTED = "chain_exhausted"  # subject: step; to the coordinators: nobody answers
    # reminders, from the plan
    MEETING_SOON = "meeting_soon"  # subject: meeting; to those who come and the coordinators
    REGISTER = "register"  # subject: meeting; to the coordinators
    NO_MEETING_AHEAD = "no_meeting_ahead"  # subject: case; to the coordinators
    CONTACT_DUE = "contact_due"  # subject: pause; to those who make contact and the coordinators
    DELETION_SOON = "deletion_soon"  # subject: case; to the coordinators: what others wrote has to be deleted
    SUMMARY = "summary"  # subject: person; what fell due while the bot was away
    # outside a case
    ROSTER_PAGE = "roster_page"  # subject: person; who can what, as a page to print
    GUIDANCE_ASKED = "guidance_asked"  # subject: guidance; to the coordinators
    GUIDANCE_STANDS = "guidance_stands"  # subject: guidance; to the one who asked: where it stands
    GUIDANCE_ANSWER = "guidance_answer"  # subject: guidance; to the one who asked
    GUIDANCE_TALK = "guidance_talk"  # subject: guidance; to both who are to talk; an .ics file
    GUIDANCE_WAITS = "guidance_waits"  # subject: guidance; reminds the coordinators of the promise
    CONVENE_ASKED = "convene_asked"  # subject: convening; to the coordinators
    CONVENE_STANDS = "convene_stands"  # subject: convening; to the one who asked: where it stands
    CONVENE_DECIDED = "convene_decided"  # subject: convening; to the one who asked: yes or no
    CONVENE_WAITS = "convene_waits"  # subject: convening; reminds the coordinators to decide
    JOINT_CALLED = "joint_called"  # subject: joint meeting; to the coordinators: who comes
    JOINT_INVITED = "joint_invited"  # subject: joint meeting; to somebody invited
    JOINT_ENTRY = "joint_entry"  # subject: joint meeting; to somebody invited; an .ics file
    JOINT_MAIL = "joint_mail"  # subject: invitation; the entry in the calendar of one invited by mail alone
    JOINT_POST = "joint_post"  # subject: joint meeting; to the coordinators: mail that does not arrive
    JOINT_HELD = "joint_held"  # subject: invitation; to the coordinators: an answer that was not applied
    JOINT_SOON = "joint_soon"  # subject: joint meeting; to those who have not said that they stay away
    JOINT_REGISTER = "joint_register"  # subject: joint meeting; to the coordinators, afterwards
    FORGET = "forget"  # subject: what lies outside cases; delete what was posted, destroy the key
    # of actions, placements and dates
    ACTION_AGREED = "action_agreed"  # subject: action; to the owner's people, and follows its state
    ACTION_DUE = "action_due"  # subject: action; to the owner's people
    ACTION_CALL = "action_call"  # subject: action; to the coordinators: its owner has to be rung
    ACTION_LEADER = "action_leader"  # subject: action; to the owner's leader, without the code
    ACTION_OVERDUE = "action_overdue"  # subject: action; to the coordinators
    PLACEMENT_MEETING = "placement_meeting"  # subject: placement; to the coordinators: time to plan
    PLACEMENT_TOLD = "placement_told"  # subject: placement; to the room; to the coordinators: whom to tell
    PLACEMENT_END = "placement_end"  # subject: placement; to the coordinators
    DEADLINE_DUE = "deadline_due"  # subject: deadline; to those whose it is
    # the end
    PURGE = "purge"  # subject: case: delete what the bot posted, archive the room


#: Kinds that come from the reminder plan: at delivery they are dropped unless the plan still holds them.
REMINDERS = frozenset(
    {
        *(Kind.MEETING_SOON, Kind.REGISTER, Kind.NO_MEETING_AHEAD, Kind.CONTACT_DUE),
        *(Kind.ACTION_DUE, Kind.ACTION_CALL, Kind.ACTION_LEADER, Kind.ACTION_OVERDUE),
        *(Kind.LIAISON_UNCONFIRMED, Kind.LIAISON_SILENT),
        *(Kind.DEPUTY_WAITS, Kind.SUCCESSOR_UNCONFIRMED, Kind.SUCCESSOR_SILENT),
        *(Kind.PLACEMENT_MEETING, Kind.PLACEMENT_END, Kind.DEADLINE_DUE, Kind.DELETION_SOON),
    }
)
#: Kinds of the duty report, which is of no single case.
REPORTS = frozenset({Kind.REPORT, Kind.REPORT_PICTURE, Kind.REPORT_SHEET})


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing to deliver.

    `subject` is the id of what it is about, `recipient` a person id or None for the room.
    `useful_until` is when it stops being of use; past it, it ends as part of a summary. `once`
    tells a reminder from a document. `key` identifies it for ever. `matter` names what it is of that has
    a key of its own outside every case («guidance/<id>»).
    """

    kind: Kind
    subject: str
    case_id: str | None = None
    recipient: str | None = None
    due_at: datetime | None = None
    useful_until: datetime | None = None
    once: bool = False
    mark: str = ""
    matter: str | None = None

    @property
    def key(self) -> str:
        """`kind:subject:recipient:mark`, deterministic, made of internal ids only."""
        return ":".join((self.kind, self.subject, self.recipient or "room", self.mark)).rstrip(":")
