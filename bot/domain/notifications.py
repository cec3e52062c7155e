"""Notifications: each names what is to be told or mended in Slack; the text is made when it is delivered.

`Kind` is the one registry of all that can be delivered; what shows a kind is declared by its subject in
`handlers` (`handlers.delivery.declarations`). What follows state («make this message, card, room or Home
current») is idempotent: asking again while it waits changes nothing, asking again while it is being delivered
has it delivered once more. What is told once, or comes from a plan, happens at most once for its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import TypeVar

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

    The channel is by Slack's id, None for the recipient's direct messages, which were not opened yet.
    """

    row: int
    channel: str | None
    attempt: int


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


class Scope(Enum):
    CASE = auto()
    PERSON = auto()
    TEAM = auto()
    ITEM = auto()  # a thing outside cases with a key of its own (`ExternalItem`)


class Kind(StrEnum):
    """Every kind of thing that can be delivered: its name, its origin, its parameters, of what it is.

    A notification may lack its parameters where there is nothing to say.
    """

    origin: Origin
    params: type[Params] | None
    scope: Scope

    def __new__(
        cls,
        name: str,
        origin: Origin = Origin.STATE,
        params: type[Params] | None = None,
        scope: Scope = Scope.CASE,
    ) -> Kind:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.origin, kind.params, kind.scope = origin, params, scope
        return kind

    @property
    def told_once(self) -> bool:
        return self.origin in (Origin.ONCE, Origin.PLAN)

    @property
    def urgent(self) -> bool:
        """Return whether it goes before everything else that waits, in the outbox and in its channel."""
        return self in URGENT

    # --- the room, and what stands beside it
    ROOM = "room", Origin.JOB  # the room of a case: created, its people, its card, archived
    # subject: case; what stands of it and is not current is made so
    STANDING = "standing", Origin.JOB
    HOME = "home", Origin.JOB, None, Scope.PERSON
    # subject: the opaque key of a message, of whatever: delete what stands of it beside the one remembered
    COPIES = "copies", Origin.JOB, Copies
    PURGE = "purge", Origin.JOB  # subject: case: delete what the bot posted, archive the room
    # subject: what lies outside cases; delete what was posted, destroy the key
    FORGET = "forget", Origin.JOB, None, Scope.ITEM

    # --- the question of taushetsplikt; subject: seat; since when, where it is put anew
    CASE_ACKNOWLEDGEMENT = "case_acknowledgement", Origin.STATE, At  # of a coordinator
    ACKNOWLEDGEMENT = "acknowledgement", Origin.STATE, At

    # --- the summons and its answer; subject: ask
    SUMMONS = "summons", Origin.STATE, Revision
    INVITE = "invite", Origin.STATE, Revision  # an .ics file; also of a liaison's invitation
    MAY_COME = "may_come", Origin.STATE, Revision  # subject: a liaison's invitation; what the file is for
    MAIL_INVITE = "mail_invite", Origin.JOB  # the entry in the calendar of the one asked, by mail
    # subject: meeting; to the coordinators: whom to ring; when the last of them was new
    CALL_LIST = "call_list", Origin.STATE, At
    MAIL_CALL = "mail_call", Origin.ONCE, MailReply  # by mail to one who has declined by mail alone: ring
    MAIL_WAITS = "mail_waits", Origin.STATE  # subject: case; to the coordinators: for an operator
    HELD_REPLY = "held_reply", Origin.STATE, HeldAnswer  # to the coordinators: an answer that was not applied
    CALENDAR_ANSWER = "calendar_answer", Origin.STATE  # to the one asked: what the calendar's answer lacks
    DEPUTY_APPROVAL = "deputy_approval", Origin.STATE  # a deputy's; to the coordinators
    DEPUTY_WAITS = "deputy_waits", Origin.PLAN, PlannedFor  # a deputy's; to the coordinators: not decided
    DEPUTY_REFUSED = "deputy_refused", Origin.STATE  # a deputy's; to the one who named them

    # --- several times for one meeting; subject: poll
    TIMES_ASKED = "times_asked", Origin.STATE  # to each who would be asked to it: which of them suit
    TIMES_BEST = "times_best", Origin.STATE  # to whoever has the case, once: which is best

    # --- the escalation of an ask that is not answered
    ESCALATION = "escalation", Origin.JOB, ChainStep  # subject: ask; take the steps of its chain that are due
    UNANSWERED = "unanswered", Origin.STATE, Revision  # subject: ask; to the one asked
    LEADER_ASKED = "leader_asked", Origin.STATE  # subject: step; to the agency's leader: who comes?

    # --- an agency's part
    PART_OVER = "part_over", Origin.STATE  # subject: involvement
    # subject: involvement; to the coordinators: the agency says that the case is not theirs; since when
    NOT_OURS = "not_ours", Origin.STATE, At
    SEAT_LEFT = "seat_left", Origin.ONCE, Occurrence  # subject: seat; asks whether the part is over
    HANDED_OVER = "handed_over", Origin.STATE  # subject: the new seat; to the coordinators
    # subject: the new seat; reminds of taushetsplikt; to the coordinators: it is not taken over
    SUCCESSOR_UNCONFIRMED = "successor_unconfirmed", Origin.PLAN, PlannedFor
    SUCCESSOR_SILENT = "successor_silent", Origin.PLAN, PlannedFor

    # --- what has happened
    MEETING_MOVED = "meeting_moved", Origin.STATE, Revision  # subject: meeting; to the coordinators
    MEETING_CANCELLED = "meeting_cancelled", Origin.STATE  # subject: meeting; to the room and those asked
    MEETING_PROPOSED = "meeting_proposed", Origin.STATE  # subject: the last meeting; to the coordinators
    # subject: case; to the room, and to the coordinators: whom to tell
    PHASE_CHANGED = "phase_changed", Origin.EVENT, At
    # subject: case; to the room: which persons it is about
    PERSONS_CHANGED = "persons_changed", Origin.EVENT, PersonsChange
    CASE_WAITS = "case_waits", Origin.STATE  # subject: pause; to the room
    CASE_GOES_ON = "case_goes_on", Origin.STATE  # subject: pause; to the room: that the waiting is over
    RELEASE_OFFERED = "release_offered", Origin.STATE  # subject: pause; to the coordinators
    CASE_CLOSED = "case_closed", Origin.STATE  # subject: case; to the room and seat holders
    CASE_REOPENED = "case_reopened", Origin.EVENT, At  # subject: case; to the room; when
    INTRUDER = "intruder", Origin.ONCE, Occurrence  # subject: case; to the coordinators
    KICK_REFUSED = "kick_refused", Origin.ONCE, Occurrence  # subject: case; to the room and the coordinators
    # subject: the seat that ended; to the coordinators: an account is gone, and who is asked for the agency
    CONTACT_GONE = "contact_gone", Origin.STATE
    # subject: case; to the room: an app has written what may not be there
    APP_WROTE = "app_wrote", Origin.ONCE, Occurrence
    # subject: case; to the coordinators, until it is settled: the room is no closed room of the case any more
    ROOM_TROUBLE = "room_trouble", Origin.PLAN, PlannedFor
    # subject: case; to the coordinators: it is, or there is a new one; since when there was trouble
    ROOM_SETTLED = "room_settled", Origin.STATE, At
    CASE_OFFERED = "case_offered", Origin.STATE  # subject: case; to the coordinator who is to take it over
    OFFER_ANSWERED = "offer_answered", Origin.EVENT, At  # to whoever had the case until then; when
    NOT_LET_IN = "not_let_in", Origin.STATE  # subject: seat; to the coordinators: Slack lets them not in
    # subject: case; to the coordinators: somebody has deleted the card
    CARD_DELETED = "card_deleted", Origin.STATE
    # subject: that of what did not arrive; to the coordinators
    NOT_DELIVERED = "not_delivered", Origin.ONCE, Undelivered
    # subject: case; to the coordinators: something cannot be read (the first entry)
    SET_ASIDE = "set_aside", Origin.ONCE, Occurrence
    # subject: case; to the coordinators: where Slack does not let the bot delete its messages
    NOT_DELETED = "not_deleted", Origin.ONCE, Undeleted

    # --- liaisons
    LIAISON_ENDS = "liaison_ends", Origin.ONCE  # subject: liaison; on the day: the seat is ended
    LIAISON_LEFT = "liaison_left", Origin.STATE  # subject: liaison; to the room and to the liaison
    # subject: seat; reminds the liaison of taushetsplikt; to the coordinators: it is not confirmed
    LIAISON_UNCONFIRMED = "liaison_unconfirmed", Origin.PLAN, PlannedFor
    LIAISON_SILENT = "liaison_silent", Origin.PLAN, PlannedFor

    # --- the meeting as it is held, and what is left of it
    # subject: meeting; to the room, from its start until it is over and registered
    ROLL_CALL = "roll_call", Origin.STATE, Revision
    # subject: meeting; at its start and its end: what stands about it is brought in line; its register; when
    MEETING_TURNS = "meeting_turns", Origin.ONCE, At
    QUORUM = "quorum", Origin.STATE, Revision  # subject: meeting; to its chair, while too few have come
    # subject: meeting; to the room and, as plain text, to those who take part
    MINUTES = "minutes", Origin.STATE
    ABSENCE_REASON = "absence_reason", Origin.STATE  # subject: duty; to the agency's lead: why?
    ABSENCE_TOLD = "absence_told", Origin.STATE  # subject: duty; to the agency's leaders, without the code
    ABSENCE = "absence", Origin.STATE  # subject: duty; to the coordinators: who was asked for the reason
    # subject: duty; to the coordinators: the agency stayed away twice; when the meeting before began
    DIRECTOR_TEXT = "director_text", Origin.STATE, At

    # --- reminders of meetings and of the case
    MEETING_SOON = "meeting_soon", Origin.PLAN, PlannedFor  # subject: meeting; to those who come
    REGISTER = "register", Origin.PLAN, PlannedFor  # subject: meeting; to the coordinators
    NO_MEETING_AHEAD = "no_meeting_ahead", Origin.PLAN, PlannedFor  # subject: case; to the coordinators
    # subject: pause; to those who make contact and the coordinators
    CONTACT_DUE = "contact_due", Origin.PLAN, PlannedFor
    # subject: case; to the coordinators: what others wrote has to be deleted
    DELETION_SOON = "deletion_soon", Origin.PLAN, PlannedFor

    # --- guidance asked for in the room; subject: question
    CASE_QUESTION = "case_question", Origin.STATE  # to the coordinators
    CASE_ANSWER = "case_answer", Origin.STATE, Revision  # to the one who asked: which answer
    CASE_QUESTION_WAITS = "case_question_waits", Origin.PLAN, PlannedFor  # to the coordinators: the promise

    # --- actions, placements and dates
    ACTION_AGREED = "action_agreed", Origin.STATE  # subject: action; to the owner's people
    ACTION_DUE = "action_due", Origin.PLAN, PlannedFor  # subject: action; to the owner's people
    ACTION_CALL = "action_call", Origin.PLAN, PlannedFor  # to the coordinators: its owner has to be rung
    ACTION_LEADER = "action_leader", Origin.PLAN, PlannedFor  # to the owner's leader, without the code
    ACTION_OVERDUE = "action_overdue", Origin.PLAN, PlannedFor  # to the coordinators
    PLACEMENT_MEETING = "placement_meeting", Origin.PLAN, PlannedFor  # to the coordinators: time to plan
    # subject: placement; to the room; to the coordinators: whom to tell
    PLACEMENT_TOLD = "placement_told", Origin.STATE, PlacementChange
    PLACEMENT_END = "placement_end", Origin.PLAN, PlannedFor  # subject: placement; to the coordinators
    DEADLINE_DUE = "deadline_due", Origin.PLAN, PlannedFor  # subject: deadline; to those whose it is

    # --- to one person, of no single case
    # what fell due while the bot was away; in which six hours
    SUMMARY = "summary", Origin.ONCE, At, Scope.PERSON
    OPEN_ASKS = "open_asks", Origin.ONCE, Occurrence, Scope.PERSON
    # to whoever was told to wait and was not told there how it ended
    WAIT_OVER = "wait_over", Origin.ONCE, Waited, Scope.PERSON
    ROSTER_PAGE = "roster_page", Origin.STATE, Day, Scope.PERSON  # who can what, as a page to print
    APPOINTED = "appointed", Origin.STATE, At, Scope.TEAM  # subject: team; to a new coordinator
    # subject: the coordinator's post; to the team's others, and to a guest who coordinates it no more
    COORDINATOR_GONE = "coordinator_gone", Origin.STATE, At, Scope.TEAM
    CONTACT_APPROVAL = "contact_approval", Origin.STATE, At, Scope.TEAM  # to coordinators; subject: contact
    # subject: contact; to the agency's leaders
    CONTACT_DECIDED = "contact_decided", Origin.STATE, ContactDecision, Scope.TEAM
    # subject: leftovers; to the coordinators: links to what Slack does not let the bot delete; the day of a
    # reminder
    LEFT_STANDING = "left_standing", Origin.STATE, Day, Scope.TEAM
    # subject: team; to those who had been asked in a case that was opened by mistake, and the coordinators
    UNDONE = "undone", Origin.STATE, Withdrawn, Scope.TEAM
    # the duty report; subject: team, to a coordinator who has asked for it
    REPORT = "report", Origin.STATE, ReportPeriod, Scope.TEAM
    REPORT_PICTURE = "report_picture", Origin.STATE, ReportPeriod, Scope.TEAM
    REPORT_SHEET = "report_sheet", Origin.STATE, ReportPeriod, Scope.TEAM  # a file, of what may be shared
    # the yearly report; subject: team, to a coordinator who has asked for it
    YEARLY = "yearly", Origin.STATE, ReportYear, Scope.TEAM
    YEARLY_PICTURE = "yearly_picture", Origin.STATE, ReportYear, Scope.TEAM
    YEARLY_SHEET = "yearly_sheet", Origin.STATE, ReportYear, Scope.TEAM

    # --- outside cases: guidance, requests to convene, joint meetings
    GUIDANCE_ASKED = "guidance_asked", Origin.STATE, None, Scope.ITEM  # to the coordinators
    GUIDANCE_STANDS = "guidance_stands", Origin.STATE, None, Scope.ITEM  # to the one who asked
    # to the one who asked: which answer; without, that it was closed
    GUIDANCE_ANSWER = "guidance_answer", Origin.STATE, Revision, Scope.ITEM
    GUIDANCE_TALK = "guidance_talk", Origin.STATE, Revision, Scope.ITEM  # to both who are to talk
    GUIDANCE_ENTRY = "guidance_entry", Origin.STATE, Revision, Scope.ITEM  # to the same; an .ics file
    GUIDANCE_WAITS = "guidance_waits", Origin.PLAN, PlannedFor, Scope.ITEM  # to the coordinators: the promise
    CONVENE_ASKED = "convene_asked", Origin.STATE, None, Scope.ITEM  # to the coordinators
    CONVENE_STANDS = "convene_stands", Origin.STATE, None, Scope.ITEM  # to the one who asked
    CONVENE_DECIDED = "convene_decided", Origin.STATE, None, Scope.ITEM  # to the one who asked: yes or no
    CONVENE_WAITS = "convene_waits", Origin.PLAN, PlannedFor, Scope.ITEM  # reminds the coordinators to decide
    JOINT_CALLED = "joint_called", Origin.STATE, None, Scope.ITEM  # to the coordinators: who comes
    JOINT_INVITED = "joint_invited", Origin.STATE, Revision, Scope.ITEM  # to somebody invited
    JOINT_ENTRY = "joint_entry", Origin.STATE, Revision, Scope.ITEM  # to somebody invited; an .ics file
    # subject: invitation; the entry in the calendar of one invited by mail alone
    JOINT_MAIL = "joint_mail", Origin.JOB, None, Scope.ITEM
    JOINT_POST = "joint_post", Origin.STATE, None, Scope.ITEM  # to the coordinators: undelivered mail
    # subject: invitation; to the coordinators: an answer that was not applied
    JOINT_HELD = "joint_held", Origin.STATE, HeldAnswer, Scope.ITEM
    JOINT_SOON = "joint_soon", Origin.PLAN, PlannedFor, Scope.ITEM  # to whoever has not said they stay away
    JOINT_REGISTER = "joint_register", Origin.PLAN, PlannedFor, Scope.ITEM  # to the coordinators, afterwards
    # the drill: to a contact, its one reminder, to the coordinators
    DRILL_ASKED = "drill_asked", Origin.STATE, None, Scope.ITEM
    DRILL_REMINDED = "drill_reminded", Origin.STATE, None, Scope.ITEM
    DRILL_HELD = "drill_held", Origin.STATE, None, Scope.ITEM
    DRILL_MAIL = "drill_mail", Origin.JOB, None, Scope.ITEM  # subject: ask; to a contact who is not on Slack


#: Alerts, and questions whose answer a meeting waits for. Few: what all have, nobody has.
URGENT = frozenset(
    {
        Kind.INTRUDER,
        Kind.KICK_REFUSED,
        Kind.ROOM_TROUBLE,
        Kind.NOT_DELIVERED,
        Kind.SET_ASIDE,
        Kind.CASE_ACKNOWLEDGEMENT,
        Kind.ACKNOWLEDGEMENT,
        Kind.SUMMONS,
        Kind.LEADER_ASKED,
        Kind.CALL_LIST,
        Kind.NOT_OURS,
    }
)

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
        if self.kind.scope is Scope.PERSON and self.subject != self.recipient:
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


def planned(
    kind: Kind,
    subject: str,
    recipients: Iterable[str],
    at: datetime,
    until: datetime | None,
    step: str,
    *,
    case_id: str | None = None,
    item: str | None = None,
) -> Iterator[Notification]:
    """Yield the reminder that is a step of a plan to each recipient: due `at`, of use `until`."""
    for recipient in recipients:
        yield Notification(kind, subject, case_id, recipient, at, until, PlannedFor(step, at), item)
