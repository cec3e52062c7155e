"""Forms that involve an agency, change or end its part, confirm taushetsplikt, pass a question on."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Via
from bot.domain.directory.entities import Agency, Ground, Person, Reason
from bot.domain.errors import NotAllowed
from bot.texts.words import Words
from bot.usecases.authorization import Here, enter_case
from bot.usecases.involvement.acknowledgement import (
    PassOn,
    RecordAcknowledgement,
    pass_on,
    record_acknowledgement,
)
from bot.usecases.involvement.agencies import (
    INVITING,
    ChangeInvolvement,
    InviteAgency,
    ReleaseAgency,
    change_involvement,
    release_agency,
)
from bot.usecases.involvement.summons import AgencyChoice, WillBeTold
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import Reviewed
from handlers.blocks.modal import View
from handlers.involvement.modals import EXPECTED, invite_review
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import Submitted
from handlers.slack.review import review, send

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


async def passed_on(submitted: Submitted) -> None:
    """The question goes to a colleague."""
    command = PassOn(submitted.metadata, submitted.fields.needed("colleague"))
    await submitted.act(pass_on, command)
    await submitted.done()


async def acknowledgement(submitted: Submitted) -> None:
    """Taushetsplikt was confirmed outside Slack."""
    command = RecordAcknowledgement(submitted.metadata, way_outside_slack(submitted))
    await submitted.act(record_acknowledgement, command)
    await submitted.done()


def way_outside_slack(submitted: Submitted) -> Via:
    via = member(Via, submitted.fields.needed("via"))
    if via is Via.SLACK:
        raise Unreadable
    return via
