"""Notifications: each names something to tell or to reconcile in Slack. Its text is made at delivery.

`Kind` is the one registry of all that can be delivered; each subject in `handlers` declares how its kinds
are shown (`handlers.delivery.declarations`). Notifications that follow state («make this message, card, room
or Home current») are idempotent: enqueueing one that waits changes nothing, enqueueing one that is being
delivered delivers it again. One that is told once, or planned, happens at most once for its key.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum, Flag, StrEnum, auto
from typing import Any, TypeVar

#: How long a reminder of something overdue is useful.
USEFUL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters of a notification, besides its kind, subject and recipient.

    They hold ids, numbers, instants and names from the code: nothing that a person wrote. Instants are aware,
    and kept in whole seconds, as in the key.
    """

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, datetime):
                object.__setattr__(self, field.name, value.replace(microsecond=0))

    @property
    def key(self) -> str:
        """The fields as text: two keys are equal only if the parameters are."""
        return ".".join(_text(getattr(self, field.name)) for field in fields(self))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Revision(Params):
    """A version: the sequence of an ask, a meeting or a talk, or the number of an answer."""

    sequence: int


@dataclass(frozen=True, slots=True)
class At(Params):
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn(Params):
    """A withdrawn request: when it was withdrawn, and when the recipient was asked.

    A coordinator was asked when the case was opened.
    """

    at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Day(Params):
    day: date


@dataclass(frozen=True, slots=True)
class Occurrence(Params):
    """The cause: the id of a message or an event, or a number made from the clock."""

    id: str


@dataclass(frozen=True, slots=True)
class PlannedFor(Params):
    """A step of a plan, and when it was planned for."""

    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChainStep(Params):
    """A step of an escalation chain, of which sequence of the ask, and when it is due."""

    step: str
    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonsChange(Params):
    """The letters of the persons added to the case or, if `closed`, of those whose part in it is over."""

    letters: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Waited(Params):
    """A slow request: a hash that identifies it, when the wait began, and whether it was carried out.

    `why` are the reasons if it was not: names of texts without placeholders. `acute`: it was the form of an
    acute case.
    """

    which: str
    since: datetime
    stored: bool
    why: tuple[str, ...] = ()
    acute: bool = False

    @property
    def key(self) -> str:
        return self.which


@dataclass(frozen=True, slots=True)
class PlacementChange(Params):
    """A change of a placement: it `ended`, since what follows is settled, or another decision extends it."""

    ended: bool
    extended_to: date | None = None


@dataclass(frozen=True, slots=True)
class ContactDecision(Params):
    approved: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class HeldAnswer(Params):
    """An answer by mail that was not applied: a `Doubt`, a `PartStat`, a proposed other time.

    Those of one `hour` share a message that shows the newest, so that no sender can flood the coordinators
    by varying the content. `sequence` is the meeting's.
    """

    doubt: str
    answer: str | None
    start: datetime | None
    hour: datetime
    sequence: int

    @property
    def key(self) -> str:
        return f"{_text(self.hour)}.{self.sequence}"


@dataclass(frozen=True, slots=True)
class ReportPeriod(Params):
    """The months of a report, the first day of each; whether it may be shared; when it was asked for."""

    shared: bool
    first: date
    last: date
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered(Params):
    """An undelivered notification: its kind, its recipient (None: the room), and what makes it unique."""

    kind: str
    recipient: str | None
    which: str


@dataclass(frozen=True, slots=True)
class Copies(Params):
    """A message that may be posted twice: its entry in the ledger, where, and after which attempt.

    The channel is Slack's id, None for the recipient's direct messages if those were not opened yet. If
    `changed`, an older version of the message may be posted instead.
    """

    row: int
    channel: str | None
    attempt: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Undeleted(Params):
    """Messages that Slack does not let the bot delete: their recipient (None: the room)."""

    recipient: str | None


P = TypeVar("P", bound=Params)


class Origin(Enum):
    """The source of notifications of a kind, and how often they are told."""

    STATE = auto()  # a document: updated or deleted whenever its subject changes
    EVENT = auto()  # like STATE, but its text stays as it was at the event, until it is deleted
    ONCE = auto()  # an event: told, or handled, once
    PLAN = auto()  # a reminder: told once, and only if the plan still holds it at delivery
    JOB = auto()  # no message: something to reconcile or to carry on


class About(StrEnum):
    """The type of a notification's subject; for an object of a case, the name of its `CaseFile` attribute."""

    CASE = "case"
    PART = "involvements"
    SEAT = "seats"
    MEETING = "meetings"
    DUTY = "duties"
    ASK = "asks"
    ASKED = "asked"  # an ask, or a liaison's invitation
    INVITATION = "invitations"
    STEP = "steps"
    POLL = "polls"
    LIAISON = "liaisons"
    PAUSE = "pauses"
    QUESTION = "questions"
    ACTION = "actions"
    PLACEMENT = "placements"
    DEADLINE = "deadlines"
    ANYTHING = "anything"  # any object of a case, even one that no longer exists
    PERSON = "person"
    TEAM = "team"  # the team, or an object of the team that belongs to no case
    ITEM = "item"  # an object outside cases with its own key (`OutsideItem`)


class To(Flag):
    """The readers of a notification about a case: nobody else gets the message or keeps seeing it."""

    ROOM = auto()
    COORDINATORS = auto()  # those who have confirmed taushetsplikt for the case
    BOTH = ROOM | COORDINATORS
    ANY_COORDINATOR = auto()  # also those who are asked to confirm
    OWN = auto()  # the person the subject belongs to, if the bot may write to them about it
    CONFIRMED = auto()  # the same person, once they have confirmed taushetsplikt
    NAMER = auto()  # the person who named the deputy
    ASKER = auto()  # the person who asked the question, while they are in the room
    CHAIR = auto()
    PEOPLE = auto()  # the owning agency's seat holders; the coordinators if no agency owns it
    LEAD = auto()  # the agency's one responsible person
    LEADERS = auto()  # the agency's leaders who are not told as its people
    POLLED = auto()  # the people who would be asked to the meeting
    LEFT = auto()  # the people who had a seat for the agency and have none now
    INSIDE = auto()  # everybody in the room
    INVITED = auto()  # everybody in the room, and deputies of the meeting who are no longer needed


class Until(Enum):
    """How long a message may stay posted."""

    OVER = auto()  # until the subject is over, or the case is closed
    CLOSED = auto()  # until the case is closed
    DELETED = auto()


STATE, EVENT, ONCE, PLAN, JOB = Origin


class Kind(StrEnum):
    """Every kind of notification: its name, origin, parameters, subject, readers, and how long it lasts.

    A notification may lack its parameters where there is nothing to say. A `Revision` is the subject's: a
    message of another revision is deleted.
    """

    origin: Origin
    params: type[Params] | None
    about: About
    to: To | None
    until: Until

    def __new__(
        cls,
        name: str,
        origin: Origin = Origin.STATE,
        params: type[Params] | None = None,
        about: About = About.CASE,
        to: To | None = None,
        until: Until = Until.OVER,
    ) -> Kind:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.origin, kind.params, kind.about, kind.to, kind.until = origin, params, about, to, until
        return kind

    @property
    def told_once(self) -> bool:
        return self.origin in (Origin.ONCE, Origin.PLAN)

    @property
    def urgent(self) -> bool:
        """Return whether it goes before everything else that waits, in the outbox and in its channel."""
        return self in URGENT

    # --- the room, and other jobs
    ROOM = "room", JOB  # the room of a case: create it, update members and card, archive it
    STANDING = "standing", JOB  # update the posted messages of a case that are out of date
    HOME = "home", JOB, None, About.PERSON
    # subject: the opaque key of any message; delete all copies of it except the remembered one
    COPIES = "copies", JOB, Copies, About.ANYTHING
    PURGE = "purge", JOB  # delete what the bot posted, archive the room
    FORGET = "forget", JOB, None, About.ITEM  # delete what was posted, destroy the key
    # at a time in it (`At`), such as a meeting's start: update its messages, and Homes
    ITEM_TURNS = "item_turns", ONCE, At, About.ITEM

    # --- the question of taushetsplikt; `At`: since when, if it is asked again
    # of a coordinator
    CASE_ACKNOWLEDGEMENT = "case_acknowledgement", STATE, At, About.SEAT, To.OWN, Until.DELETED
    ACKNOWLEDGEMENT = "acknowledgement", STATE, At, About.SEAT, To.OWN, Until.CLOSED

    # --- the summons and its answer
    SUMMONS = "summons", STATE, Revision, About.ASK, To.CONFIRMED, Until.CLOSED
    INVITE = "invite", STATE, Revision, About.ASKED, To.CONFIRMED  # an .ics file
    MAY_COME = "may_come", STATE, Revision, About.INVITATION, To.OWN  # explains the liaison's .ics file
    MAIL_INVITE = "mail_invite", JOB, None, About.ASKED  # the entry in their calendar, by mail
    # whom to ring; `At`: when the newest call was added
    CALL_LIST = "call_list", STATE, At, About.MEETING, To.COORDINATORS, Until.DELETED
    # until an operator acts
    MAIL_WAITS = "mail_waits", STATE, None, About.CASE, To.COORDINATORS, Until.DELETED
    # an answer that was not applied
    HELD_REPLY = "held_reply", STATE, HeldAnswer, About.ASKED, To.COORDINATORS, Until.CLOSED
    CALENDAR_ANSWER = "calendar_answer", STATE, None, About.ASK, To.CONFIRMED  # asks for what it lacks
    DEPUTY_APPROVAL = "deputy_approval", STATE, None, About.ASK, To.COORDINATORS, Until.CLOSED
    # a reminder
    DEPUTY_WAITS = "deputy_waits", PLAN, PlannedFor, About.ASK, To.COORDINATORS, Until.CLOSED
    DEPUTY_REFUSED = "deputy_refused", STATE, None, About.ASK, To.NAMER, Until.CLOSED

    # --- several times for one meeting
    TIMES_ASKED = "times_asked", STATE, None, About.POLL, To.POLLED  # asks which times suit
    TIMES_BEST = "times_best", STATE, None, About.POLL, To.COORDINATORS  # once, to the one in charge

    # --- the escalation of an ask that is not answered
    ESCALATION = "escalation", JOB, ChainStep, About.ASK  # take the due steps of its chain
    UNANSWERED = "unanswered", STATE, Revision, About.ASK, To.OWN
    LEADER_ASKED = "leader_asked", STATE, None, About.STEP, To.OWN  # asks who comes

    # --- an agency's part
    PART_OVER = "part_over", STATE, None, About.PART, To.LEFT, Until.DELETED
    NOT_OURS = "not_ours", STATE, At, About.PART, To.COORDINATORS  # `At`: since when
    # asks whether the part is over; `At`: when they left
    SEAT_LEFT = "seat_left", STATE, At, About.SEAT, To.OWN, Until.DELETED
    HANDED_OVER = "handed_over", STATE, None, About.SEAT, To.COORDINATORS  # subject: the new seat
    # subject: the new seat, or a coordinator's in a case that none of them has; first a reminder of
    # taushetsplikt, then: it is not taken over
    SUCCESSOR_UNCONFIRMED = "successor_unconfirmed", PLAN, PlannedFor, About.SEAT, To.OWN
    SUCCESSOR_SILENT = "successor_silent", PLAN, PlannedFor, About.SEAT, To.COORDINATORS

    # --- what has happened
    MEETING_MOVED = "meeting_moved", STATE, Revision, About.MEETING, To.COORDINATORS
    MEETING_CANCELLED = "meeting_cancelled", STATE, None, About.MEETING, To.ROOM | To.INVITED, Until.DELETED
    # subject: the last meeting; proposes the next one
    MEETING_PROPOSED = "meeting_proposed", STATE, None, About.MEETING, To.COORDINATORS, Until.CLOSED
    PERSONS_CHANGED = "persons_changed", EVENT, PersonsChange, About.CASE, To.ROOM
    CASE_WAITS = "case_waits", STATE, None, About.PAUSE, To.ROOM
    CASE_CLOSED = "case_closed", STATE, None, About.CASE, To.BOTH, Until.DELETED
    CASE_REOPENED = "case_reopened", EVENT, At, About.CASE, To.ROOM
    # to the room only while no coordinator can be told
    INTRUDER = "intruder", ONCE, Occurrence, About.CASE, To.BOTH, Until.DELETED
    KICK_REFUSED = "kick_refused", ONCE, Occurrence, About.CASE, To.BOTH, Until.DELETED
    # subject: the seat that ended with an account; says who is asked for the agency
    CONTACT_GONE = "contact_gone", STATE, None, About.SEAT, To.COORDINATORS, Until.CLOSED
    APP_WROTE = "app_wrote", ONCE, Occurrence, About.CASE, To.ROOM, Until.DELETED  # forbidden content
    # repeated until settled: the room is no longer the closed room of the case
    ROOM_TROUBLE = "room_trouble", PLAN, PlannedFor, About.CASE, To.COORDINATORS, Until.DELETED
    # the room is closed again, or there is a new one; `At`: since when there was trouble
    ROOM_SETTLED = "room_settled", STATE, At, About.CASE, To.COORDINATORS, Until.DELETED
    CASE_OFFERED = "case_offered", STATE, None, About.CASE, To.ANY_COORDINATOR  # to the one asked to take it
    OFFER_ANSWERED = "offer_answered", EVENT, At, About.CASE, To.COORDINATORS  # to the one who had the case
    NOT_LET_IN = "not_let_in", STATE, None, About.SEAT, To.COORDINATORS, Until.DELETED  # by Slack
    CARD_DELETED = "card_deleted", STATE, None, About.CASE, To.COORDINATORS, Until.DELETED
    NOT_DELIVERED = "not_delivered", ONCE, Undelivered, About.ANYTHING, To.COORDINATORS, Until.DELETED
    # an entry of the ledger cannot be read; `Occurrence`: the first such entry
    SET_ASIDE = "set_aside", ONCE, Occurrence, About.CASE, To.COORDINATORS, Until.DELETED
    # Slack does not let the bot delete its messages
    NOT_DELETED = "not_deleted", ONCE, Undeleted, About.CASE, To.COORDINATORS, Until.DELETED

    # --- liaisons
    LIAISON_ENDS = "liaison_ends", ONCE, None, About.LIAISON  # ends the seat on the day
    LIAISON_LEFT = "liaison_left", STATE, None, About.LIAISON, To.ROOM | To.OWN, Until.DELETED
    # first a reminder of taushetsplikt, then: it is not confirmed
    LIAISON_UNCONFIRMED = "liaison_unconfirmed", PLAN, PlannedFor, About.SEAT, To.OWN
    LIAISON_SILENT = "liaison_silent", PLAN, PlannedFor, About.SEAT, To.COORDINATORS

    # --- the meeting while it is held, and its follow-up
    ROLL_CALL = "roll_call", STATE, Revision, About.MEETING, To.ROOM  # until it is over
    # at the meeting's start and end (`At`): update the messages about it, apply its register
    MEETING_TURNS = "meeting_turns", ONCE, At, About.MEETING
    QUORUM = "quorum", STATE, Revision, About.MEETING, To.CHAIR  # while too few have come
    MINUTES = "minutes", STATE, None, About.MEETING, To.BOTH, Until.DELETED
    ABSENCE_REASON = "absence_reason", STATE, None, About.DUTY, To.LEAD  # asks why nobody came
    ABSENCE_TOLD = "absence_told", STATE, None, About.DUTY, To.LEADERS  # without the code
    ABSENCE = "absence", STATE, None, About.DUTY, To.COORDINATORS  # says who was asked for the reason
    # the agency stayed away twice; `At`: when the previous meeting began
    DIRECTOR_TEXT = "director_text", STATE, At, About.DUTY, To.COORDINATORS

    # --- reminders of meetings and of the case
    MEETING_SOON = "meeting_soon", PLAN, PlannedFor, About.MEETING, To.INSIDE
    REGISTER = "register", PLAN, PlannedFor, About.MEETING, To.COORDINATORS
    NO_MEETING_AHEAD = "no_meeting_ahead", PLAN, PlannedFor, About.CASE, To.COORDINATORS
    CONTACT_DUE = "contact_due", PLAN, PlannedFor, About.PAUSE, To.PEOPLE | To.COORDINATORS
    # people have to delete what they wrote themselves
    DELETION_SOON = "deletion_soon", PLAN, PlannedFor, About.CASE, To.COORDINATORS, Until.DELETED

    # --- guidance asked for in the room
    CASE_QUESTION = "case_question", STATE, None, About.QUESTION, To.COORDINATORS, Until.DELETED
    CASE_ANSWER = "case_answer", STATE, Revision, About.QUESTION, To.ASKER, Until.DELETED
    CASE_QUESTION_WAITS = "case_question_waits", PLAN, PlannedFor, About.QUESTION, To.COORDINATORS

    # --- actions, placements and dates
    ACTION_AGREED = "action_agreed", STATE, None, About.ACTION, To.PEOPLE, Until.CLOSED
    ACTION_DUE = "action_due", PLAN, PlannedFor, About.ACTION, To.PEOPLE
    ACTION_CALL = "action_call", PLAN, PlannedFor, About.ACTION, To.COORDINATORS  # to ring the owner
    ACTION_LEADER = "action_leader", PLAN, PlannedFor, About.ACTION, To.LEADERS  # without the code
    ACTION_OVERDUE = "action_overdue", PLAN, PlannedFor, About.ACTION, To.COORDINATORS
    PLACEMENT_MEETING = "placement_meeting", PLAN, PlannedFor, About.PLACEMENT, To.COORDINATORS  # to plan
    # tells the coordinators whom to tell
    PLACEMENT_TOLD = "placement_told", STATE, PlacementChange, About.PLACEMENT, To.BOTH, Until.CLOSED
    PLACEMENT_END = "placement_end", PLAN, PlannedFor, About.PLACEMENT, To.COORDINATORS
    DEADLINE_DUE = "deadline_due", PLAN, PlannedFor, About.DEADLINE, To.PEOPLE

    # --- to one person, for no single case
    # what fell due while the bot was down; `At`: the six hours it belongs to
    SUMMARY = "summary", ONCE, At, About.PERSON
    OPEN_ASKS = "open_asks", ONCE, Occurrence, About.PERSON
    # to somebody who was told to wait and did not see the result there
    WAIT_OVER = "wait_over", ONCE, Waited, About.PERSON
    ROSTER_PAGE = "roster_page", STATE, Day, About.PERSON  # who can do what, as a page to print
    APPOINTED = "appointed", STATE, At, About.TEAM  # to a new coordinator
    # subject: the coordinator's post; to the other coordinators, and to a guest who no longer coordinates
    COORDINATOR_GONE = "coordinator_gone", STATE, At, About.TEAM
    CONTACT_APPROVAL = "contact_approval", STATE, At, About.TEAM  # to coordinators; subject: contact
    # subject: contact; to the agency's leaders
    CONTACT_DECIDED = "contact_decided", STATE, ContactDecision, About.TEAM
    # subject: leftovers; to the coordinators: links to messages that Slack does not let the bot delete;
    # `Day`: the day of a reminder
    LEFT_STANDING = "left_standing", STATE, Day, About.TEAM
    # subject: team; to the people asked in a case that was opened by mistake, and to the coordinators
    UNDONE = "undone", STATE, Withdrawn, About.TEAM
    # the duty report; subject: team; to the coordinator who asked for it
    REPORT = "report", STATE, ReportPeriod, About.TEAM
    REPORT_SHEET = "report_sheet", STATE, ReportPeriod, About.TEAM  # a file with what may be shared
    # the yearly report; subject: team; to the coordinator who asked for it
    YEARLY = "yearly", STATE, ReportPeriod, About.TEAM

    # --- outside cases: guidance, requests to convene, joint meetings
    GUIDANCE_ASKED = "guidance_asked", STATE, None, About.ITEM  # to the coordinators
    GUIDANCE_STANDS = "guidance_stands", STATE, None, About.ITEM  # to the asker: until when
    # to the asker; `Revision`: number of the answer, without one the question was closed
    GUIDANCE_ANSWER = "guidance_answer", STATE, Revision, About.ITEM
    GUIDANCE_TALK = "guidance_talk", STATE, Revision, About.ITEM  # to the asker
    GUIDANCE_ENTRY = "guidance_entry", STATE, Revision, About.ITEM  # to the two who are to talk; an .ics file
    GUIDANCE_WAITS = "guidance_waits", PLAN, PlannedFor, About.ITEM  # reminds coordinators of the promise
    CONVENE_ASKED = "convene_asked", STATE, None, About.ITEM  # to the coordinators
    CONVENE_STANDS = "convene_stands", STATE, None, About.ITEM  # to the asker: until when
    CONVENE_DECIDED = "convene_decided", STATE, None, About.ITEM  # to the asker: yes or no
    CONVENE_WAITS = "convene_waits", PLAN, PlannedFor, About.ITEM  # reminds the coordinators to decide
    JOINT_CALLED = "joint_called", STATE, None, About.ITEM  # to the coordinators: who comes
    JOINT_INVITED = "joint_invited", STATE, Revision, About.ITEM  # to somebody invited
    JOINT_ENTRY = "joint_entry", STATE, Revision, About.ITEM  # to somebody invited; an .ics file
    # subject: invitation; the calendar entry of somebody whom only mail reaches
    JOINT_MAIL = "joint_mail", JOB, None, About.ITEM
    # subject: invitation; to the coordinators: an answer that was not applied
    JOINT_HELD = "joint_held", STATE, HeldAnswer, About.ITEM
    JOINT_SOON = "joint_soon", PLAN, PlannedFor, About.ITEM  # to everybody who has not declined
    JOINT_REGISTER = "joint_register", PLAN, PlannedFor, About.ITEM  # to the coordinators, afterwards
    # the drill: to a contact; the contact's one reminder; to the coordinators
    DRILL_ASKED = "drill_asked", STATE, None, About.ITEM
    DRILL_REMINDED = "drill_reminded", STATE, None, About.ITEM
    DRILL_HELD = "drill_held", STATE, None, About.ITEM
    DRILL_MAIL = "drill_mail", JOB, None, About.ITEM  # subject: ask; to a contact who is not on Slack


#: Urgent kinds that have no answer deadline.
URGENT_WITHOUT_DEADLINE = frozenset(
    {
        Kind.INTRUDER,
        Kind.KICK_REFUSED,
        Kind.ROOM_TROUBLE,
        Kind.NOT_DELIVERED,
        Kind.SET_ASIDE,
        Kind.LEADER_ASKED,
        Kind.CALL_LIST,
        Kind.NOT_OURS,
    }
)
#: Also the questions that a meeting depends on. Keep it short: if every kind is urgent, none is.
URGENT = URGENT_WITHOUT_DEADLINE | {
    *(Kind.CASE_ACKNOWLEDGEMENT, Kind.ACKNOWLEDGEMENT, Kind.SUMMONS, Kind.CASE_OFFERED)
}

#: Kinds that are due at a fixed time. If our clock is ahead of Slack's, they wait for Slack's.
TIMED_KINDS = frozenset(
    {
        *(kind for kind in Kind if kind.origin is Origin.PLAN),
        Kind.ESCALATION,
        Kind.LIAISON_ENDS,
        Kind.MEETING_TURNS,
        Kind.ITEM_TURNS,
    }
)

#: Messages of an escalation chain. A restore repeats its steps under other ids, so they may be sent already.
CHAIN_KINDS = frozenset(
    {Kind.SUMMONS, Kind.ACKNOWLEDGEMENT, Kind.UNANSWERED, Kind.LEADER_ASKED, Kind.CALL_LIST}
)


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing to deliver.

    `subject` is the id of the object it is about, `recipient` a person id or None for the room.
    `useful_until` is when it stops being useful; after that, a notification that is told once becomes part
    of a summary. `key` identifies it permanently. `item` names the object with its own key, outside every
    case, that it belongs to («guidance/<id>»). A notification about a person has that person as its subject
    and recipient. `refreshes`: it updates or deletes a message that was told once. `revives`: it is tried
    again even if Slack has permanently refused it.
    """

    kind: Kind
    subject: str
    case_id: str | None = None
    recipient: str | None = None
    due_at: datetime | None = None
    useful_until: datetime | None = None
    params: Params | None = None
    item: str | None = None
    refreshes: bool = False
    revives: bool = True

    def __post_init__(self) -> None:
        if self.params is not None and type(self.params) is not self.kind.params:
            raise TypeError(f"{self.kind} has no {type(self.params).__name__}")
        if self.kind.about is About.PERSON and self.subject != self.recipient:
            raise TypeError(f"{self.kind} is of its recipient alone")

    @property
    def has_no_owner(self) -> bool:
        """Return whether it belongs to no case and to no other object with its own key."""
        return self.case_id is None and self.item is None

    @property
    def once(self) -> bool:
        return self.kind.told_once and not self.refreshes

    @property
    def key(self) -> str:
        """`kind:subject:recipient:params`, deterministic, made of internal ids and numbers only."""
        params = self.params.key if self.params is not None else ""
        return ":".join((self.kind, self.subject, self.recipient or "room", params)).rstrip(":")

    def params_as(self, shape: type[P]) -> P:
        if not isinstance(self.params, shape):
            raise TypeError(f"{self.kind} without {shape.__name__}")
        return self.params


@dataclass(frozen=True, slots=True)
class Reminder:
    """A step of a case's plan, about an object of the case. Its kind says who reads it."""

    kind: Kind
    about: Any
    due_at: datetime
    useful_until: datetime | None
    step: str
