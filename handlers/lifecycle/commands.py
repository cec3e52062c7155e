"""`/tot fase`, `vent`, `lukk`: change the phase of a case, pause it, close it."""

from __future__ import annotations

from bot.domain.case.entities import Phase
from bot.usecases.lifecycle.closing import see_closing
from bot.usecases.lifecycle.phases import see_phase, see_waiting
from handlers.lifecycle.actions import wait_form_of
from handlers.lifecycle.modals import close_form, phase_form
from handlers.slack.requests import Typed
from handlers.slack.vocabulary import named


async def change_phase(typed: Typed) -> None:
    """Open the form at the phase that was named, else at the other one."""
    here = await typed.look(lambda uow, actor: see_phase(uow, actor, typed.channel))
    other = Phase.WORKING if here.file.case.phase is Phase.ACUTE else Phase.ACUTE
    likely = named(typed.rest, {p.value: typed.words(f"phase.{p}") for p in Phase})
    await typed.open(phase_form(typed.words, here.file, Phase(likely) if likely else other))


async def pause_case(typed: Typed) -> None:
    """Open the form."""
    here = await typed.look(lambda uow, actor: see_waiting(uow, actor, typed.channel))
    await typed.open(wait_form_of(typed.words, here.file, typed.services.clock.now()))


async def close_case(typed: Typed) -> None:
    """Open the form that lists what is open, and the deletion date."""
    here, delete_on = await typed.look(lambda uow, actor: see_closing(uow, actor, typed.channel))
    likely = named(typed.rest, {letter: letter for letter in here.file.open_letters})
    await typed.open(close_form(typed.words, here.file, delete_on, typed.services.clock.now(), likely))
