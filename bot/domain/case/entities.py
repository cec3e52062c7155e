"""The entities of a case: facts only; status is derived from them in `bot.domain.case.file`.

The last part holds the steps of escalation, the roll call, corrections and the counts of the report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.directory.entities import Contact, Ground, NotOurs, Reason

CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 4


class Phase(StrEnum):
    """Acute: coordination, short windows. Working: guidance, longer windows."""

    ACUTE = "acute"
    WORKING = "working"


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class SeatRole(StrEnum):
    COORDINATOR = "coordinator"
    AGENCY = "agency"
    DEPUTY = "deputy"
    LIAISON = "liaison"


class Via(StrEnum):
    SLACK = "slack"
    IN_PERSON = "in_person"
    PHONE = "phone"
    MAIL = "mail"


class SeatEnd(StrEnum):
    PASSED_ON = "passed_on"
    HANDED_OVER = "handed_over"
    PART_OVER = "part_over"
    MEETING_REGISTERED = "meeting_registered"
    NOT_NEEDED = "not_needed"
    COLLEAGUE_ANSWERED = "colleague_answered"
    LEFT = "left"
    RELIEVED = "relieved"
    DEACTIVATED = "deactivated"
    CASE_CLOSED = "case_closed"
    UNTIL_REACHED = "until_reached"


class Answer(StrEnum):
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class DeclineReason(StrEnum):
    """The fixed reasons for forfall. None of them says anything about the case, or anybody's health.

    AWAY covers illness, leave and holiday: a separate reason for the other two would give illness away.
    """

    AWAY = "away"
    OTHER_DUTY = "other_duty"
    COURT = "court"
    NOT_ON_SHIFT = "not_on_shift"
    TRAVEL = "travel"
    OTHER = "other"


class Approval(StrEnum):
    WAITS = "waits"
    APPROVED = "approved"
    REFUSED = "refused"


class Attendance(StrEnum):
    PRESENT = "present"
    LATE = "late"
    DEPUTY_PRESENT = "deputy_present"
    ABSENT_WITH_NOTICE = "absent_with_notice"
    ABSENT_WITHOUT_NOTICE = "absent_without_notice"
    NOT_REACHED = "not_reached"


class QuorumReason(StrEnum):
    """The fixed reasons to go on with too few agencies. None of them says anything about the case."""

    CANNOT_WAIT = "cannot_wait"
    ENOUGH_FOR_NOW = "enough_for_now"
    OTHERS_BY_PHONE = "others_by_phone"
    OTHERS_IN_WRITING = "others_in_writing"


def letters(persons: int) -> str:
    """Return the letters for a number of persons: «ABC» for 3."""
    return "".join(chr(ord("A") + n) for n in range(persons))


@dataclass(frozen=True, slots=True)
class Case:
    """A case: a code, a phase, the number of persons (A, B, C …), and nothing else about anybody.

    `asked_by` is the agency that asked for TOT, None for the coordinator's own initiative; `rhythm` is how
    often the case meets in the working phase, `phase_since` when the phase was last changed. `erasing_since`
    is when erasing the case began; `undone` is true if it was opened by mistake. `in_charge` is the
    coordinator who last took the case or acted in it; `offered_to` is the one asked to take it over.
    """

    id: str
    team_id: str
    code: str
    phase: Phase
    persons: int
    opened_by: str
    opened_at: datetime
    asked_by: str | None = None
    closed_at: datetime | None = None
    delete_on: date | None = None
    purged_at: datetime | None = None
    rhythm: Rhythm | None = None
    phase_since: datetime | None = None
    erasing_since: datetime | None = None
    in_charge: str | None = None
    in_charge_at: datetime | None = None
    offered_to: str | None = None
    undone: bool | None = None

    @property
    def letters(self) -> str:
        return letters(self.persons)

    @property
    def is_being_erased(self) -> bool:
        """Return whether the case is being erased, or has been: nothing more is posted about it."""
        return self.erasing_since is not None or self.purged_at is not None


@dataclass(frozen=True, slots=True)
class CasePart:
    """A part of a case. Both ids are random."""

    id: str
    case_id: str


@dataclass(frozen=True, slots=True)
class EndingPart(CasePart):
    """A part of a case that can be over while the case goes on."""

    ended_at: datetime | None = field(default=None, kw_only=True)

    @property
    def live(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ClosedPerson(CasePart):
    """One person, by letter, for whom the case is over. The other persons keep their letters."""

    letter: str
    closed_at: datetime


class PauseReason(StrEnum):
    """The fixed reasons to pause a case. None of them says anything about anybody."""

    NOT_NOW = "not_now"
    THINKING = "thinking"
    NO_CONTACT = "no_contact"
    OTHER_HELP = "other_help"


@dataclass(frozen=True, slots=True)
class Pause(EndingPart):
    """A pause of the case until `contact_on`, when the agency of `involvement_id` makes contact.

    It does not end automatically on that day: somebody ends it, or another pause replaces it.
    """

    reason: PauseReason
    contact_on: date
    involvement_id: str
    since: datetime


class RoomTrouble(StrEnum):
    """The reason why a room is no longer the closed room of its case."""

    PUBLIC = "public"
    SHARED = "shared"
    ARCHIVED = "archived"
    #: The bot was removed, or the channel was deleted: Slack does not tell the two apart.
    THROWN_OUT = "thrown_out"
    #: The bot was removed, and everybody can read the channel.
    OUT_AND_PUBLIC = "out_and_public"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Room(CasePart):
    """The private channel of a case as the bot last saw it; `members` are person ids.

    `doubts` rises whenever something may have changed the membership behind the bot's back; while it is
    not 0, membership is read from Slack before it is trusted. While there is a `trouble` (since `trouble_at`)
    nothing is posted in the room. `left_out` are people who belong in it but whom Slack does not let in.
    """

    channel_id: str | None = None
    name: str | None = None
    members: tuple[str, ...] = ()
    doubts: int = 0
    archived: bool = False
    kick_refused: bool = False
    trouble: RoomTrouble | None = None
    trouble_at: datetime | None = None
    left_out: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FormerRoom(CasePart):
    """A channel that was the room of a case until another replaced it, and the case code it carried.

    The bot empties it as far as Slack allows, and sets `emptied_at`. `members` are person ids.
    """

    code: str
    channel_id: str
    left_at: datetime
    members: tuple[str, ...] = ()
    emptied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Involvement(EndingPart):
    """The direct involvement of an agency in a case: for which persons, why and on which ground.

    Without `asked_at` it is only *expected*; `not_ours` is the agency's reason why the case is not theirs.
    `on_record` is whether the agency says that its own system holds the closed case; None: not said yet.
    """

    agency_id: str
    persons: str
    reason: Reason
    ground: Ground
    asked_at: datetime | None = None
    not_ours: NotOurs | None = None
    not_ours_at: datetime | None = None
    not_ours_by: str | None = None
    on_record: bool | None = None


@dataclass(frozen=True, slots=True)
class Seat(EndingPart):
    """Involvement × human: the right to the room once taushetsplikt is confirmed for this case.

    `acknowledged_via` other than Slack means that a coordinator (`acknowledged_by`) recorded it. A deputy's
    seat names the meeting after which it ends. `takes_over` is the seat that ends when this one is confirmed.
    `left_at` is when its person left the room of their own accord; None once they are back.
    """

    person_id: str
    role: SeatRole
    asked_at: datetime
    involvement_id: str | None = None
    meeting_id: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_via: Via | None = None
    acknowledged_by: str | None = None
    end: SeatEnd | None = None
    takes_over: str | None = None
    left_at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Return whether the seat is live and taushetsplikt is confirmed for this case."""
        return self.ended_at is None and self.acknowledged_at is not None


@dataclass(frozen=True, slots=True)
class Meeting(CasePart):
    """A meeting of a case. `sequence` is iCalendar's: it rises when time or place change.

    `chair` is the person named to lead it; without one, the coordinator in charge leads. `quorum_reason`
    is why the chair went on although too few agencies had come. `moved_from` is the start before the last
    move, even if only the place changed. `treated` are the points of the agenda that the register marks as
    treated; nothing of what was said is kept.
    """

    starts_at: datetime
    ends_at: datetime
    called_at: datetime
    place: str | None = None
    link: str | None = None
    note: str = ""
    sequence: int = 0
    cancelled_at: datetime | None = None
    registered_at: datetime | None = None
    chair: str | None = None
    quorum_reason: QuorumReason | None = None
    moved_from: datetime | None = None
    treated: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Return whether it is neither called off nor registered; an early register waits for the end."""
        return self.cancelled_at is None and self.registered_at is None


@dataclass(frozen=True, slots=True)
class Duty(CasePart):
    """Meeting × agency: the duty to attend under the TOT mandate. At most one per pair is open.

    `written_report` is whether an absentee's written report has come; `absence_reason` is the agency's answer
    to why nobody came.
    """

    meeting_id: str
    involvement_id: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    attendance: Attendance | None = None
    registered_by: str | None = None
    written_report: bool = False
    absence_reason: DeclineReason | None = None


@dataclass(frozen=True, slots=True)
class Ask(CasePart):
    """Duty × human: who was asked, for when, and what they answered.

    `sequence` is the meeting's when asked. `deputy_for` is the ask
    that this person stands in for. `escalated_from` is the unanswered ask that led to this one, either
    automatically or through the leader, who is then `named_by`. `overtaken_by` is the person whose answer
    withdrew this ask: a colleague who answered first, or the leader who said who comes. `told_via` is how
    they were told outside Slack. `first_answered_at` stays when the answer changes. `asked_anew`: the meeting
    has moved; `ring_anew`: it has moved since a coordinator told them its time. For a deputy: `named_by` is
    who named them, `approval` the coordinator's (`approved_by`) decision.
    """

    duty_id: str
    meeting_id: str
    person_id: str
    uid: str
    asked_at: datetime
    sequence: int
    deputy_for: str | None = None
    told_at: datetime | None = None
    told_via: Via | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    reason: DeclineReason | None = None
    withdrawn_at: datetime | None = None
    escalated_from: str | None = None
    overtaken_by: str | None = None
    named_by: str | None = None
    approval: Approval | None = None
    approved_by: str | None = None
    first_answered_at: datetime | None = None
    asked_anew: bool = False
    ring_anew: bool | None = None

    @property
    def awaits_approval(self) -> bool:
        """Return whether a named deputy waits for approval: until then they are told nothing."""
        return self.withdrawn_at is None and self.approval is Approval.WAITS

    @property
    def open(self) -> bool:
        """Return whether the person asked still has to answer."""
        return self.withdrawn_at is None and self.answer is None and not self.awaits_approval

    @property
    def live(self) -> bool:
        return self.withdrawn_at is None


class StepKind(StrEnum):
    """The steps of an escalation, in their order."""

    REMINDER = "reminder"
    NEXT_CONTACT = "next_contact"
    LEADER = "leader"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class EscalationStep(CasePart):
    """One step that was taken because an ask was not answered.

    `sequence` is the ask's, so that a moved meeting begins its own chain. `person_id` is the person the step
    turned to; None when there was nobody, and for the coordinators. `answered_at` is when a leader named who
    comes.
    """

    duty_id: str
    ask_id: str
    sequence: int
    kind: StepKind
    taken_at: datetime
    person_id: str | None = None
    answered_at: datetime | None = None


class OnDuty(StrEnum):
    """The function of somebody who answers a duty phone and is not a listed contact; never their identity."""

    DUTY_OFFICER = "duty_officer"
    CASE_WORKER = "case_worker"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class PhoneAnswer(CasePart):
    """An answer on an agency's duty phone: somebody on duty confirmed taushetsplikt to the caller.

    `sequence` is the meeting's at the time. Without an `answer` they were only told of it. It gives no seat.
    """

    duty_id: str
    sequence: int
    function: OnDuty
    at: datetime
    recorded_by: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Arrival(CasePart):
    """A person's presence, as they said in the room, until the register says otherwise of their agency.

    `duty_id` is None for a coordinator, and at a meeting without a duty to attend.
    """

    meeting_id: str
    person_id: str
    at: datetime
    duty_id: str | None = None


@dataclass(frozen=True, slots=True)
class Correction(CasePart):
    """A change of one attendance after the meeting was registered: by whom, when, from what to what."""

    duty_id: str
    corrected_at: datetime
    corrected_by: str
    was: Attendance
    became: Attendance
    had_report: bool = False
    has_report: bool = False


class Measure(StrEnum):
    """The report's columns, counted by agency and by the month of the meeting or of an action's end."""

    SUMMONED = "summoned"
    CONFIRMED_IN_TIME = "confirmed_in_time"
    PRESENT = "present"
    LATE = "late"
    DEPUTY_PRESENT = "deputy_present"
    ABSENT_WITH_NOTICE = "absent_with_notice"
    ABSENT_WITHOUT_NOTICE = "absent_without_notice"
    NOT_REACHED = "not_reached"
    WRITTEN_REPORT = "written_report"
    ANSWERED_IN_15_MINUTES = "answered_in_15_minutes"
    ANSWERED_IN_1_HOUR = "answered_in_1_hour"
    ANSWERED_IN_1_DAY = "answered_in_1_day"
    ANSWERED_LATER = "answered_later"
    NOT_ANSWERED = "not_answered"
    ACTION_DONE = "action_done"
    ACTION_NOT_POSSIBLE = "action_not_possible"
    ACTION_NOT_DONE = "action_not_done"


@dataclass(frozen=True, slots=True)
class Count:
    """A total that outlives the cases it was counted in. `month` is the first day of the month."""

    id: str
    team_id: str
    agency_id: str
    month: date
    measure: Measure
    number: int


@dataclass(frozen=True, slots=True)
class CaseQuestion(CasePart):
    """A question to the coordinators of a case, from somebody in its room; it is deleted with the case.

    `answers` is how many were given; each replaces the previous one.
    """

    asked_at: datetime
    asker: str
    text: str
    answers: int = 0
    answer: str | None = None
    answered_by: str | None = None


#: The position after all of the agency's listed contacts.
_LAST = 100


@dataclass(frozen=True, slots=True)
class CaseContact(CasePart):
    """Somebody of an agency whom only this case knows, as no listed contact. `line` is their own number."""

    agency_id: str
    person_id: str
    title: str
    line: str | None = None

    @property
    def contact(self) -> Contact:
        """The same person as a contact of the agency, used only within this case."""
        return Contact(self.id, self.agency_id, self.person_id, _LAST, title=self.title)
