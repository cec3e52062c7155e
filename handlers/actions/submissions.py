"""The forms of needs and actions."""

from __future__ import annotations

from bot.domain.actions import may_own
from bot.domain.case.actions import Outcome
from bot.texts.words import Words
from bot.usecases.actions.actions import (
    AGREE_ACTION,
    CHANGE_ACTION,
    ActionReview,
    AgreeAction,
    ChangeAction,
    ChangeReview,
    EndAction,
    agree_action,
    change_action,
    end_action,
    review_action,
    review_change,
    see_changeable,
)
from bot.usecases.actions.needs import AssignNeeds, NoteNeeds, TakeNeed, assign_needs, note_needs, take_need
from bot.usecases.review import ReviewedDraft
from handlers.actions.modals import (
    ACTION_REVIEW,
    CHANGE,
    CHANGE_ACTION_REVIEW,
    NOBODY,
    agreed_text,
    change_form,
    day_review,
    owners_form,
)
from handlers.blocks.modal import View
from handlers.slack.payloads import member
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import review, send


async def filled_in(request: SubmissionRequest) -> None:
    """Agree the action; a day on which offices are closed is asked about first."""
    fields = request.fields
    letters = "".join(fields.options("persons")) if "persons" in request.inputs else "A"
    command = AgreeAction(
        request.metadata,
        fields.needed("involvement"),
        letters,
        fields.needed_day("due_on"),
        fields.option("need"),
        fields.text("text"),
    )
    reviewed = await request.look(review_action, command)
    if reviewed.warning is not None:
        await review(request, AGREE_ACTION, command, _shown)
        return
    await request.act(agree_action, command)
    await request.done(agreed_text(request.words, reviewed.file, command.due_on))


async def sent(request: SubmissionRequest) -> None:
    await send(request, AGREE_ACTION, _shown)


def _shown(words: Words, metadata: str, reviewed: ReviewedDraft[AgreeAction, ActionReview]) -> View:
    return day_review(words, ACTION_REVIEW, metadata, reviewed.command.due_on, reviewed.review.warning)


async def one_ended(request: SubmissionRequest) -> None:
    """One of all the open ones has ended; or is to be changed, by the form that follows."""
    id, how = request.fields.needed("action"), request.fields.needed("outcome")
    if how != CHANGE:
        await request.act_and_close(end_action, EndAction(id, member(Outcome, how)))
        return
    here, action, parts = await request.look(see_changeable, id)
    await request.replace(change_form(request.words, here.file, action, parts, request.now))


async def ended(request: SubmissionRequest) -> None:
    """The one that the form is about has ended."""
    outcome = member(Outcome, request.fields.needed("outcome"))
    await request.act_and_close(end_action, EndAction(request.metadata, outcome))


async def changed(request: SubmissionRequest) -> None:
    """Another owner or another day; a day on which offices are closed is asked about first."""
    fields = request.fields
    command = ChangeAction(request.metadata, fields.needed("involvement"), fields.needed_day("due_on"))
    reviewed = await request.look(review_change, command)
    if reviewed.warning is not None:
        await review(request, CHANGE_ACTION, command, _change_shown)
        return
    await request.act(change_action, command)
    await request.done(agreed_text(request.words, reviewed.file, command.due_on))


async def change_sent(request: SubmissionRequest) -> None:
    await send(request, CHANGE_ACTION, _change_shown)


def _change_shown(words: Words, metadata: str, reviewed: ReviewedDraft[ChangeAction, ChangeReview]) -> View:
    view_id, command = CHANGE_ACTION_REVIEW, reviewed.command
    return day_review(words, view_id, metadata, command.due_on, reviewed.review.warning)


async def needs(request: SubmissionRequest) -> None:
    """Note the needs; whose they are is asked next."""
    file = await request.act(note_needs, NoteNeeds(request.metadata, request.fields.options("needs")))
    if not file.needs:
        await request.done()
        return
    await request.replace(owners_form(request.words, file, may_own(file)))


async def owners(request: SubmissionRequest) -> None:
    chosen = {}
    for name in request.inputs:
        need_id, _, shown = name.partition(":")
        chosen[need_id] = (_part(shown), _part(request.fields.needed(name)))
    await request.act_and_close(assign_needs, AssignNeeds(request.metadata, chosen))


def _part(value: str) -> str | None:
    return None if value in ("", NOBODY) else value


async def taken(request: SubmissionRequest) -> None:
    await request.act_and_close(take_need, TakeNeed(request.metadata, request.fields.needed("involvement")))
