"""`/tot fase`, `vent`, `lukk`: change the phase of a case, pause it, close it."""

from __future__ import annotations

from bot.domain.case.entities import Phase
from bot.usecases.lifecycle.closing import see_closing
from bot.usecases.lifecycle.phases import see_pausable, see_phase
from handlers.lifecycle.actions import wait_form_of
from handlers.lifecycle.modals import close_form, phase_form
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import named


async def change_phase(request: CommandRequest) -> None:
    """Acute or working phase, and how often the case meets in the latter.

    The form is at the phase that was named, else at the other one.
    """
    here = await request.look(see_phase, request.channel)
    other = Phase.WORKING if here.file.case.phase is Phase.ACUTE else Phase.ACUTE
    likely = named(request.rest, {p.value: request.words(f"phase.{p}") for p in Phase})
    await request.open(phase_form(request.words, here.file, Phase(likely) if likely else other))


async def pause_case(request: CommandRequest) -> None:
    """Help is not wanted now: the case waits until a day."""
    here = await request.look(see_pausable, request.channel)
    await request.open(wait_form_of(request.words, here.file, request.now))


async def close_case(request: CommandRequest) -> None:
    """Close the case, or close it for one person: `/tot avslutt B`.

    The form lists what is open, and the deletion date.
    """
    here, delete_on = await request.look(see_closing, request.channel)
    likely = named(request.rest, {letter: letter for letter in here.file.open_letters})
    await request.open(close_form(request.words, here.file, delete_on, request.now, likely))
