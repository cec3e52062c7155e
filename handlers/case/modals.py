"""Forms that open a case."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.case.entities import Phase, letters
from bot.domain.directory.entities import Agency, Team
from bot.texts.words import Words
from bot.usecases.case import MOST_PERSONS, OpenCase, Review
from handlers.blocks.context import escape
from handlers.blocks.elements import section
from handlers.blocks.formatting import listed
from handlers.blocks.modal import (
    REVIEWED,
    CallbackId,
    View,
    choices_of,
    field,
    lines,
    modal,
    number,
    radio,
    select,
    selects,
)
from handlers.blocks.people import mention as mention_of
from handlers.blocks.people import span, warned, where, will_be_told
from handlers.blocks.quorum import never_enough
from handlers.meeting.modals import Proposal, meeting_fields

OPEN_CASE = CallbackId("open_case", "team; with `|guidance/` or `|convening/` and an id, what prompted it")
OPEN_CASE_REVIEW = CallbackId("open_case_review", REVIEWED)

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
    askers = select([(OWN_INITIATIVE, words("field.asked-by.own")), *names], asked_by or OWN_INITIATIVE)
    return modal(
        words,
        OPEN_CASE,
        "modal.open-case.title",
        [
            section(words("modal.open-case.intro", team=escape(team.name))),
            field("phase", words("field.phase"), radio(choices_of(words, "phase", Phase), Phase.ACUTE)),
            field("asked_by", words("field.asked-by"), askers),
            field(
                "persons",
                words("field.persons"),
                number(1, 1, MOST_PERSONS),
                hint=words("field.persons.hint"),
            ),
            field("agencies", words("field.agencies"), selects(names), hint=words("field.agencies.hint")),
            field(
                "expected",
                words("field.expected"),
                selects(names),
                hint=words("field.expected.hint"),
                optional=True,
            ),
            *meeting_fields(words, team, proposal),
        ],
        submit="modal.look-over",
        metadata=team.id if item is None else f"{team.id}|{item}",
    )


def open_case_review(words: Words, metadata: str, command: OpenCase, review: Review) -> View:
    """«Se over og send»: the humans who will now be told."""
    zone = ZoneInfo(review.team.zone)
    expected = [f"• {escape(a.shown_name)}" for a in review.expected]
    others = [f"• {mention_of(words, p)}" for p in review.coordinators]
    return modal(
        words,
        OPEN_CASE_REVIEW,
        "modal.review.title",
        [
            *lines(
                words("modal.review.case", phase=words(f"phase.{command.phase}")),
                words("modal.review.persons", letters=listed(words, letters(command.persons))),
            ),
            *lines(
                words("modal.review.meeting"), span(words, review.meeting, zone), where(words, review.meeting)
            ),
            *lines(*warned(words, review.warnings, review.meeting, zone)),
            *lines(*never_enough(words, review.team.rules.quorum, (t.agency.kind for t in review.told))),
            *lines(words("modal.review.told"), *(will_be_told(words, t) for t in review.told)),
            *(lines(words("modal.review.coordinators"), *others) if others else []),
            *(lines(words("modal.review.expected"), *expected) if expected else []),
            section(words("modal.review.nothing-yet")),
        ],
        submit="modal.send",
        metadata=metadata,
        close="modal.back",
    )
