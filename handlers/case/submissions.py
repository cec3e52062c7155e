"""The form that opens a case, and its review."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.access import Action
from bot.domain.case.entities import Case, Phase, letters
from bot.domain.directory.entities import Agency, Person
from bot.domain.errors import CoordinatorsOnly, Invalid, Problem
from bot.usecases.authorization import enter_team
from bot.usecases.case import MOST_PERSONS, OPEN_CASE, OpenCase, room_of_opened, see_hasty, see_opened
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from handlers.case.acute import of_metadata, read_acute
from handlers.case.modals import ASK_OTHER_FORM, OWN_INITIATIVE, open_case_review, opened_notice
from handlers.meeting.submissions import read_meeting
from handlers.slack.payloads import Fields
from handlers.slack.requests import ActionRequest, SubmissionRequest
from handlers.slack.review import AskOther, ReviewedForm

#: Seconds for which the receipt is kept up to date, and between two looks for what another process writes.
_FOLLOWED, _BETWEEN = 6.0, 0.3


async def opened(request: SubmissionRequest, command: OpenCase, case: Case) -> None:
    """Tell how many are asked, wherever the form was opened, and lead to the room as soon as it is there."""
    file = await request.look(see_opened, case.id)
    await request.replace(opened_notice(request.words, file))
    until = time.monotonic() + _FOLLOWED
    while (channel_id := await request.look(room_of_opened, case.id)) is None and time.monotonic() < until:
        await request.services.database.written(_BETWEEN)
    if channel_id is not None:
        await request.show_if_open(opened_notice(request.words, file, channel_id))


OPENING = ReviewedForm(
    OPEN_CASE,
    lambda request, metadata, reviewed: open_case_review(
        request.words, metadata, reviewed.command, reviewed.review, request.now
    ),
    AskOther(
        ASK_OTHER_FORM,
        lambda review: (review.team.time_zone, review.told),
        lambda command, agency_id, chosen: replace(
            command,
            agencies=tuple(
                replace(c, chosen=chosen) if c.agency_id == agency_id else c for c in command.agencies
            ),
        ),
    ),
    opened,
)


async def ask_other(request: ActionRequest) -> None:
    """Choose whom an agency is asked by, before the case is opened."""
    await OPENING.choose(request)


async def other_chosen(request: SubmissionRequest) -> None:
    await OPENING.chosen(request)


async def filled_in(request: SubmissionRequest) -> None:
    team_id, _, item = request.metadata.partition("|")
    agencies = await request.look(_agencies, team_id)
    command = read_case(request.fields, team_id, {a.id: a for a in agencies}, item or None)
    await OPENING.review(request, command)


async def acute_filled_in(request: SubmissionRequest) -> None:
    team_id, _, asked_by = of_metadata(request.metadata)
    hasty = await request.look(see_hasty, team_id, asked_by)
    await OPENING.review(request, read_acute(request.fields, request.inputs, request.metadata, hasty))


def _agencies(uow: UnitOfWork, actor: Person, team_id: str) -> list[Agency]:
    return uow.agencies(enter_team(uow, actor, Action.OPEN_CASE, team_id).id)


def read_case(
    fields: Fields, team_id: str, agencies: Mapping[str, Agency], item: str | None = None
) -> OpenCase:
    """The command that the form says; why and on which ground are the agencies' usual ones."""
    persons = fields.number("persons")
    if persons is None or not 1 <= persons <= MOST_PERSONS:
        raise Invalid(Problem("persons", "invalid.persons-number"))
    asked_by = fields.needed("asked_by")
    return OpenCase(
        team_id=team_id,
        phase=fields.choice("phase", Phase) or Phase.ACUTE,
        persons=persons,
        agencies=read_agencies(fields, agencies, letters(persons)),
        meeting=read_meeting(fields),
        asked_by=None if asked_by == OWN_INITIATIVE else asked_by,
        item=item,
    )


def read_agencies(fields: Fields, agencies: Mapping[str, Agency], persons: str) -> tuple[AgencyChoice, ...]:
    """The agencies chosen in the form, each with its usual reason and ground."""
    wanted = [(id, False) for id in fields.options("agencies")]
    wanted += [(id, True) for id in fields.options("expected")]
    if any(id not in agencies for id, _ in wanted):
        raise CoordinatorsOnly
    return tuple(
        AgencyChoice(id, persons, agencies[id].usual_reason, agencies[id].proposed_ground, expected)
        for id, expected in wanted
    )
