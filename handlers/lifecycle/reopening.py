"""Open a closed case again: by the word, by the button on its card and in Home; the form and its review."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Case, Phase
from bot.domain.case.file import CaseFile
from bot.texts.words import Words
from bot.usecases.lifecycle import REOPEN_CASE, ReopenCase, ReopenReview, in_at_closing
from handlers.blocks import inputs
from handlers.blocks.choosing import asked_blocks
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import ActionId, button, section
from handlers.blocks.formatting import short_message
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.blocks.people import agency_choices, by_agency
from handlers.meeting.defaults import propose_next
from handlers.meeting.modals import READS_MEETING, meeting_fields
from handlers.meeting.times import usual
from handlers.slack.review import ReviewedForm

REOPEN = ActionId("reopen", "case")
REOPEN_OTHER = ActionId("reopen_other", "draft and agency")


def reopen_button(ctx: RenderContext) -> Block | None:
    """The button, while the case is closed and not being erased; the access table says who may press it."""
    case = ctx.file.case
    if ctx.file.open or case.is_being_erased:
        return None
    return button(ctx.words("command.reopen.choice"), REOPEN, case.id)


@form("reopen", "case", submit="modal.look-over", heading="command.reopen.choice")
def reopen_form(words: Words, file: CaseFile, typed: str, now: datetime) -> Blocks:
    """Open a closed case again; text after the word is read as the time of the meeting.

    It has the agencies that were in the case when it was closed, all ticked, and the phase.
    """
    parts = [i for i in in_at_closing(file) if i.asked_at is not None]
    choices = agency_choices(file, by_agency(file, parts))
    asked = inputs.ticks(choices, [id for id, _ in choices])
    phase = inputs.radio(choices_of(words, "phase", Phase), file.case.phase)
    proposal = propose_next(words, file, typed, now, reopens=True)
    times = usual(words, file.team, proposal.starts_at, now)
    yield section(words("modal.reopen.intro"))
    yield field(words, "parts", "field.asked-anew", asked, hint=True)
    yield field(words, "phase", "field.phase", phase)
    yield from meeting_fields(words, file.team, proposal, times)
    return file.case.id


@review_form("reopen_review")
def reopen_review(
    words: Words, metadata: str, command: ReopenCase, review: ReopenReview, now: datetime
) -> Blocks:
    """«Se over og send»: the humans who will be asked again now."""
    yield from line_blocks(
        words("modal.reopen.what", phase=words(f"phase.{command.phase}")),
        words("modal.reopen.new-room" if review.new_room else "modal.reopen.same-room"),
    )
    yield from asked_blocks(words, review, now, REOPEN_OTHER, metadata, "modal.reopen.told")
    yield section(words("modal.review.nothing-yet"))
    return metadata


REOPENING = ReviewedForm(
    REOPEN_CASE,
    reopen_review,
    REOPEN_OTHER,
    readers=READS_MEETING,
)


def case_reopened(ctx: RenderContext, _: Case) -> Message:
    """To the room: the case is open again, and everybody is asked again."""
    return short_message(ctx.words("notice.case-reopened"))
