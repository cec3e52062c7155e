"""Forms that change a case's phase, pause it, and close it for all or for one."""

from __future__ import annotations

from bot.domain.case.entities import PauseReason, Phase, Rhythm
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.lifecycle.phases import (
    ChangePhase,
    PauseCase,
    ResumeCase,
    change_phase,
    pause_case,
    resume_case,
)
from bot.usecases.persons import ClosePerson, close_person
from handlers.lifecycle.modals import GO_ON, NO_RHYTHM, WHOLE_CASE
from handlers.slack.payloads import member
from handlers.slack.requests import SubmissionRequest


async def phase(request: SubmissionRequest) -> None:
    chosen = member(Phase, request.fields.needed("phase"))
    rhythm = request.fields.needed("rhythm")
    command = ChangePhase(request.metadata, chosen, None if rhythm == NO_RHYTHM else member(Rhythm, rhythm))
    await request.act_and_close(change_phase, command)


async def waits(request: SubmissionRequest) -> None:
    fields = request.fields
    if GO_ON in fields.options("over"):
        await request.act(resume_case, ResumeCase(request.metadata))
    else:
        reason = member(PauseReason, fields.needed("reason"))
        command = PauseCase(request.metadata, reason, fields.needed_day("contact_on"), fields.needed("owner"))
        await request.act(pause_case, command)
    await request.done()


async def close(request: SubmissionRequest) -> None:
    what = request.fields.option("what")
    if what in (None, WHOLE_CASE):
        await request.act(close_case, CloseCase(request.metadata))
    else:
        await request.act(close_person, ClosePerson(request.metadata, str(what)))
    await request.done()
