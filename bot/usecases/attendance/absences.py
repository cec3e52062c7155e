"""An agency stayed away without a word: why."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Attendance, DeclineReason, Duty
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked
from bot.usecases.authorization import CaseContext, enter_duty
from bot.usecases.ports import UnitOfWork


def see_absence(uow: UnitOfWork, actor: Person, duty_id: str) -> tuple[CaseContext, Duty]:
    """An absence whose reason can still be told."""
    here, duty = enter_duty(uow, actor, Action.EXPLAIN_ABSENCE, duty_id)
    registered_at = here.file.meeting(duty.meeting_id).registered_at
    if duty.attendance is not Attendance.ABSENT_WITHOUT_NOTICE or registered_at is None:
        raise NoLongerAsked
    return here, duty


def explain_absence(uow: UnitOfWork, actor: Person, duty_id: str, *, reason: DeclineReason) -> None:
    """Record why nobody came, or another reason than before."""
    _, duty = see_absence(uow, actor, duty_id)
    if duty.absence_reason is not reason:
        uow.change(duty, absence_reason=reason)
