"""Around the duty to attend: steps of escalation, the roll call, the agenda, corrections, counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.case.entities import Answer, Attendance


class StepKind(StrEnum):
    """The steps of an escalation, in their order."""

    REMINDER = "reminder"
    NEXT_CONTACT = "next_contact"
    LEADER = "leader"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One step that has been taken because an ask was not answered.

    `sequence` is the ask's, so that a moved meeting begins a chain of its own. `person_id` is whom the step
    turned to, None when there was nobody. `answered_at` is when a leader named who comes.
    """

    id: str
    case_id: str
    duty_id: str
    ask_id: str
    sequence: int
    kind: StepKind
    taken_at: datetime
    person_id: str | None = None
    answered_at: datetime | None = None


class OnDuty(StrEnum):
    """The function of somebody who answers a duty phone, and is not in the list: never who."""

    DUTY_OFFICER = "duty_officer"
    CASE_WORKER = "case_worker"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class PhoneAnswer:
    """Somebody on duty answered an agency's phone, and confirmed taushetsplikt to the one who rang.

    `sequence` is the meeting's then; without an `answer` they were only told of it. It is nobody's seat.
    """

    id: str
    case_id: str
    duty_id: str
    sequence: int
    function: OnDuty
    at: datetime
    recorded_by: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody is present: they said so in the room, or `recorded_by` said so for them.

    `duty_id` is None for a coordinator, and at a meeting without a duty to attend. `person_id` is None when
    it is not known who came for the agency.
    """

    id: str
    case_id: str
    meeting_id: str
    person_id: str | None
    at: datetime
    duty_id: str | None = None
    recorded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of the register after it had been registered: by whom, when, from what to what."""

    id: str
    case_id: str
    duty_id: str
    corrected_at: datetime
    corrected_by: str
    was: Attendance
    became: Attendance
    had_report: bool = False
    has_report: bool = False


class Measure(StrEnum):
    """The report's columns, counted by agency and month: of the meeting, or in which an action ended."""

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
    """A number that outlives the cases it was counted in. `month` is the first day of the month."""

    id: str
    team_id: str
    agency_id: str
    month: date
    measure: Measure
    number: int
