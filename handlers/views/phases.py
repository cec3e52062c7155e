"""The forms about a case's phase and rhythm, and about a case that waits."""

from __future__ import annotations

from bot.domain.case import Phase
from bot.domain.rhythm import Rhythm
from bot.domain.standstill import StandstillReason
from bot.usecases.change_phase import ChangePhase, change_phase
from bot.usecases.wait import GoOn, Wait, go_on, wait
from handlers.blocks.modals.case import NO_RHYTHM
from handlers.blocks.modals.phases import GO_ON
from handlers.encounters import Submitted
from handlers.payloads import member


async def phase(submitted: Submitted) -> None:
    """Acute or working phase, and how often the case meets in the latter."""
    chosen = member(Phase, submitted.fields.needed("phase"))
    rhythm = submitted.fields.needed("rhythm")
    command = ChangePhase(submitted.metadata, chosen, None if rhythm == NO_RHYTHM else member(Rhythm, rhythm))
    await submitted.act(change_phase, command)
    await submitted.done()


async def waits(submitted: Submitted) -> None:
    """The case waits until a day, or goes on."""
    fields = submitted.fields
    if GO_ON in fields.options("over"):
        await submitted.act(go_on, GoOn(submitted.metadata))
    else:
        reason = member(StandstillReason, fields.needed("reason"))
        command = Wait(submitted.metadata, reason, fields.needed_day("contact_on"), fields.needed("owner"))
        await submitted.act(wait, command)
    await submitted.done()
