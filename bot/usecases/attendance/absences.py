"""An agency stayed away without a word: its lead is asked why, its leader is told, twice is told on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.attendance import asked_why, leaders_to_tell
from bot.domain.case.entities import Attendance, DeclineReason, Duty, Involvement, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked
from bot.domain.notification_params import At
from bot.domain.notifications import Kind, Notification
from bot.usecases.authorization import CaseContext, enter_duty
from bot.usecases.notifications import coordinator_notifications
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ExplainAbsence:
    duty_id: str
    reason: DeclineReason


def absence_notifications(uow: UnitOfWork, file: CaseFile, duty: Duty) -> list[Notification]:
    """Tell that the agency of a duty stayed away without notice.

    The reason is asked of its lead, the leaders hear of it, and so do the coordinators, who get a text for
    the municipal director if it stayed away the time before too. That nobody was reached is no fault of the
    agency's: it stands in the minutes, and whoever registers it reads there what to do.
    """
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE:
        return []
    notifications = coordinator_notifications(file, Kind.ABSENCE, duty.id)
    asked = asked_why(file, duty)
    if asked is not None:
        notifications.append(
            Notification(Kind.ABSENCE_REASON, duty.id, case_id=file.case.id, recipient=asked)
        )
    notifications.extend(
        Notification(Kind.ABSENCE_TOLD, duty.id, case_id=file.case.id, recipient=person_id)
        for person_id in leaders_to_tell(file, duty)
    )
    before = _stayed_away_before(uow, file, duty)
    if before is not None:
        notifications += coordinator_notifications(file, Kind.DIRECTOR_TEXT, duty.id, At(before.starts_at))
    return notifications


def _stayed_away_before(uow: UnitOfWork, file: CaseFile, duty: Duty) -> Meeting | None:
    """The agency's meeting before this one, in whatever case of the team, if it stayed away from that too."""
    this = file.meeting(duty.meeting_id)
    agency_id = file.involvement(duty.involvement_id).agency_id
    parts = [i.id for i in uow.find(Involvement, agency_id=agency_id)]
    duties = [d for d in uow.find(Duty, involvement_id=parts, withdrawn_at=None) if d.attendance is not None]
    found = uow.find(Meeting, id=[d.meeting_id for d in duties])
    meetings = {m.id: m for m in found if m.registered_at is not None}
    earlier = [
        (meetings[d.meeting_id].starts_at, d.id, d)
        for d in duties
        if d.meeting_id in meetings and d.id != duty.id and meetings[d.meeting_id].starts_at < this.starts_at
    ]
    if not earlier:
        return None
    last = max(earlier)[2]
    return meetings[last.meeting_id] if last.attendance is Attendance.ABSENT_WITHOUT_NOTICE else None


def see_absence(uow: UnitOfWork, actor: Person, duty_id: str) -> tuple[CaseContext, Duty]:
    """An absence whose reason can still be told."""
    here, duty = enter_duty(uow, actor, Action.EXPLAIN_ABSENCE, duty_id)
    registered_at = here.file.meeting(duty.meeting_id).registered_at
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE or registered_at is None:
        raise NoLongerAsked
    return here, duty


def explain_absence(uow: UnitOfWork, actor: Person, command: ExplainAbsence) -> None:
    """Record why nobody came, or another reason than before."""
    here, duty = see_absence(uow, actor, command.duty_id)
    if duty.absence_reason is not command.reason:
        uow.change(duty, absence_reason=command.reason)
    uow.case_changed(here.file.case.id)
