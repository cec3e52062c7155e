"""Requests about an agency's part: `/tot inviter`, `/tot ut`, the review of an invitation, passing on."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Via
from bot.domain.directory.entities import Agency, Person
from bot.domain.errors import Refusal, Refused
from bot.usecases.answers import say_cannot
from bot.usecases.authorization import CaseContext, enter_case, enter_lasting
from bot.usecases.involvement.acknowledgement import pass_on, see_colleagues
from bot.usecases.involvement.agencies import (
    INVITE_AGENCY,
    InviteAgency,
    see_invitable,
    see_releasable,
)
from bot.usecases.involvement.summons import AgencyChoice, WillBeTold
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedDraft
from handlers.blocks.modal import View
from handlers.involvement import modals
from handlers.slack.names import names_of
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.review import AskOther, ReviewedForm
from handlers.slack.vocabulary import named


async def invite_agency(request: CommandRequest) -> None:
    """Ask one more agency, or one that was expected; text after the word names it."""
    here, agencies = await request.look(see_invitable, request.channel)
    likely = named(request.rest, {a.id: a.shown_name for a in agencies})
    await request.open(modals.invite_form(request.words, here.file, agencies, likely))


async def release_agency(request: CommandRequest) -> None:
    """End an agency's part.

    The form shows who loses access.
    """
    here, parts = await request.look(see_releasable, request.channel)
    file = here.file
    likely = named(request.rest, {i.id: file.agencies[i.agency_id].shown_name for i in parts})
    await request.open(modals.release_form(request.words, file, parts, likely))


async def send_on(request: ActionRequest) -> None:
    """Open the form that says no before anything is confirmed, or asks a colleague instead: «Kan ikke»."""
    file, seat, colleagues = await request.look(see_colleagues, request.value)
    may_decline = bool(file.asks_of_seat(seat))
    if not colleagues and not may_decline:
        raise Refused(Refusal.NOBODY_TO_ASK)
    names = await names_of(request, [file.persons[c.person_id] for c in colleagues])
    await request.open(
        modals.pass_on_form(request.words, file, seat, colleagues, names, may_decline=may_decline)
    )


async def involvement(request: ActionRequest) -> None:
    """Change an agency's part, end it, or ask an expected one."""
    verb, _, involvement_id = request.value.partition(":")
    here, part = await request.look(enter_lasting, Action.CHANGE_INVOLVEMENT, Involvement, involvement_id)
    words, file = request.words, here.file
    match verb:
        case "change":
            view = modals.involvement_form(words, file, part)
        case "release":
            view = modals.release_form(words, file, [part])
        case "ask":
            view = modals.invite_form(
                words, file, [file.agencies[part.agency_id]], part.agency_id, part.persons
            )
        case _:
            raise Unreadable
    await request.open(view)


async def filled_in(request: SubmissionRequest) -> None:
    fields, case_id, agency_id = request.fields, request.metadata, request.fields.needed("agency")
    agency = await request.look(_agency, case_id, agency_id)
    choice = AgencyChoice(
        agency.id,
        "".join(fields.options("persons")),
        agency.usual_reason,
        agency.proposed_ground,
        expected=modals.EXPECTED in fields.options("expected"),
    )
    await INVITATION.review(request, InviteAgency(case_id, choice))


def _agency(uow: UnitOfWork, actor: Person, case_id: str, agency_id: str) -> Agency:
    here = enter_case(uow, actor, Action.INVITE_AGENCY, case_id)
    agency = here.file.agencies.get(agency_id)
    if agency is None:
        raise Refused(Refusal.NOT_ALLOWED)
    return agency


def _shown(
    request: Request,
    metadata: str,
    reviewed: ReviewedDraft[InviteAgency, tuple[CaseContext, WillBeTold | None]],
) -> View:
    here, told = reviewed.review
    return modals.invite_review(
        request.words, metadata, here.file, reviewed.command.choice, told, here.uow.now
    )


def _told(review: tuple[CaseContext, WillBeTold | None]) -> tuple[ZoneInfo, list[WillBeTold]]:
    here, told = review
    return here.file.team.time_zone, [told] if told is not None else []


INVITATION = ReviewedForm(
    INVITE_AGENCY,
    _shown,
    AskOther(
        modals.INVITE_OTHER_FORM,
        _told,
        lambda command, _, chosen: replace(command, choice=replace(command.choice, chosen=chosen)),
    ),
)


async def invite_other(request: ActionRequest) -> None:
    """Choose whom an agency is asked by, before it is invited."""
    await INVITATION.choose(request)


async def to_release(request: SubmissionRequest) -> None:
    """Show what follows for the agency that was chosen."""
    here, part = await request.look(
        enter_lasting, Action.CHANGE_INVOLVEMENT, Involvement, request.fields.needed("involvement")
    )
    await request.push(modals.release_review(request.words, here.file, part))


async def passed_on(request: SubmissionRequest) -> None:
    colleague = request.fields.option("colleague")
    if colleague is None:
        await request.act_and_close(say_cannot, request.metadata)
    else:
        await request.act_and_close(pass_on, request.metadata, colleague=colleague)


def way_outside_slack(request: SubmissionRequest) -> Via:
    via = member(Via, request.fields.needed("via"))
    if via is Via.SLACK:
        raise Unreadable
    return via
