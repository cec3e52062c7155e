"""Forms that open a case, and the review of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.case.entities import Phase, letters
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Ground, Team
from bot.domain.errors import Invalid, Problem
from bot.texts.words import Words
from bot.usecases.case import MOST_PERSONS, OpenCase, Review
from handlers.blocks import inputs
from handlers.blocks.choosing import asked_blocks, other_form
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import Blocks, View, field, form, line_blocks, notice, review_form
from handlers.blocks.people import sent_to
from handlers.meeting.modals import Proposal, meeting_fields
from handlers.slack.payloads import Fields

OPEN_CASE_BUTTON = ActionId("open_case", "team and perhaps a time, parted by a bar; or `choose`")
ASK_OTHER = ActionId("ask_other", "draft and agency")
ASK_OTHER_FORM = other_form(ASK_OTHER)
OPEN_CASE_FROM = ActionId("open_case_from", "`guidance/` or `convening/` and its id")


OWN_INITIATIVE = "own"
#: The value of a button that lets the person choose the team.
ANY_TEAM = "choose"


@form(
    "open_case",
    "team; with `|guidance/` or `|convening/` and an id, what prompted it",
    submit="modal.look-over",
)
def open_case_form(
    words: Words,
    team: Team,
    agencies: list[Agency],
    proposal: Proposal,
    *,
    phase: Phase = Phase.ACUTE,
    asked_by: str | None = None,
    item: str | None = None,
) -> Blocks:
    """Open a case, involve its agencies and call the first meeting.

    `asked_by` is the agency that asked, `item` the item outside cases that prompted the case.
    """
    names = [(a.id, a.shown_name) for a in agencies]
    yield section(words("modal.open-case.intro", team=escape(team.name)))
    yield field(words, "phase", "field.phase", inputs.radio(choices_of(words, "phase", Phase), phase))
    yield asked_by_field(words, names, asked_by)
    yield persons_field(words)
    yield field(words, "agencies", "field.agencies", inputs.selects(names), hint=True)
    yield field(words, "expected", "field.expected", inputs.selects(names), hint=True, optional=True)
    yield from meeting_fields(words, team, proposal)
    return team.id if item is None else f"{team.id}|{item}"


def asked_by_field(words: Words, agencies: list[Choice], asked_by: str | None) -> Block:
    choices = [(OWN_INITIATIVE, words("field.asked-by.own")), *agencies]
    return field(words, "asked_by", "field.asked-by", inputs.select(choices, asked_by or OWN_INITIATIVE))


def read_asked_by(fields: Fields) -> str | None:
    chosen = fields.needed("asked_by")
    return None if chosen == OWN_INITIATIVE else chosen


def persons_field(words: Words) -> Block:
    return field(words, "persons", "field.persons", inputs.number(1, 1, MOST_PERSONS), hint=True)


def read_persons(fields: Fields) -> int:
    persons = fields.number("persons")
    if persons is None or not 1 <= persons <= MOST_PERSONS:
        raise Invalid(Problem("persons", "invalid.persons-number"))
    return persons


@review_form("open_case_review")
def open_case_review(words: Words, metadata: str, command: OpenCase, review: Review, now: datetime) -> Blocks:
    """«Se over og send»: the humans who will be told now."""
    yield from line_blocks(
        words("modal.review.case", phase=words(f"phase.{command.phase}")),
        words("modal.review.persons", letters=words.several(letters(command.persons))),
    )
    yield from asked_blocks(words, review, now, ASK_OTHER, metadata)
    yield from _grounds(words, command, [t.agency for t in review.told])
    yield section(words("modal.review.nothing-yet"))
    return metadata


def _grounds(words: Words, command: OpenCase, agencies: list[Agency]) -> Iterator[Block]:
    """List each ground once, with its agencies and their reasons; unchanged ones are shown as proposals."""
    choices = {choice.agency_id: choice for choice in command.agencies}
    lines: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
    for agency in agencies:
        choice = choices.get(agency.id)
        if choice is None:
            continue
        is_usual = (choice.reason, choice.ground) == (agency.usual_reason, agency.proposed_ground)
        name, reason = escape(agency.shown_name), words(f"reason.{choice.reason}")
        told = words("modal.review.why", agency=name, reason=reason)
        lines[is_usual].setdefault(_ground(words, choice.ground, agency), []).append(told)
    for is_usual, grounds in lines.items():
        key = "modal.review.grounds-proposed" if is_usual else "modal.review.grounds"
        each = (words("modal.review.ground", ground=g, agencies=words.several(a)) for g, a in grounds.items())
        yield from line_blocks(words(key), *each) if grounds else ()


def opened_notice(words: Words, file: CaseFile, channel_id: str = "") -> View:
    """The receipt after opening a case: how many are asked, whom to ring, the way to the room."""
    way = words("modal.opened.room", room=f"<#{channel_id}>") if channel_id else words("modal.opened.soon")
    return notice(words, sent_to(words, file), way, heading="modal.opened.title", clears=True)


def _ground(words: Words, chosen: Ground, agency: Agency) -> str:
    """The ground; if it is not settled and usually is consent, that consent has to be asked for."""
    if chosen is Ground.NOT_SETTLED and agency.usual_ground is Ground.CONSENT:
        return words("modal.review.not-settled", usual=words(f"ground.{Ground.CONSENT}"))
    return words(f"ground.{chosen}")
