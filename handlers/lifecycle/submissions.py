"""Forms that change a case's phase, pause it, and close it for all or for one."""

from __future__ import annotations

from bot.domain.case.entities import Phase
from bot.domain.case.pause import StandstillReason
from bot.domain.case.rhythm import Rhythm
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.lifecycle.phases import ChangePhase, GoOn, Wait, change_phase, go_on, wait
from bot.usecases.persons import ClosePerson, close_person
from handlers.lifecycle.modals import GO_ON, NO_RHYTHM, WHOLE_CASE
from handlers.slack.payloads import member
from handlers.slack.requests import Submitted


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


async def close(submitted: Submitted) -> None:
    """Close the whole case, or close it for one person."""
    what = submitted.fields.option("what")
    if what in (None, WHOLE_CASE):
        await submitted.act(close_case, CloseCase(submitted.metadata))
    else:
        await submitted.act(close_person, ClosePerson(submitted.metadata, str(what)))
    await submitted.done()
