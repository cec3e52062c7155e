"""`/tot fase`: acute or working phase."""

from __future__ import annotations

from bot.domain.case import Phase
from bot.usecases.change_phase import see_phase
from handlers.blocks.modals.case import phase_form
from handlers.commands.likely import named
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form at the phase that was named, else at the other one."""
    here = await typed.look(lambda uow, actor: see_phase(uow, actor, typed.channel))
    other = Phase.WORKING if here.file.case.phase is Phase.ACUTE else Phase.ACUTE
    likely = named(typed.rest, {p.value: typed.words(f"phase.{p}") for p in Phase})
    await typed.open(phase_form(typed.words, here.file, Phase(likely) if likely else other))
