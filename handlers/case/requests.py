"""Requests that open a case: `/tot sak`, the form of an acute case, and their review."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.access import Action
from bot.domain.case.entities import Case, Phase, letters
from bot.domain.convening import Urgency
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import Refusal, Refused
from bot.texts.words import Words
from bot.usecases import case as cases
from bot.usecases.authorization import enter_team
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from handlers.blocks.modal import View, choose_team
from handlers.case import modals
from handlers.case.acute import (
    ACUTE_BUTTON,
    acute_form,
    acute_form_with_more,
    metadata_of,
    of_metadata,
    read_acute,
)
from handlers.meeting.defaults import propose_asked, propose_first, retypeable
from handlers.meeting.modals import read_meeting
from handlers.slack.payloads import Fields, ViewState
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.review import AskOther, ReviewedForm
from handlers.slack.verbs import of_team, team_and_time


async def open_case(request: CommandRequest) -> None:
    """Open a case, ask its agencies, call the first meeting; text after the word is read as a time.

    A coordinator of several teams chooses one first.
    """
    openable = await request.look(cases.see_openable)
    await request.open(team_or_form(request.words, openable, request.rest, request.now))


def team_or_form(
    words: Words, openable: Sequence[tuple[Team, list[Agency]]], text: str, now: datetime
) -> View:
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        return choose_team(words, teams, modals.OPEN_CASE_BUTTON, retypeable(teams[0], text, now))
    team, agencies = openable[0]
    if not agencies:
        raise Refused(Refusal.NOTHING_HERE, "directory")
    return modals.open_case_form(words, team, agencies, propose_first(words, team, text, now))


async def acute_or_team(request: Request, teams: Sequence[Team]) -> View:
    """Return the form of an acute case; a coordinator of several teams chooses one first."""
    if len(teams) > 1:
        return choose_team(request.words, teams, ACUTE_BUTTON)
    return await acute_view(request, teams[0].id)


async def acute_view(
    request: Request, team_id: str, item: str | None = None, asked_by: str | None = None
) -> View:
    shown = await request.look(cases.see_acute_form, team_id, asked_by)
    return acute_form(request.words, shown, metadata_of(shown.team.id, item, asked_by), request.now)


async def open_case_by_button(request: ActionRequest) -> None:
    """Open the form that opens a case, for the team of the button or the only one."""
    _, typed = team_and_time(request.value)
    await request.open(team_or_form(request.words, await _openable(request), typed, request.now))


async def acute(request: ActionRequest) -> None:
    """Open the form of an acute case: whom to ask, and when; the review shows the other values."""
    request.acute = True
    teams = [team for team, _ in await _openable(request)]
    await request.open(await acute_or_team(request, teams))


async def _openable(request: ActionRequest) -> list[tuple[Team, list[Agency]]]:
    if request.value in ("", modals.ANY_TEAM):
        return await request.look(cases.see_openable)
    return await of_team(request, cases.see_openable, Action.OPEN_CASE)


async def acute_more(request: ActionRequest) -> None:
    """Show the form of an acute case with all fields; what is filled in stays."""
    team_id, _, asked_by = of_metadata(request.value)
    shown = await request.look(cases.see_acute_form, team_id, asked_by)
    filled = Fields(request.view.state if request.view is not None else ViewState())
    await request.open(acute_form_with_more(request.words, shown, request.value, request.now, filled))


async def open_case_from(request: ActionRequest) -> None:
    """Open the form for a case that guidance or a request prompted; none of its text is carried along.

    A request to convene today opens the form of an acute case; one that can wait proposes neither an acute
    case nor a meeting at once.
    """
    prompted = await request.look(cases.see_case_request, request.value)
    if prompted.urgency is Urgency.TODAY:
        view = await acute_view(request, prompted.team.id, request.value, prompted.asked_by)
        await request.open(view)
        return
    proposal = propose_asked(request.words, prompted.team, request.now, prompted.urgency)
    view = modals.open_case_form(
        request.words,
        prompted.team,
        prompted.agencies,
        proposal,
        phase=prompted.phase,
        asked_by=prompted.asked_by,
        item=request.value,
    )
    await request.open(view)


#: Seconds for which the receipt is kept up to date, and between two checks for the room.
_FOLLOWED, _BETWEEN = 6.0, 0.1


async def opened(request: SubmissionRequest, command: cases.OpenCase, case: Case) -> None:
    """Show how many are asked, wherever the form was opened, and link to the room as soon as it exists."""
    file = await request.look(cases.see_opened, case.id)
    await request.replace(modals.opened_notice(request.words, file))
    channel_id, until = None, time.monotonic() + _FOLLOWED
    while channel_id is None and time.monotonic() < until:
        await asyncio.sleep(_BETWEEN)
        channel_id = await request.look(cases.room_of_opened, case.id)
    if channel_id is not None:
        await request.show_if_open(modals.opened_notice(request.words, file, channel_id))


async def _read(request: SubmissionRequest) -> cases.OpenCase:
    """Return the command from the form, with the agencies' usual reasons and grounds.

    It is not read by annotations: the acute form chooses other grounds, and the command has room for both.
    """
    team_id, _, item = request.metadata.partition("|")
    agencies = await request.look(_agencies, team_id)
    fields = request.fields
    persons = modals.read_persons(fields)
    return cases.OpenCase(
        team_id=team_id,
        phase=fields.choice("phase", Phase) or Phase.ACUTE,
        persons=persons,
        agencies=read_agencies(fields, {a.id: a for a in agencies}, letters(persons)),
        meeting=read_meeting(fields),
        asked_by=modals.read_asked_by(fields),
        item=item or None,
    )


async def _read_acute(request: SubmissionRequest) -> cases.OpenCase:
    team_id, _, asked_by = of_metadata(request.metadata)
    shown = await request.look(cases.see_acute_form, team_id, asked_by)
    return read_acute(request.fields, request.inputs, request.metadata, shown)


def _agencies(uow: UnitOfWork, actor: Person, team_id: str) -> list[Agency]:
    return uow.agencies(enter_team(uow, actor, Action.OPEN_CASE, team_id).id)


OPENING = ReviewedForm(
    cases.OPEN_CASE,
    modals.open_case_review.id,
    modals.open_case_review,
    AskOther(
        modals.ASK_OTHER,
        modals.ASK_OTHER_FORM,
        lambda command, agency_id, chosen: replace(
            command,
            agencies=tuple(
                replace(c, chosen=chosen) if c.agency_id == agency_id else c for c in command.agencies
            ),
        ),
    ),
    opened,
    read=_read,
)
ACUTE_OPENING = replace(OPENING, read=_read_acute)


def read_agencies(fields: Fields, agencies: Mapping[str, Agency], persons: str) -> tuple[AgencyChoice, ...]:
    """Return the agencies chosen in the form, each with its usual reason and ground."""
    wanted = [(id, False) for id in fields.options("agencies")]
    wanted += [(id, True) for id in fields.options("expected")]
    if any(id not in agencies for id, _ in wanted):
        raise Refused(Refusal.COORDINATORS_ONLY)
    return tuple(
        AgencyChoice(id, persons, agencies[id].usual_reason, agencies[id].proposed_ground, expected)
        for id, expected in wanted
    )
