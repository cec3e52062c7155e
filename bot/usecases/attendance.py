"""A meeting in progress, and its register: who is there, who leads it, who came, why somebody did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import attendance as attendance_rules
from bot.domain.access import Action
from bot.domain.attendance import CAME
from bot.domain.case.entities import (
    Arrival,
    Attendance,
    Correction,
    DeclineReason,
    Duty,
    Meeting,
    QuorumReason,
    SeatEnd,
    SeatRole,
)
from bot.domain.case.file import CaseFile, Target
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Overtaken, Problem, Refusal, Refused, refuse
from bot.usecases.authorization import CaseContext, enter, enter_case, enter_lasting, may
from bot.usecases.ports import UnitOfWork


def arrive(uow: UnitOfWork, actor: Person, meeting_id: str) -> None:
    """Note that one is present, for each agency one sits for: «Jeg er til stede».

    A second tap changes nothing.
    """
    here, meeting = see_held(uow, actor, meeting_id, Action.ARRIVE)
    if meeting.ends_at <= uow.now:
        raise Refused(Refusal.MEETING_OVER)
    file = here.file()
    duties: list[Duty | None] = [*attendance_rules.duties_of_person(file, meeting, actor.id)] or [None]
    there = {a.duty_id for a in attendance_rules.arrivals_of(file, meeting) if a.person_id == actor.id}
    for duty in duties:
        if (duty and duty.id) not in there:
            _add_arrival(here, meeting, duty)


def _add_arrival(here: CaseContext, meeting: Meeting, duty: Duty | None) -> None:
    """Note that the person is there; if the register is already filled in, mark their agency as come.

    If whoever leads has entered their agency, it is now known who came.
    """
    uow, file = here.uow, here.file()
    new = (uow.ids.new(), meeting.case_id, meeting.id, here.actor.id, uow.now)
    entered = (a for a in file.arrivals if duty is not None and (a.duty_id, a.person_id) == (duty.id, None))
    for each in entered:
        uow.remove(each)
    arrival = uow.add(Arrival(*new, duty.id if duty is not None else None))
    begun = any(d.attendance is not None for d in file.duties_of(meeting.id))
    if duty is not None and begun and duty.attendance not in CAME:
        came = attendance_rules.arrived_as(file, duty, arrival)
        uow.change(duty, attendance=came, written_report=False)


def see_held(uow: UnitOfWork, actor: Person, meeting_id: str, action: Action) -> tuple[CaseContext, Meeting]:
    """A meeting that has begun, for a person who may do `action` with it."""
    here, meeting = enter_lasting(uow, actor, action, Meeting, meeting_id)
    if meeting.starts_at > uow.now:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, meeting


def name_chair(uow: UnitOfWork, actor: Person, meeting_id: str, *, chair: str) -> None:
    """Name the person who leads the meeting (by Slack id), who is in the room and has not declined."""
    here, meeting = enter_lasting(uow, actor, Action.NAME_CHAIR, Meeting, meeting_id)
    person = uow.person_by_slack(chair)
    if person is None or not attendance_rules.may_lead(here.file(), meeting, person.id):
        raise Invalid(Problem("chair", "invalid.chair"))
    if attendance_rules.stays_away(here.file(), meeting, person.id):
        raise Invalid(Problem("chair", "invalid.chair-declined"))
    uow.change(meeting, chair=person.id)


def see_too_few(
    uow: UnitOfWork, actor: Person, meeting_id: str, action: Action
) -> tuple[CaseContext, Meeting]:
    """A meeting to which too few have come, if nobody has decided yet how it goes on."""
    here, meeting = see_held(uow, actor, meeting_id, action)
    if meeting.quorum_reason is not None:
        raise Overtaken(meeting.quorum_by)
    if not attendance_rules.too_few_now(here.file(), meeting):
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, meeting


def continue_meeting(uow: UnitOfWork, actor: Person, meeting_id: str, *, reason: QuorumReason) -> None:
    """Go on with too few, for a reason that is stored."""
    _, meeting = see_too_few(uow, actor, meeting_id, Action.LEAD_MEETING)
    uow.change(meeting, quorum_reason=reason, quorum_at=uow.now, quorum_by=actor.id)


@dataclass(frozen=True, slots=True)
class Register:
    """For each duty (by id) of the meeting: who came, and which absentees have sent a written report.

    During the meeting a duty may be left out: its agency has not come yet.

    `treated` are the points of the agenda that were treated; `quorum_reason` is why too few went on, if
    nobody has said so before. `seen` is the number of corrections that the register had when the form was
    opened, None if it had not taken effect.
    """

    meeting_id: str
    attendance: Mapping[str, Attendance]
    reports: frozenset[str] = frozenset()
    treated: frozenset[str] = frozenset()
    quorum_reason: QuorumReason | None = None
    seen: int | None = None


def see_attendance(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, Meeting]:
    """The oldest meeting that has begun and is not registered, else the last registered, to correct it."""

    def next_to_register(file: CaseFile) -> Meeting | None:
        begun = [m for m in file.meetings if m.live and m.starts_at <= uow.now]
        registered = [m for m in file.meetings if m.registered_at is not None]
        first = min(begun, key=lambda m: m.starts_at, default=None)
        return first or max(registered, key=lambda m: m.starts_at, default=None)

    here = enter_case(
        uow,
        actor,
        Action.REGISTER_ATTENDANCE,
        channel_id,
        lambda file: Target(meeting=next_to_register(file)),
    )
    meeting = next_to_register(here.file()) or refuse(Refusal.NOTHING_HERE, "begun")
    return here, meeting


def see_register(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseContext, Meeting]:
    """A meeting that has begun, to register who came, or to correct that."""
    here, meeting = enter(uow, actor, Action.REGISTER_ATTENDANCE, Meeting, meeting_id)
    if meeting.cancelled_at is not None or meeting.starts_at > uow.now:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, meeting


def register_attendance(uow: UnitOfWork, actor: Person, command: Register) -> None:
    """Record for every agency with a duty whether it was present, sent a deputy, or was absent.

    During the meeting this can be repeated, and an agency that comes later counts as come. Once the register
    has taken effect it is corrected: what it said before is kept, with who changed it and when.
    """
    here, meeting = see_register(uow, actor, command.meeting_id)
    duties = here.file().duties_of(meeting.id)
    if corrections_seen(here.file(), meeting) != command.seen:
        raise Overtaken(_last_registered_by(here.file(), meeting))
    if meeting.registered_at is not None:
        _check(here, duties, command)
        for duty in duties:
            _correct(here, duty, command)
        _treat(here, meeting, command.treated)
        return
    _check(here, duties, command, held=meeting.ends_at > uow.now)
    if meeting.ends_at > uow.now:
        _call_the_roll(here, meeting, duties, command.attendance)
    for duty in duties:
        uow.change(
            duty,
            attendance=command.attendance.get(duty.id),
            registered_by=actor.id,
            written_report=duty.id in command.reports,
        )
    _treat(here, meeting, command.treated)
    few = attendance_rules.too_few_registered(here.file(), meeting)
    if command.quorum_reason is not None and meeting.quorum_reason is None and few:
        uow.change(meeting, quorum_reason=command.quorum_reason, quorum_at=uow.now, quorum_by=actor.id)
    if meeting.ends_at <= uow.now or not duties:
        take_effect(uow, here.file(), meeting.id)


def _call_the_roll(
    here: CaseContext, meeting: Meeting, duties: list[Duty], came: Mapping[str, Attendance]
) -> None:
    """Make the roll call of a meeting in progress agree with its register.

    The register may leave out an agency as not yet come; if somebody of it has tapped meanwhile, they are
    there.
    """
    uow, file = here.uow, here.file()
    for duty in duties:
        there = [a for a in file.arrivals if a.duty_id == duty.id]
        if came.get(duty.id) not in CAME:
            for arrival in there:
                if duty.id in came or arrival.person_id is None:
                    uow.remove(arrival)
        elif not there:
            at = uow.now if came[duty.id] is Attendance.LATE else meeting.starts_at
            uow.add(Arrival(uow.ids.new(), duty.case_id, duty.meeting_id, None, at, duty.id))


def corrections_seen(file: CaseFile, meeting: Meeting) -> int | None:
    """The number of corrections of a register; None while it has not taken effect."""
    return len(_corrections_of(file, meeting)) if meeting.registered_at is not None else None


def _corrections_of(file: CaseFile, meeting: Meeting) -> list[Correction]:
    """The corrections of a meeting's register, oldest first."""
    duties = {d.id for d in file.duties if d.meeting_id == meeting.id}
    return sorted((c for c in file.corrections if c.duty_id in duties), key=lambda c: (c.corrected_at, c.id))


def _last_registered_by(file: CaseFile, meeting: Meeting) -> str | None:
    if made := _corrections_of(file, meeting):
        return made[-1].corrected_by
    return next((d.registered_by for d in file.duties_of(meeting.id) if d.registered_by), None)


def _correct(here: CaseContext, duty: Duty, command: Register) -> None:
    """Correct the entry of a duty; the reason for an absence is removed with the absence."""
    became, has_report = command.attendance[duty.id], duty.id in command.reports
    was = duty.attendance or became
    if (was, duty.written_report) == (became, has_report) and duty.attendance is not None:
        return
    uow = here.uow
    changed = (was, became, duty.written_report, has_report)
    uow.add(Correction(uow.ids.new(), duty.case_id, duty.id, uow.now, here.actor.id, *changed))
    away = became is Attendance.ABSENT_WITHOUT_NOTICE
    uow.change(
        duty,
        attendance=became,
        written_report=has_report,
        absence_reason=duty.absence_reason if away else None,
    )


#: The problem of an agency that came and of which nobody has confirmed: a coordinator records that first.
UNCONFIRMED = "invalid.came-unconfirmed"


def _check(here: CaseContext, duties: list[Duty], said: Register, *, held: bool = False) -> None:
    file = here.file()
    missing = [d for d in duties if d.id not in said.attendance]
    if missing and not held:
        raise Invalid(*(Problem(d.id, "invalid.attendance") for d in missing))
    came = [d for d in duties if d.id in said.reports and said.attendance.get(d.id) in CAME]
    if came:
        names = ", ".join(file.agency_of(d.involvement_id).shown_name for d in came)
        raise Invalid(Problem("reports", "invalid.report-of-present", {"agencies": names}))
    new = (d for d in duties if said.attendance.get(d.id) in CAME and d.attendance not in CAME)
    unconfirmed = [d for d in new if attendance_rules.is_unconfirmed(file, d)]
    if unconfirmed:
        enter = UNCONFIRMED if may(here, Action.ANSWER_ON_BEHALF) else "invalid.came-unrecorded"
        asked = {d.id for d in unconfirmed if any(not a.awaits_approval for a in file.asks_of(d.id))}
        codes = (enter if d.id in asked else "invalid.came-nobody" for d in unconfirmed)
        raise Invalid(*(Problem(d.id, code) for d, code in zip(unconfirmed, codes, strict=True)))


def _treat(here: CaseContext, meeting: Meeting, treated: frozenset[str]) -> None:
    """Note which points were treated; a point that is no longer on the agenda stays as it was."""
    agenda = set(here.file().team.rules.agenda)
    gone = set(meeting.treated) - agenda
    here.uow.change(meeting, treated=tuple(sorted((treated & agenda) | gone)))


def meeting_over(uow: UnitOfWork, meeting_id: str, due_at: datetime | None = None) -> None:
    """Let a register that was filled in during the meeting take effect.

    At `due_at` the meeting was over, even if our clock has been put back since.
    """
    meeting = uow.get(Meeting, meeting_id)
    file = uow.case_file(meeting.case_id) if meeting is not None else None
    if meeting is None or file is None or not file.open or not file.filled_in(meeting):
        return
    if meeting.ends_at <= max(uow.now, due_at or uow.now):
        take_effect(uow, file, meeting.id)


def take_effect(uow: UnitOfWork, file: CaseFile, meeting_id: str) -> None:
    """Register a meeting that is over, with who led it; end the deputies' seats, which were only for it."""
    meeting = file.meeting(meeting_id)
    uow.change(meeting, registered_at=uow.now, chair=attendance_rules.chair_of(file, meeting))
    for seat in file.seats:
        if seat.role is SeatRole.DEPUTY and seat.meeting_id == meeting_id and seat.live:
            uow.change(seat, ended_at=uow.now, end=SeatEnd.MEETING_REGISTERED)


def see_absence(uow: UnitOfWork, actor: Person, duty_id: str) -> tuple[CaseContext, Duty]:
    """An absence whose reason can be given."""
    here, duty = enter(uow, actor, Action.EXPLAIN_ABSENCE, Duty, duty_id)
    registered_at = here.file().meeting(duty.meeting_id).registered_at
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE or registered_at is None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, duty


def explain_absence(uow: UnitOfWork, actor: Person, duty_id: str, *, reason: DeclineReason) -> None:
    """Record why nobody came, or change the reason."""
    _, duty = see_absence(uow, actor, duty_id)
    if duty.absence_reason is not reason:
        uow.change(duty, absence_reason=reason)
