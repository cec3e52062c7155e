"""Change a case between the acute and the working phase, and how often it meets in the latter."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import reminder_plan
from bot.domain.access import Action
from bot.domain.case import Phase
from bot.domain.directory import Person
from bot.domain.intents import Intent, Kind
from bot.domain.rhythm import Rhythm
from bot.usecases.consequences import about_lacking_meeting, settle
from bot.usecases.door import Here, enter_case, enter_room
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangePhase:
    """The phase that the case is to be in, and its rhythm in the working phase."""

    case_id: str
    phase: Phase
    rhythm: Rhythm | None = None


def see_phase(uow: UnitOfWork, actor: Person, channel_id: str) -> Here:
    """Whether the phase can be changed from this channel."""
    return enter_room(uow, actor, Action.CHANGE_PHASE, channel_id)


def change_phase(uow: UnitOfWork, actor: Person, command: ChangePhase) -> None:
    """Change the phase; windows that are open are measured anew from when each was asked.

    One that would be over already is measured from now, so that its end does not pass unnoticed.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
    """
    here = enter_case(uow, actor, Action.CHANGE_PHASE, command.case_id)
    case = here.file.case
    if (case.phase, case.rhythm) == (command.phase, command.rhythm):
        return
    since = case.phase_since if case.phase is command.phase else uow.now
    uow.change(case, phase=command.phase, rhythm=command.rhythm, phase_since=since)
    file = here.again().file
    for ask in file.asks:
        meeting = file.meeting(ask.meeting_id)
        if not ask.open or not meeting.live or meeting.starts_at <= uow.now:
            continue
        ends_at = reminder_plan.answer_window(file, ask.asked_at, meeting)
        if ends_at <= uow.now:
            ends_at = reminder_plan.answer_window(file, uow.now, meeting)
        uow.change(ask, window_ends_at=ends_at)
    mark = str(int(uow.now.timestamp()))
    settle(
        uow,
        file.case.id,
        *about_lacking_meeting(uow, file),
        *(
            Intent(Kind.PHASE_CHANGED, file.case.id, case_id=file.case.id, recipient=recipient, mark=mark)
            for recipient in (None, *file.confirmed_coordinators())
        ),
    )
