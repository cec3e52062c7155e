"""A meeting in progress, and its register: who is there, who leads it, who came, why somebody did not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.domain import attendance as attendance_rules
from bot.domain.access import Action, allows
from bot.domain.answers import CAME
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
from bot.usecases.authorization import CaseContext, enter, enter_case, enter_lasting
from bot.usecases.ports import UnitOfWork


def arrive(uow: UnitOfWork, actor: Person, meeting_id: str) -> None:
    """Note that one is present, for each agency one sits for: «Jeg er til stede».

    A second tap changes nothing.
    """
    here, meeting = enter_lasting(uow, actor, Action.ARRIVE, Meeting, meeting_id)
    if meeting.starts_at > uow.now:
        raise Refused(Refusal.NO_LONGER_ASKED)
    if meeting.ends_at <= uow.now:
        raise Refused(Refusal.MEETING_OVER)
    file = here.file()
    duties: list[Duty | None] = [*attendance_rules.duties_of_person(file, meeting, actor.id)] or [None]
    there = {a.duty_id for a in attendance_rules.arrivals_of(file, meeting) if a.person_id == actor.id}
    for duty in duties:
        if (duty and duty.id) not in there:
            _add_arrival(here, meeting, duty)


def _add_arrival(here: CaseContext, meeting: Meeting, duty: Duty | None) -> None:
    """Note that the person is there; if the register is already filled in, mark their agency as come."""
    uow, file, duty_id = here.uow, here.file(), duty.id if duty is not None else None
    uow.add(Arrival(uow.ids.new(), meeting.case_id, meeting.id, here.actor.id, uow.now, duty_id))
    begun = any(d.attendance is not None for d in file.duties_of(meeting.id))
    if duty is not None and begun and duty.attendance not in CAME:
        came = attendance_rules.arrived_as(file, duty, here.actor.id)
        uow.change(duty, attendance=came, written_report=False)


def name_chair(uow: UnitOfWork, actor: Person, meeting_id: str, *, chair: str) -> None:
    """Name the person who leads the meeting (by Slack id), who is in the room and comes."""
    here, meeting = enter_lasting(uow, actor, Action.NAME_CHAIR, Meeting, meeting_id)
    person = uow.person_by_slack(chair)
    if person is None or not attendance_rules.may_lead(here.file(), meeting, person.id):
        raise Invalid(Problem("chair", "invalid.chair"))
    uow.change(meeting, chair=person.id)


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


def register_attendance(
    uow: UnitOfWork,
    actor: Person,
    meeting_id: str,
    seen: int,
    *,
    attendance: Mapping[str, Attendance],
    reports: Collection[str],
    treated: Collection[str],
    quorum_reason: QuorumReason | None,
) -> None:
    """Record for every agency with a duty (by id) whether it was present, sent a deputy, or was absent.

    During the meeting this can be repeated; a duty may be left out, as its agency has not come yet, and an
    agency that comes later counts as come. Once the register has taken effect it is corrected: what it said
    before is kept, with who changed it and when. `seen` is the version of the register in the form.

    `reports` are the absentees that have sent a written report, `treated` the points of the agenda that were
    treated; `quorum_reason` is why too few go on, if nobody has said so before.
    """
    here, meeting = see_register(uow, actor, meeting_id)
    duties, held = here.file().duties_of(meeting.id), meeting.live and meeting.ends_at > uow.now
    if attendance_rules.version_of(here.file(), meeting) != seen:
        raise Overtaken(_last_registered_by(here.file(), meeting))
    _check(here, duties, attendance, reports, held=held)
    for duty in duties:
        _enter(here, duty, attendance.get(duty.id), duty.id in reports, corrects=not meeting.live)
    _treat(here, meeting, treated)
    if meeting.quorum_reason is None and attendance_rules.too_few(here.file(), meeting):
        uow.change(meeting, quorum_reason=quorum_reason)
    if meeting.live and (not held or not duties):
        take_effect(uow, here.file(), meeting.id)


def _last_registered_by(file: CaseFile, meeting: Meeting) -> str | None:
    if made := attendance_rules.corrections_of(file, meeting):
        return made[-1].corrected_by
    return next((d.registered_by for d in file.duties_of(meeting.id) if d.registered_by), None)


def _enter(
    here: CaseContext, duty: Duty, became: Attendance | None, has_report: bool, *, corrects: bool
) -> None:
    """Enter or correct an agency; the reason for an absence is removed with the absence."""
    uow, by = here.uow, here.actor.id
    if corrects and became is not None:
        if (duty.attendance, duty.written_report) == (became, has_report):
            return
        changed = (duty.attendance or became, became, duty.written_report, has_report)
        uow.add(Correction(uow.ids.new(), duty.case_id, duty.id, uow.now, by, *changed))
    # Whoever has tapped although their agency is entered as away can tap again.
    away = became is not None and became not in CAME
    for arrival in [a for a in here.file().arrivals if away and a.duty_id == duty.id]:
        uow.remove(arrival)
    uow.change(
        duty,
        attendance=became,
        written_report=has_report,
        registered_by=duty.registered_by if corrects else by,
        absence_reason=duty.absence_reason if became is Attendance.ABSENT_WITHOUT_NOTICE else None,
    )


#: The problem of an agency that came and of which nobody has confirmed: a coordinator records that first.
UNCONFIRMED = "invalid.came-unconfirmed"


def _check(
    here: CaseContext,
    duties: list[Duty],
    attendance: Mapping[str, Attendance],
    reports: Collection[str],
    *,
    held: bool,
) -> None:
    file = here.file()
    missing = [d for d in duties if d.id not in attendance]
    if missing and not held:
        raise Invalid(*(Problem(d.id, "invalid.attendance") for d in missing))
    came = [d for d in duties if d.id in reports and attendance.get(d.id) in CAME]
    if came:
        names = ", ".join(file.agency_of(d.involvement_id).shown_name for d in came)
        raise Invalid(Problem("reports", "invalid.report-of-present", {"agencies": names}))
    new = (d for d in duties if attendance.get(d.id) in CAME and d.attendance not in CAME)
    unconfirmed = [d for d in new if attendance_rules.is_unconfirmed(file, d)]
    if unconfirmed:
        enter = UNCONFIRMED if allows(Action.ANSWER_ON_BEHALF, here.rights) else "invalid.came-unrecorded"
        asked = {d.id for d in unconfirmed if any(not a.awaits_approval for a in file.asks_of(d.id))}
        codes = (enter if d.id in asked else "invalid.came-nobody" for d in unconfirmed)
        raise Invalid(*(Problem(d.id, code) for d, code in zip(unconfirmed, codes, strict=True)))


def _treat(here: CaseContext, meeting: Meeting, treated: Collection[str]) -> None:
    """Note which points were treated; a point that is no longer on the agenda stays as it was."""
    agenda = set(here.file().team.rules.agenda)
    gone = set(meeting.treated) - agenda
    here.uow.change(meeting, treated=tuple(sorted(agenda.intersection(treated) | gone)))


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
    uow.change(duty, absence_reason=reason)
