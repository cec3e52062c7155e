"""The forms that change a case: its agencies' parts."""

from __future__ import annotations

from bot.domain.directory import Ground, Reason
from bot.usecases.change_involvement import ChangeInvolvement, change_involvement
from bot.usecases.release_agency import ReleaseAgency, release_agency
from handlers.encounters import Submitted
from handlers.payloads import member


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
