"""The form that involves one more agency, and its review."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.directory import Agency, Person
from bot.domain.errors import NotAllowed
from bot.texts import Words
from bot.usecases.asking import AgencyChoice, WillBeTold
from bot.usecases.door import Here, enter_case
from bot.usecases.drafts import INVITING, Reviewed
from bot.usecases.invite_agency import InviteAgency
from bot.usecases.ports import UnitOfWork
from handlers.blocks.modals.agencies import EXPECTED, invite_review
from handlers.blocks.modals.parts import View
from handlers.encounters import Submitted
from handlers.views.reviewing import review, send

Invitation = Reviewed[InviteAgency, tuple[Here, WillBeTold | None]]


async def filled_in(submitted: Submitted) -> None:
    """Check what is filled in, and show whom it would tell."""
    fields, case_id, agency_id = submitted.fields, submitted.metadata, submitted.fields.needed("agency")
    agency = await submitted.look(lambda uow, actor: _agency(uow, actor, case_id, agency_id))
    choice = AgencyChoice(
        agency.id,
        "".join(fields.options("persons")),
        agency.usual_reason,
        agency.usual_ground,
        expected=EXPECTED in fields.options("expected"),
    )
    await review(submitted, INVITING, InviteAgency(case_id, choice), _shown)


async def sent(submitted: Submitted) -> None:
    """«Send»."""
    await send(submitted, INVITING, _shown)


def _agency(uow: UnitOfWork, actor: Person, case_id: str, agency_id: str) -> Agency:
    here = enter_case(uow, actor, Action.INVITE_AGENCY, case_id)
    agency = here.file.agencies.get(agency_id)
    if agency is None:
        raise NotAllowed
    return agency


def _shown(words: Words, metadata: str, reviewed: Invitation) -> View:
    here, told = reviewed.review
    return invite_review(words, metadata, here.file, reviewed.command.choice, told, here.uow.now)
