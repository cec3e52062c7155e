"""The forms that change a case: its phase, its agencies' parts."""

from __future__ import annotations

from bot.domain.case import Phase
from bot.domain.directory import Ground, Reason
from bot.usecases.change_involvement import ChangeInvolvement, change_involvement
from bot.usecases.change_phase import ChangePhase, change_phase
from bot.usecases.release_agency import ReleaseAgency, release_agency
from handlers.encounters import Submitted
from handlers.payloads import member


async def phase(submitted: Submitted) -> None:
    """Acute or working phase."""
    chosen = member(Phase, submitted.fields.needed("phase"))
    await submitted.act(change_phase, ChangePhase(submitted.metadata, chosen))
    await submitted.done()


async def involvement(submitted: Submitted) -> None:
    """For which persons, why and on which ground an agency is in the case."""
    fields = submitted.fields
    command = ChangeInvolvement(
        submitted.metadata,
        "".join(fields.options("persons")),
        member(Reason, fields.needed("reason")),
        member(Ground, fields.needed("ground")),
    )
    await submitted.act(change_involvement, command)
    await submitted.done()


async def release(submitted: Submitted) -> None:
    """An agency's part is over."""
    await submitted.act(release_agency, ReleaseAgency(submitted.fields.needed("involvement")))
    await submitted.done()
