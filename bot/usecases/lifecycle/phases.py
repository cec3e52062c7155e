"""Change a case between the acute and the working phase, and pause it until a day."""

from __future__ import annotations

from datetime import date

from bot.domain.access import Action
from bot.domain.case.entities import Pause, PauseReason, Phase, Rhythm
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, NoLongerAsked, NothingHere, Problem
from bot.domain.escalation import answer_window
from bot.usecases.authorization import CaseContext, enter_case, enter_room
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import FURTHEST


def see_phase(uow: UnitOfWork, actor: Person, channel_id: str) -> CaseContext:
    return enter_room(uow, actor, Action.CHANGE_PHASE, channel_id)


def change_phase(
    uow: UnitOfWork, actor: Person, case_id: str, *, phase: Phase, rhythm: Rhythm | None = None
) -> None:
    """Change the phase; windows that are open are measured anew from when each was asked.

    One that would be over already is measured from now, so that its end does not pass unnoticed.
    """
    here = enter_case(uow, actor, Action.CHANGE_PHASE, case_id)
    case = here.file.case
    if (case.phase, case.rhythm) == (phase, rhythm):
        return
    since = case.phase_since if case.phase is phase else uow.now
    uow.change(case, phase=phase, rhythm=rhythm, phase_since=since)
    file = here.file
    for ask in file.asks:
        meeting = file.meeting(ask.meeting_id)
        if not ask.open or not meeting.live or meeting.starts_at <= uow.now:
            continue
        ends_at = answer_window(file, ask.asked_at, meeting)
        if ends_at <= uow.now:
            ends_at = answer_window(file, uow.now, meeting)
        uow.change(ask, window_ends_at=ends_at)


def see_pausable(uow: UnitOfWork, actor: Person, channel_id: str) -> CaseContext:
    return _with_agencies(enter_room(uow, actor, Action.WAIT, channel_id))


def see_paused(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    return _with_agencies(enter_case(uow, actor, Action.WAIT, case_id))


def _with_agencies(here: CaseContext) -> CaseContext:
    if not any(here.file.current()):
        raise NothingHere(what="part", room=here.file.room.channel_id or "")
    return here


def pause_case(
    uow: UnitOfWork, actor: Person, case_id: str, *, reason: PauseReason, contact_on: date, owner: str
) -> None:
    """Let the case wait until a day, when the agency that is the `owner` (by involvement id) makes contact.

    The room is told; the coordinators are offered to release the other agencies.
    """
    here = enter_case(uow, actor, Action.WAIT, case_id)
    if owner not in {i.id for i in here.file.current()}:
        raise NoLongerAsked
    new = Pause(
        id=uow.ids.new(),
        case_id=here.file.case.id,
        reason=reason,
        contact_on=contact_on,
        involvement_id=owner,
        since=uow.now,
    )
    if not uow.now < here.file.contact_at(new) < uow.now + FURTHEST:
        raise Invalid(Problem("contact_on", "invalid.contact-on"))
    _end(here)
    uow.add(new)


def _end(here: CaseContext) -> None:
    if here.file.pause is not None:
        here.uow.change(here.file.pause, ended_at=here.uow.now)


def resume_case(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Let the case go on, and tell the room."""
    here = enter_case(uow, actor, Action.WAIT, case_id)
    if here.file.pause is None:
        raise NoLongerAsked
    _end(here)
