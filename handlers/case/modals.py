"""Forms that open a case, and the review of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Phase, letters
from bot.domain.directory.entities import Agency, Ground, Team
from bot.texts.words import Words
from bot.usecases.case import MOST_PERSONS, OpenCase, Review
from bot.usecases.involvement.summons import WillBeTold
from handlers.blocks import inputs
from handlers.blocks.context import escape
from handlers.blocks.elements import ActionId, section
from handlers.blocks.formatting import listed
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import CallbackId, View, field, line_blocks, modal, notice, review_id
from handlers.blocks.people import mention as mention_of
from handlers.blocks.people import warned, when_and_where, will_be_told
from handlers.blocks.quorum import never_enough
from handlers.meeting.modals import Proposal, meeting_fields

OPEN_CASE_BUTTON = ActionId("open_case", "team, or `choose`")
ASK_NEXT = ActionId("ask_next", "draft, agency and person")
OPEN_CASE_FROM = ActionId("open_case_from", "`guidance/` or `convening/` and its id")

OPEN_CASE_FORM = CallbackId(
    "open_case",
    "team; with `|guidance/` or `|convening/` and an id, what prompted it",
    heading="modal.open-case.title",
    submit="modal.look-over",
)
OPEN_CASE_REVIEW = review_id("open_case_review")

OWN_INITIATIVE = "own"
#: The value of a button that is for whichever team the person chooses.
ANY_TEAM = "choose"


def open_case_form(
    words: Words,
    team: Team,
    agencies: list[Agency],
    proposal: Proposal,
    *,
    phase: Phase = Phase.ACUTE,
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
        field(words, "phase", "field.phase", inputs.radio(choices_of(words, "phase", Phase), phase)),
        field(words, "asked_by", "field.asked-by", askers),
        field(words, "persons", "field.persons", inputs.number(1, 1, MOST_PERSONS), hint=True),
        field(words, "agencies", "field.agencies", inputs.selects(names), hint=True),
        field(words, "expected", "field.expected", inputs.selects(names), hint=True, optional=True),
        *meeting_fields(words, team, proposal),
    ]
    return modal(words, OPEN_CASE_FORM, blocks, team.id if item is None else f"{team.id}|{item}")


def open_case_review(words: Words, metadata: str, command: OpenCase, review: Review, now: datetime) -> View:
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
            words("modal.review.meeting"),
            *when_and_where(words, review.meeting, zone, now),
        ),
        *line_blocks(*warned(words, review.warnings, review.meeting, zone)),
        *line_blocks(*never_enough(words, review.team.rules.quorum, (t.agency.kind for t in review.told))),
        *line_blocks(words("modal.review.told"), *(_told_why(words, command, t) for t in review.told)),
        *(line_blocks(words("modal.review.coordinators"), *others) if others else []),
        *(line_blocks(words("modal.review.expected"), *expected) if expected else []),
        section(words("modal.review.nothing-yet")),
    ]
    return modal(words, OPEN_CASE_REVIEW, blocks, metadata)


def _told_why(words: Words, command: OpenCase, told: WillBeTold) -> str:
    """An agency's human, why and on which ground it is in; what nobody has changed is called a proposal."""
    agency = told.agency
    choice = next((c for c in command.agencies if c.agency_id == agency.id), None)
    if choice is None:
        return will_be_told(words, told)

    return words(
        "modal.review.why",
        told=will_be_told(words, told),
        reason=_shown(words, "reason", choice.reason, agency.usual_reason),
        ground=_ground(words, choice.ground, agency),
    )


def opened_notice(words: Words, asked: int, channel_id: str = "") -> View:
    """The receipt of whoever opened a case: how many agencies are asked, and the way to the room."""
    way = words("modal.opened.room", room=f"<#{channel_id}>") if channel_id else words("modal.opened.soon")
    return notice(words, words.count("modal.opened.asked", asked), way, clears=True)


def _shown(words: Words, area: str, chosen: str, usual: str) -> str:
    what = words(f"{area}.{chosen}")
    return words("modal.review.proposed", what=what) if chosen == usual else what


def _ground(words: Words, chosen: Ground, agency: Agency) -> str:
    """The ground; where the usual one is consent, that it has to be asked for."""
    if chosen is not Ground.NOT_SETTLED:
        return _shown(words, "ground", chosen, agency.proposed_ground)
    if agency.usual_ground is not Ground.CONSENT:
        return words(f"ground.{chosen}")
    return words("modal.review.not-settled", usual=words(f"ground.{Ground.CONSENT}"))
