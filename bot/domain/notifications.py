"""Notifications: each names what is to be told or mended in Slack; the text is made when it is delivered.

`Kind` is the one registry of all that can be delivered; what shows a kind is declared by its subject in
`handlers` (`handlers.delivery.declarations`). What follows state («make this message, card, room or Home
current») is idempotent: asking again while it waits changes nothing, asking again while it is being delivered
has it delivered once more. What is told once, or comes from a plan, happens at most once for its key.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum, Flag, StrEnum, auto
from typing import Any, TypeVar

#: How long a reminder of something overdue is of use.
USEFUL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters of a notification, beside its kind, subject and recipient.

    They hold ids, numbers, instants, and words of the code: nothing that a person wrote. Instants are aware,
    and kept in whole seconds, as the key has them.
    """

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, datetime):
                object.__setattr__(self, field.name, value.replace(microsecond=0))

    @property
    def key(self) -> str:
        """The fields as text: equal for equal parameters, and for no others."""
        return ".".join(_text(getattr(self, field.name)) for field in fields(self))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Revision(Params):
    """A version: the sequence of an ask, a meeting or a talk, the number of an answer."""

    sequence: int


@dataclass(frozen=True, slots=True)
class At(Params):
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn(Params):
    """A request that was withdrawn: when, and when it had been made, None for who was asked nothing."""

    at: datetime
    asked_at: datetime | None = None


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
    """The letters of the persons that the case is now about too, or (`closed`) no longer."""

    letters: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Waited(Params):
    """A wait, known by a hash of what was waited for: when it began, and whether it was carried out.

    `why` it was not: names of texts that need nothing filled in. `acute`: it was the form of an acute case.
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
    ended: bool


@dataclass(frozen=True, slots=True)
class ContactDecision(Params):
    approved: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MailReply(Params):
    """An answer by mail: to which sequence of the entry, and its stamp."""

    sequence: int
    stamp: datetime


@dataclass(frozen=True, slots=True)
class HeldAnswer(Params):
    """A mail that was not used: a `Doubt`, a `PartStat`, another time that is proposed.

    All of one `hour` share a message, which shows the newest: a sender cannot fill the coordinators' with
    what can be varied at will. `sequence` is that of the meeting that it was about.
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
class ReportYear(Params):
    """The year of a report; whether it may be shared; in which language; when it was asked for."""

    shared: bool
    year: int
    language: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered(Params):
    """Something that did not arrive: its kind, its recipient (None: the room), what tells it from others."""

    kind: str
    recipient: str | None
    which: str


@dataclass(frozen=True, slots=True)
class Copies(Params):
    """A message that may stand twice: the entry of the ledger that it is of, where, and after which attempt.

    The channel is by Slack's id, None for the recipient's direct messages, which were not opened yet. Of one
    that was `changed` an older version may stand instead.
    """

    row: int
    channel: str | None
    attempt: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Undeleted(Params):
    """Messages that Slack does not let the bot delete: to whom they were (None: to the room)."""

    recipient: str | None


P = TypeVar("P", bound=Params)


class Origin(Enum):
    """The source of notifications of a kind, and how often they are told."""

    STATE = auto()  # a document: made current, or taken away, whenever its subject changes
    EVENT = auto()  # as STATE, but it reads as it did when it happened, until it is taken away
    ONCE = auto()  # an event: told, or seen to, once
    PLAN = auto()  # a reminder: told once, and only if the plan still holds it at its delivery
    JOB = auto()  # no message: something to bring in line, or to take further


class About(StrEnum):
    """The thing whose id is a notification's subject; of a case by its name in the case's file."""

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
    ANYTHING = "anything"  # of a case, also what is not there any more
    PERSON = "person"
    TEAM = "team"  # or something of it that is of no case
    ITEM = "item"  # a thing outside cases with a key of its own (`OutsideItem`)


class To(Flag):
    """The readers of what is of a case: nobody else is told, nor goes on being shown it."""

    ROOM = auto()
    COORDINATORS = auto()  # who have confirmed taushetsplikt for the case
    BOTH = ROOM | COORDINATORS
    ANY_COORDINATOR = auto()  # also who is asked to confirm
    OWN = auto()  # whose it is, if the bot may write to them about it
    CONFIRMED = auto()  # the same, once they have confirmed taushetsplikt
    NAMER = auto()  # who named the deputy
    ASKER = auto()  # who asked the question, while they are in the room
    CHAIR = auto()
    PEOPLE = auto()  # of the agency whose it is; of what is no agency's, the coordinators
    LEAD = auto()  # the agency's one responsible person
    LEADERS = auto()  # of the agency, who are not told as its people
    POLLED = auto()  # who would be asked to the meeting
    LEFT = auto()  # who had a seat for the agency, and has none
    INSIDE = auto()  # whoever is in the room
    INVITED = auto()  # the same, and who was let go as a deputy at the meeting


class While(Enum):
    """The time for which it may stand."""

    STANDS = auto()  # the case is open, and what it is about is not over
    OPEN = auto()  # the case is open
    EVER = auto()


STATE, EVENT, ONCE, PLAN, JOB = Origin


class Kind(StrEnum):
    """Every kind of thing that can be delivered: its name, its origin, its parameters, about what, to whom,
    while what holds.

    A notification may lack its parameters where there is nothing to say. A `Revision` is that of what it is
    about: one of another goes.
    """

    origin: Origin
    params: type[Params] | None
    about: About
    to: To | None
    lasts: While

    def __new__(
        cls,
        name: str,
        origin: Origin = Origin.STATE,
        params: type[Params] | None = None,
        about: About = About.CASE,
        to: To | None = None,
        lasts: While = While.STANDS,
    ) -> Kind:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.origin, kind.params, kind.about, kind.to, kind.lasts = origin, params, about, to, lasts
        return kind

    @property
    def told_once(self) -> bool:
        return self.origin in (Origin.ONCE, Origin.PLAN)

    @property
    def urgent(self) -> bool:
        """Return whether it goes before everything else that waits, in the outbox and in its channel."""
        return self in URGENT

    # --- the room, and what stands beside it
    ROOM = "room", JOB  # the room of a case: created, its people, its card, archived
    STANDING = "standing", JOB  # what stands of a case and is not current is made so
    HOME = "home", JOB, None, About.PERSON
    # subject: the opaque key of a message, of whatever: delete what stands of it beside the one remembered
    COPIES = "copies", JOB, Copies, About.ANYTHING
    PURGE = "purge", JOB  # delete what the bot posted, archive the room
    FORGET = "forget", JOB, None, About.ITEM  # delete what was posted, destroy the key

    # --- the question of taushetsplikt; since when, where it is put anew
    CASE_ACKNOWLEDGEMENT = "case_acknowledgement", STATE, At, About.SEAT, To.OWN  # of a coordinator
    ACKNOWLEDGEMENT = "acknowledgement", STATE, At, About.SEAT, To.OWN, While.OPEN

    # --- the summons and its answer
    SUMMONS = "summons", STATE, Revision, About.ASK, To.CONFIRMED, While.OPEN
    INVITE = "invite", STATE, Revision, About.ASKED, To.CONFIRMED  # an .ics file
    MAY_COME = "may_come", STATE, Revision, About.INVITATION, To.OWN  # what the file is for
    MAIL_INVITE = "mail_invite", JOB, None, About.ASKED  # the entry in their calendar, by mail
    # whom to ring; when the last of them was new
    CALL_LIST = "call_list", STATE, At, About.MEETING, To.COORDINATORS, While.EVER
    MAIL_CALL = "mail_call", ONCE, MailReply, About.ASK  # by mail to one who declined by mail alone: ring
    MAIL_WAITS = "mail_waits", STATE, None, About.CASE, To.COORDINATORS, While.EVER  # for an operator
    # an answer that was not applied
    HELD_REPLY = "held_reply", STATE, HeldAnswer, About.ASKED, To.COORDINATORS, While.OPEN
    CALENDAR_ANSWER = "calendar_answer", STATE, None, About.ASK, To.CONFIRMED  # what it lacks
    DEPUTY_APPROVAL = "deputy_approval", STATE, None, About.ASK, To.COORDINATORS, While.OPEN
    DEPUTY_WAITS = "deputy_waits", PLAN, PlannedFor, About.ASK, To.COORDINATORS, While.OPEN  # not decided
    DEPUTY_REFUSED = "deputy_refused", STATE, None, About.ASK, To.NAMER, While.OPEN

    # --- several times for one meeting
    TIMES_ASKED = "times_asked", STATE, None, About.POLL, To.POLLED  # which of them suit
    TIMES_BEST = "times_best", STATE, None, About.POLL, To.COORDINATORS  # once, to whoever has the case

    # --- the escalation of an ask that is not answered
    ESCALATION = "escalation", JOB, ChainStep, About.ASK  # take the steps of its chain that are due
    UNANSWERED = "unanswered", STATE, Revision, About.ASK, To.OWN
    LEADER_ASKED = "leader_asked", STATE, None, About.STEP, To.OWN  # who comes?

    # --- an agency's part
    PART_OVER = "part_over", STATE, None, About.PART, To.LEFT, While.EVER
    NOT_OURS = "not_ours", STATE, At, About.PART, To.COORDINATORS  # since when
    SEAT_LEFT = "seat_left", STATE, At, About.SEAT, To.OWN  # asks whether the part is over; since when
    HANDED_OVER = "handed_over", STATE, None, About.SEAT, To.COORDINATORS  # the new seat
    # the new seat; reminds of taushetsplikt; it is not taken over
    SUCCESSOR_UNCONFIRMED = "successor_unconfirmed", PLAN, PlannedFor, About.SEAT, To.OWN
    SUCCESSOR_SILENT = "successor_silent", PLAN, PlannedFor, About.SEAT, To.COORDINATORS

    # --- what has happened
    MEETING_MOVED = "meeting_moved", STATE, Revision, About.MEETING, To.COORDINATORS
    MEETING_CANCELLED = "meeting_cancelled", STATE, None, About.MEETING, To.ROOM | To.INVITED, While.EVER
    MEETING_PROPOSED = "meeting_proposed", STATE, None, About.MEETING, To.COORDINATORS, While.OPEN  # the last
    PHASE_CHANGED = "phase_changed", EVENT, At, About.CASE, To.COORDINATORS  # whom to tell
    PERSONS_CHANGED = "persons_changed", EVENT, PersonsChange, About.CASE, To.ROOM
    CASE_WAITS = "case_waits", STATE, None, About.PAUSE, To.ROOM
    CASE_GOES_ON = "case_goes_on", STATE, None, About.PAUSE, To.ROOM, While.OPEN
    RELEASE_OFFERED = "release_offered", STATE, None, About.PAUSE, To.COORDINATORS
    CASE_CLOSED = "case_closed", STATE, None, About.CASE, To.BOTH, While.EVER
    CASE_REOPENED = "case_reopened", EVENT, At, About.CASE, To.ROOM
    INTRUDER = "intruder", ONCE, Occurrence, About.CASE, To.COORDINATORS, While.EVER
    KICK_REFUSED = "kick_refused", ONCE, Occurrence, About.CASE, To.BOTH, While.EVER
    # the seat that ended: an account is gone, and who is asked for the agency
    CONTACT_GONE = "contact_gone", STATE, None, About.SEAT, To.COORDINATORS, While.OPEN
    APP_WROTE = "app_wrote", ONCE, Occurrence, About.CASE, To.ROOM, While.EVER  # what may not be there
    # until it is settled: the room is no closed room of the case any more
    ROOM_TROUBLE = "room_trouble", PLAN, PlannedFor, About.CASE, To.COORDINATORS, While.EVER
    # it is, or there is a new one; since when there was trouble
    ROOM_SETTLED = "room_settled", STATE, At, About.CASE, To.COORDINATORS, While.EVER
    CASE_OFFERED = "case_offered", STATE, None, About.CASE, To.ANY_COORDINATOR  # who is to take it over
    OFFER_ANSWERED = "offer_answered", EVENT, At, About.CASE, To.COORDINATORS  # whoever had the case
    NOT_LET_IN = "not_let_in", STATE, None, About.SEAT, To.COORDINATORS, While.EVER  # by Slack
    CARD_DELETED = "card_deleted", STATE, None, About.CASE, To.COORDINATORS, While.EVER
    NOT_DELIVERED = "not_delivered", ONCE, Undelivered, About.ANYTHING, To.COORDINATORS, While.EVER
    # something cannot be read (the first entry)
    SET_ASIDE = "set_aside", ONCE, Occurrence, About.CASE, To.COORDINATORS, While.EVER
    # where Slack does not let the bot delete its messages
    NOT_DELETED = "not_deleted", ONCE, Undeleted, About.CASE, To.COORDINATORS, While.EVER

    # --- liaisons
    LIAISON_ENDS = "liaison_ends", ONCE, None, About.LIAISON  # on the day: the seat is ended
    LIAISON_LEFT = "liaison_left", STATE, None, About.LIAISON, To.ROOM | To.OWN, While.EVER
    # reminds the liaison of taushetsplikt; it is not confirmed
    LIAISON_UNCONFIRMED = "liaison_unconfirmed", PLAN, PlannedFor, About.SEAT, To.OWN
    LIAISON_SILENT = "liaison_silent", PLAN, PlannedFor, About.SEAT, To.COORDINATORS

    # --- the meeting as it is held, and what is left of it
    ROLL_CALL = "roll_call", STATE, Revision, About.MEETING, To.ROOM  # until it is over and registered
    # at its start and its end: what stands about it is brought in line; its register; when
    MEETING_TURNS = "meeting_turns", ONCE, At, About.MEETING
    QUORUM = "quorum", STATE, Revision, About.MEETING, To.CHAIR  # while too few have come
    MINUTES = "minutes", STATE, None, About.MEETING, To.ROOM | To.INSIDE, While.EVER  # to people, plain text
    ABSENCE_REASON = "absence_reason", STATE, None, About.DUTY, To.LEAD  # why?
    ABSENCE_TOLD = "absence_told", STATE, None, About.DUTY, To.LEADERS  # without the code
    ABSENCE = "absence", STATE, None, About.DUTY, To.COORDINATORS  # who was asked for the reason
    # the agency stayed away twice; when the meeting before began
    DIRECTOR_TEXT = "director_text", STATE, At, About.DUTY, To.COORDINATORS

    # --- reminders of meetings and of the case
    MEETING_SOON = "meeting_soon", PLAN, PlannedFor, About.MEETING, To.INSIDE
    REGISTER = "register", PLAN, PlannedFor, About.MEETING, To.COORDINATORS
    NO_MEETING_AHEAD = "no_meeting_ahead", PLAN, PlannedFor, About.CASE, To.COORDINATORS
    CONTACT_DUE = "contact_due", PLAN, PlannedFor, About.PAUSE, To.PEOPLE | To.COORDINATORS
    # what others wrote has to be deleted
    DELETION_SOON = "deletion_soon", PLAN, PlannedFor, About.CASE, To.COORDINATORS, While.EVER

    # --- guidance asked for in the room
    CASE_QUESTION = "case_question", STATE, None, About.QUESTION, To.COORDINATORS, While.EVER
    CASE_ANSWER = "case_answer", STATE, Revision, About.QUESTION, To.ASKER, While.EVER
    CASE_QUESTION_WAITS = "case_question_waits", PLAN, PlannedFor, About.QUESTION, To.COORDINATORS

    # --- actions, placements and dates
    ACTION_AGREED = "action_agreed", STATE, None, About.ACTION, To.PEOPLE, While.OPEN
    ACTION_DUE = "action_due", PLAN, PlannedFor, About.ACTION, To.PEOPLE
    ACTION_CALL = "action_call", PLAN, PlannedFor, About.ACTION, To.COORDINATORS  # ring its owner
    ACTION_LEADER = "action_leader", PLAN, PlannedFor, About.ACTION, To.LEADERS  # without the code
    ACTION_OVERDUE = "action_overdue", PLAN, PlannedFor, About.ACTION, To.COORDINATORS
    PLACEMENT_MEETING = "placement_meeting", PLAN, PlannedFor, About.PLACEMENT, To.COORDINATORS  # plan it
    # to the coordinators: whom to tell
    PLACEMENT_TOLD = "placement_told", STATE, PlacementChange, About.PLACEMENT, To.BOTH, While.OPEN
    PLACEMENT_END = "placement_end", PLAN, PlannedFor, About.PLACEMENT, To.COORDINATORS
    DEADLINE_DUE = "deadline_due", PLAN, PlannedFor, About.DEADLINE, To.PEOPLE

    # --- to one person, of no single case
    # what fell due while the bot was away; in which six hours
    SUMMARY = "summary", ONCE, At, About.PERSON
    OPEN_ASKS = "open_asks", ONCE, Occurrence, About.PERSON
    # to whoever was told to wait and was not told there how it ended
    WAIT_OVER = "wait_over", ONCE, Waited, About.PERSON
    ROSTER_PAGE = "roster_page", STATE, Day, About.PERSON  # who can what, as a page to print
    APPOINTED = "appointed", STATE, At, About.TEAM  # to a new coordinator
    # subject: the coordinator's post; to the team's others, and to a guest who coordinates it no more
    COORDINATOR_GONE = "coordinator_gone", STATE, At, About.TEAM
    CONTACT_APPROVAL = "contact_approval", STATE, At, About.TEAM  # to coordinators; subject: contact
    # subject: contact; to the agency's leaders
    CONTACT_DECIDED = "contact_decided", STATE, ContactDecision, About.TEAM
    # subject: leftovers; to the coordinators: links to what Slack does not let the bot delete; the day of a
    # reminder
    LEFT_STANDING = "left_standing", STATE, Day, About.TEAM
    # subject: team; to those who had been asked in a case that was opened by mistake, and the coordinators
    UNDONE = "undone", STATE, Withdrawn, About.TEAM
    # the duty report; subject: team, to a coordinator who has asked for it
    REPORT = "report", STATE, ReportPeriod, About.TEAM
    REPORT_PICTURE = "report_picture", STATE, ReportPeriod, About.TEAM
    REPORT_SHEET = "report_sheet", STATE, ReportPeriod, About.TEAM  # a file, of what may be shared
    # the yearly report; subject: team, to a coordinator who has asked for it
    YEARLY = "yearly", STATE, ReportYear, About.TEAM
    YEARLY_PICTURE = "yearly_picture", STATE, ReportYear, About.TEAM
    YEARLY_SHEET = "yearly_sheet", STATE, ReportYear, About.TEAM

    # --- outside cases: guidance, requests to convene, joint meetings
    GUIDANCE_ASKED = "guidance_asked", STATE, None, About.ITEM  # to the coordinators
    GUIDANCE_STANDS = "guidance_stands", STATE, None, About.ITEM  # to the one who asked
    # to the one who asked: which answer; without, that it was closed
    GUIDANCE_ANSWER = "guidance_answer", STATE, Revision, About.ITEM
    GUIDANCE_TALK = "guidance_talk", STATE, Revision, About.ITEM  # to both who are to talk
    GUIDANCE_ENTRY = "guidance_entry", STATE, Revision, About.ITEM  # to the same; an .ics file
    GUIDANCE_WAITS = "guidance_waits", PLAN, PlannedFor, About.ITEM  # to the coordinators: the promise
    CONVENE_ASKED = "convene_asked", STATE, None, About.ITEM  # to the coordinators
    CONVENE_STANDS = "convene_stands", STATE, None, About.ITEM  # to the one who asked
    CONVENE_DECIDED = "convene_decided", STATE, None, About.ITEM  # to the one who asked: yes or no
    CONVENE_WAITS = "convene_waits", PLAN, PlannedFor, About.ITEM  # reminds the coordinators to decide
    JOINT_CALLED = "joint_called", STATE, None, About.ITEM  # to the coordinators: who comes
    JOINT_INVITED = "joint_invited", STATE, Revision, About.ITEM  # to somebody invited
    JOINT_ENTRY = "joint_entry", STATE, Revision, About.ITEM  # to somebody invited; an .ics file
    # subject: invitation; the entry in the calendar of one invited by mail alone
    JOINT_MAIL = "joint_mail", JOB, None, About.ITEM
    JOINT_POST = "joint_post", STATE, None, About.ITEM  # to the coordinators: undelivered mail
    # subject: invitation; to the coordinators: an answer that was not applied
    JOINT_HELD = "joint_held", STATE, HeldAnswer, About.ITEM
    JOINT_SOON = "joint_soon", PLAN, PlannedFor, About.ITEM  # to whoever has not said they stay away
    JOINT_REGISTER = "joint_register", PLAN, PlannedFor, About.ITEM  # to the coordinators, afterwards
    # the drill: to a contact, its one reminder, to the coordinators
    DRILL_ASKED = "drill_asked", STATE, None, About.ITEM
    DRILL_REMINDED = "drill_reminded", STATE, None, About.ITEM
    DRILL_HELD = "drill_held", STATE, None, About.ITEM
    DRILL_MAIL = "drill_mail", JOB, None, About.ITEM  # subject: ask; to a contact who is not on Slack


#: What cannot wait although nobody has to answer by a time.
CANNOT_WAIT = frozenset(
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
#: With the questions whose answer a meeting waits for. Few: what all have, nobody has.
URGENT = CANNOT_WAIT | {Kind.CASE_ACKNOWLEDGEMENT, Kind.ACKNOWLEDGEMENT, Kind.SUMMONS}

#: What is due at a time of day: not before Slack's clock says so too, where ours is ahead of it.
AT_A_TIME = frozenset(
    {
        *(kind for kind in Kind if kind.origin is Origin.PLAN),
        Kind.ESCALATION,
        Kind.LIAISON_ENDS,
        Kind.MEETING_TURNS,
    }
)

#: What a chain tells. After a restore its steps are taken anew, under other ids, and may have been told.
OF_A_CHAIN = frozenset(
    {Kind.SUMMONS, Kind.ACKNOWLEDGEMENT, Kind.UNANSWERED, Kind.LEADER_ASKED, Kind.CALL_LIST}
)


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing to deliver.

    `subject` is the id of what it is about, `recipient` a person id or None for the room. `useful_until` is
    when it stops being of use; past it, one that is told once ends as part of a summary. `key` identifies it
    for ever. `item` names what it is of that has a key of its own outside every case («guidance/<id>»).
    What is of a person has that person as its subject and recipient.
    `refreshes` one that has been told already: it is made current, or taken away. `revives` one that Slack
    has refused for good: it is tried again.
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
    def of_nothing(self) -> bool:
        """Return whether it is of no case, nor of anything else that has a key of its own."""
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
    """A step of a case's plan, about something of it: due when, of use until when. Its kind says to whom."""

    kind: Kind
    about: Any
    due_at: datetime
    useful_until: datetime | None
    step: str
