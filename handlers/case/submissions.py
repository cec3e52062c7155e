"""The form that opens a case, and its review."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.case.entities import Phase, letters
from bot.domain.directory.entities import Agency, Person
from bot.domain.errors import CoordinatorsOnly, Invalid, Problem
from bot.texts.words import Words
from bot.usecases.authorization import enter_team
from bot.usecases.case import MOST_PERSONS, OPEN_CASE, OpenCase, Review
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedDraft
from handlers.blocks.modal import View
from handlers.case.modals import OWN_INITIATIVE, open_case_review
from handlers.meeting.submissions import read_meeting
from handlers.slack.payloads import Fields
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import review, send


async def filled_in(request: SubmissionRequest) -> None:
    """Check what is filled in, and show whom it would tell."""
    team_id, _, item = request.metadata.partition("|")
    agencies = await request.look(lambda uow, actor: _agencies(uow, actor, team_id))
    command = read_case(request.fields, team_id, {a.id: a for a in agencies}, item or None)
    await review(request, OPEN_CASE, command, _shown)


async def sent(request: SubmissionRequest) -> None:
    """«Send»."""
    await send(request, OPEN_CASE, _shown)


def _agencies(uow: UnitOfWork, actor: Person, team_id: str) -> list[Agency]:
    return uow.agencies(enter_team(uow, actor, Action.OPEN_CASE, team_id).id)


def read_case(
    fields: Fields, team_id: str, agencies: Mapping[str, Agency], item: str | None = None
) -> OpenCase:
    """The command that the form says; why and on which ground are the agencies' usual ones.

    Raises:
        Invalid: the number of persons is none.
        Unreadable, CoordinatorsOnly: the form is not the bot's.
    """
    persons = fields.number("persons")
    if persons is None or not 1 <= persons <= MOST_PERSONS:
        raise Invalid(Problem("persons", "invalid.persons-number"))
    asked_by = fields.needed("asked_by")
    wanted = [(agency_id, False) for agency_id in fields.options("agencies")]
    wanted += [(agency_id, True) for agency_id in fields.options("expected")]
    if any(agency_id not in agencies for agency_id, _ in wanted):
        raise CoordinatorsOnly
    return OpenCase(
        team_id=team_id,
        phase=fields.choice("phase", Phase) or Phase.ACUTE,
        persons=persons,
        agencies=tuple(_usual(agencies[id], letters(persons), expected) for id, expected in wanted),
        meeting=read_meeting(fields),
        asked_by=None if asked_by == OWN_INITIATIVE else asked_by,
        item=item,
    )


def _usual(agency: Agency, persons: str, expected: bool) -> AgencyChoice:
    return AgencyChoice(agency.id, persons, agency.usual_reason, agency.usual_ground, expected)


def _shown(words: Words, metadata: str, reviewed: ReviewedDraft[OpenCase, Review]) -> View:
    return open_case_review(words, metadata, reviewed.command, reviewed.review)
