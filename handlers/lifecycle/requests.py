"""`/tot fase`, `vent`, `lukk`: change the phase of a case, pause it, close it for all or for one."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Phase, Rhythm
from bot.usecases.authorization import enter_room
from bot.usecases.lifecycle import (
    change_phase,
    close_case,
    pause_case,
    resume_case,
    see_closing,
)
from bot.usecases.persons import close_person
from handlers.lifecycle.modals import GO_ON, NO_RHYTHM, WHOLE_CASE, close_form, phase_form
from handlers.slack.payloads import member
from handlers.slack.requests import CommandRequest, SubmissionRequest
from handlers.slack.verbs import read_fields
from handlers.slack.vocabulary import named


async def phase(request: CommandRequest) -> None:
    """Acute or working phase, and how often the case meets in the latter.

    The form is at the phase that was named, else at the other one.
    """
    here = await request.look(enter_room, Action.CHANGE_PHASE, request.channel)
    other = Phase.WORKING if here.file.case.phase is Phase.ACUTE else Phase.ACUTE
    likely = named(request.rest, {p.value: request.words(f"phase.{p}") for p in Phase})
    await request.open(phase_form(request.words, here.file, Phase(likely) if likely else other))


async def phase_filled_in(request: SubmissionRequest) -> None:
    chosen, rhythm = request.fields.needed("phase"), request.fields.needed("rhythm")
    await request.act_and_close(
        change_phase,
        request.metadata,
        phase=member(Phase, chosen),
        rhythm=None if rhythm == NO_RHYTHM else member(Rhythm, rhythm),
    )


async def wait_filled_in(request: SubmissionRequest) -> None:
    if GO_ON in request.fields.options("over"):
        await request.act_and_close(resume_case, request.metadata)
    else:
        filled_in = read_fields(pause_case, request.fields)
        await request.act_and_close(pause_case, request.metadata, **filled_in)


async def close(request: CommandRequest) -> None:
    """Close the case, or close it for one person: `/tot avslutt B`.

    The form lists what is open, and the deletion date.
    """
    here, delete_on = await request.look(see_closing, request.channel)
    likely = named(request.rest, {letter: letter for letter in here.file.open_letters})
    await request.open(close_form(request.words, here.file, delete_on, request.now, likely))


async def close_filled_in(request: SubmissionRequest) -> None:
    what = request.fields.option("what")
    if what in (None, WHOLE_CASE):
        await request.act_and_close(close_case, request.metadata)
    else:
        await request.act_and_close(close_person, request.metadata, str(what))
