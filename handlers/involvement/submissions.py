"""Forms that involve an agency, change or end its part, confirm taushetsplikt, pass a question on."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.case.entities import Via
from bot.domain.directory.entities import Agency, Ground, Person, Reason
from bot.domain.errors import NotAllowed
from bot.usecases.answers import SayCannot, say_cannot
from bot.usecases.authorization import CaseContext, enter_case
from bot.usecases.involvement.acknowledgement import (
    PassOn,
    RecordAcknowledgement,
    pass_on,
    record_acknowledgement,
)
from bot.usecases.involvement.agencies import (
    INVITE_AGENCY,
    ChangeInvolvement,
    InviteAgency,
    ReleaseAgency,
    change_involvement,
    release_agency,
    see_involvement,
)
from bot.usecases.involvement.choosing import WillBeTold
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedDraft
from handlers.blocks.modal import View
from handlers.involvement.modals import EXPECTED, INVITE_OTHER_FORM, invite_review, release_review
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import ActionRequest, Request, SubmissionRequest
from handlers.slack.review import AskOther, ReviewedForm


async def filled_in(request: SubmissionRequest) -> None:
    fields, case_id, agency_id = request.fields, request.metadata, request.fields.needed("agency")
    agency = await request.look(_agency, case_id, agency_id)
    choice = AgencyChoice(
        agency.id,
        "".join(fields.options("persons")),
        agency.usual_reason,
        agency.proposed_ground,
        expected=EXPECTED in fields.options("expected"),
    )
    await INVITATION.review(request, InviteAgency(case_id, choice))


def _agency(uow: UnitOfWork, actor: Person, case_id: str, agency_id: str) -> Agency:
    here = enter_case(uow, actor, Action.INVITE_AGENCY, case_id)
    agency = here.file.agencies.get(agency_id)
    if agency is None:
        raise NotAllowed
    return agency


def _shown(
    request: Request,
    metadata: str,
    reviewed: ReviewedDraft[InviteAgency, tuple[CaseContext, WillBeTold | None]],
) -> View:
    here, told = reviewed.review
    return invite_review(request.words, metadata, here.file, reviewed.command.choice, told, here.uow.now)


def _told(review: tuple[CaseContext, WillBeTold | None]) -> tuple[ZoneInfo, list[WillBeTold]]:
    here, told = review
    return here.file.team.time_zone, [told] if told is not None else []


INVITATION = ReviewedForm(
    INVITE_AGENCY,
    _shown,
    AskOther(
        INVITE_OTHER_FORM,
        _told,
        lambda command, _, chosen: replace(command, choice=replace(command.choice, chosen=chosen)),
    ),
)


async def invite_other(request: ActionRequest) -> None:
    """Choose whom an agency is asked by, before it is invited."""
    await INVITATION.choose(request)


async def other_chosen(request: SubmissionRequest) -> None:
    await INVITATION.chosen(request)


async def involvement(request: SubmissionRequest) -> None:
    fields = request.fields
    command = ChangeInvolvement(
        request.metadata,
        "".join(fields.options("persons")),
        member(Reason, fields.needed("reason")),
        member(Ground, fields.needed("ground")),
    )
    await request.act_and_close(change_involvement, command)


async def release(request: SubmissionRequest) -> None:
    await request.act_and_close(release_agency, ReleaseAgency(request.metadata))


async def to_release(request: SubmissionRequest) -> None:
    """Show what follows for the agency that was chosen."""
    here, part = await request.look(see_involvement, request.fields.needed("involvement"))
    await request.push(release_review(request.words, here.file, part))


async def passed_on(request: SubmissionRequest) -> None:
    colleague = request.fields.option("colleague")
    if colleague is None:
        await request.act_and_close(say_cannot, SayCannot(request.metadata))
    else:
        await request.act_and_close(pass_on, PassOn(request.metadata, colleague))


async def acknowledgement(request: SubmissionRequest) -> None:
    at = request.fields.moment_or_none("at")
    command = RecordAcknowledgement(request.metadata, way_outside_slack(request), at)
    await request.act_and_close(record_acknowledgement, command)


def way_outside_slack(request: SubmissionRequest) -> Via:
    via = member(Via, request.fields.needed("via"))
    if via is Via.SLACK:
        raise Unreadable
    return via
