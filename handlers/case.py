"""Open a case: the command, the buttons, the form and its review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.access import Action
from bot.domain.case.entities import Phase, letters
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import CoordinatorsOnly, Invalid, NothingHere, Problem
from bot.texts.words import Words
from bot.usecases.authorization import enter_team
from bot.usecases.case import MOST_PERSONS, OPEN_CASE, OpenCase, Review, see_openable, see_prompted
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import UnitOfWork
from handlers.blocks import inputs
from handlers.blocks.context import escape
from handlers.blocks.elements import ActionId, section
from handlers.blocks.formatting import listed
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import CallbackId, View, choose_team, field, line_blocks, modal, review_id
from handlers.blocks.people import mention as mention_of
from handlers.blocks.people import span, warned, where, will_be_told
from handlers.blocks.quorum import never_enough
from handlers.meeting.defaults import mark_of, propose
from handlers.meeting.modals import Proposal, meeting_fields
from handlers.meeting.submissions import read_meeting
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.payloads import Fields
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.vocabulary import Audience

OPEN_CASE_BUTTON = ActionId("open_case", "team")
OPEN_CASE_FROM = ActionId("open_case_from", "`guidance/` or `convening/` and its id")

OPEN_CASE_FORM = CallbackId(
    "open_case",
    "team; with `|guidance/` or `|convening/` and an id, what prompted it",
    heading="modal.open-case.title",
    submit="modal.look-over",
)
OPEN_CASE_REVIEW = review_id("open_case_review")

OWN_INITIATIVE = "own"


def open_case_form(
    words: Words,
    team: Team,
    agencies: list[Agency],
    proposal: Proposal,
    *,
    asked_by: str | None = None,
    item: str | None = None,
) -> View:
    """Open a case, involve its agencies and call the first meeting.

    `asked_by` is the agency that asked, `item` what outside cases it was that prompted it.
    """
    names = [(a.id, a.shown_name) for a in agencies]
    askers = inputs.select(
        [(OWN_INITIATIVE, words("field.asked-by.own")), *names], asked_by or OWN_INITIATIVE
    )
    blocks = [
        section(words("modal.open-case.intro", team=escape(team.name))),
        field(words, "phase", "field.phase", inputs.radio(choices_of(words, "phase", Phase), Phase.ACUTE)),
        field(words, "asked_by", "field.asked-by", askers),
        field(words, "persons", "field.persons", inputs.number(1, 1, MOST_PERSONS), hint=True),
        field(words, "agencies", "field.agencies", inputs.selects(names), hint=True),
        field(words, "expected", "field.expected", inputs.selects(names), hint=True, optional=True),
        *meeting_fields(words, team, proposal),
    ]
    return modal(words, OPEN_CASE_FORM, blocks, team.id if item is None else f"{team.id}|{item}")


def open_case_review(words: Words, metadata: str, command: OpenCase, review: Review) -> View:
    """«Se over og send»: the humans who will now be told."""
    zone = review.team.time_zone
    expected = [f"• {escape(a.shown_name)}" for a in review.expected]
    others = [f"• {mention_of(words, p)}" for p in review.coordinators]
    blocks = [
        *line_blocks(
            words("modal.review.case", phase=words(f"phase.{command.phase}")),
            words("modal.review.persons", letters=listed(words, letters(command.persons))),
        ),
        *line_blocks(
            words("modal.review.meeting"), span(words, review.meeting, zone), where(words, review.meeting)
        ),
        *line_blocks(*warned(words, review.warnings, review.meeting, zone)),
        *line_blocks(*never_enough(words, review.team.rules.quorum, (t.agency.kind for t in review.told))),
        *line_blocks(words("modal.review.told"), *(will_be_told(words, t) for t in review.told)),
        *(line_blocks(words("modal.review.coordinators"), *others) if others else []),
        *(line_blocks(words("modal.review.expected"), *expected) if expected else []),
        section(words("modal.review.nothing-yet")),
    ]
    return modal(words, OPEN_CASE_REVIEW, blocks, metadata)


async def open_case(request: CommandRequest) -> None:
    """Open a case, ask its agencies, call the first meeting; text after the word is read as a time.

    Who coordinates several teams chooses one first.
    """
    openable = await request.look(see_openable)
    await request.open(_team_or_form(request.words, openable, request.rest, request.now))


async def open_case_by_button(request: ActionRequest) -> None:
    """Open the form that opens a case, for the team of the button or the only one."""
    openable = await request.look(see_openable)
    if request.value:
        openable = [each for each in openable if each[0].id == request.value]
    if not openable:
        await request.look(enter_team, Action.OPEN_CASE, request.value)
    await request.open(_team_or_form(request.words, openable, "", request.now))


def _team_or_form(
    words: Words, openable: Sequence[tuple[Team, list[Agency]]], text: str, now: datetime
) -> View:
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        return choose_team(words, teams, OPEN_CASE_FORM, mark_of(teams[0], text, now))
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    return open_case_form(words, team, agencies, propose(words, team, text, now))


async def open_case_from(request: ActionRequest) -> None:
    """Open the form that opens a case because of it; nothing that was written goes along."""
    prompted = await request.look(see_prompted, request.value)
    proposal = propose(request.words, prompted.team, "", request.now)
    view = open_case_form(
        *(request.words, prompted.team, prompted.agencies, proposal),
        asked_by=prompted.asked_by,
        item=request.value,
    )
    await request.open(view)


OPENING = ReviewedForm(
    OPEN_CASE,
    lambda request, metadata, reviewed: open_case_review(
        request.words, metadata, reviewed.command, reviewed.review
    ),
)


async def filled_in(request: SubmissionRequest) -> None:
    team_id, _, item = request.metadata.partition("|")
    agencies = await request.look(_agencies, team_id)
    command = read_case(request.fields, team_id, {a.id: a for a in agencies}, item or None)
    await OPENING.review(request, command)


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
    """The agencies chosen in the form, each with its usual reason and ground.

    Raises:
        CoordinatorsOnly: one is not of the team.
    """
    wanted = [(id, False) for id in fields.options("agencies")]
    wanted += [(id, True) for id in fields.options("expected")]
    if any(id not in agencies for id, _ in wanted):
        raise CoordinatorsOnly
    return tuple(
        AgencyChoice(id, persons, agencies[id].usual_reason, agencies[id].usual_ground, expected)
        for id, expected in wanted
    )


CASE = Subject(
    "case",
    commands=(Command("case", Action.OPEN_CASE, Audience.COORDINATOR, open_case),),
    buttons=(
        Button(OPEN_CASE_BUTTON, Action.OPEN_CASE, open_case_by_button),
        Button(OPEN_CASE_FROM, Action.OPEN_CASE, open_case_from),
    ),
    forms=(
        Form(OPEN_CASE_FORM, Action.OPEN_CASE, filled_in),
        Form(OPEN_CASE_REVIEW, Action.OPEN_CASE, OPENING.send),
    ),
)
