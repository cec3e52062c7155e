"""The forms of needs and actions."""

from __future__ import annotations

from bot.domain.actions import may_own
from bot.domain.case.actions import Outcome
from bot.domain.errors import Invalid, Problem
from bot.usecases.actions.actions import (
    AGREE_ACTION,
    CHANGE_ACTION,
    AgreeAction,
    ChangeAction,
    EndAction,
    end_action,
    needs_of,
    see_agreeable_in,
    see_changeable,
)
from bot.usecases.actions.needs import KeepNeeds, TakeNeed, keep_needs, see_needs, take_need
from handlers.actions.modals import (
    ACTION_REVIEW,
    CHANGE,
    CHANGE_ACTION_REVIEW,
    NOBODY,
    agreed_notice,
    agreed_text,
    change_form,
    day_review,
    need_id,
    owners_form,
)
from handlers.slack.payloads import member
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm

AGREED = ReviewedForm(
    AGREE_ACTION,
    lambda request, metadata, reviewed: day_review(
        request.words, ACTION_REVIEW, metadata, reviewed.command.due_on, reviewed.review.warning
    ),
    sent=lambda request, command, done: _agreed(request, command),
)
CHANGED = ReviewedForm(
    CHANGE_ACTION,
    lambda request, metadata, reviewed: day_review(
        request.words, CHANGE_ACTION_REVIEW, metadata, reviewed.command.due_on, reviewed.review.warning
    ),
)


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
    if await AGREED.act_unless(request, command, lambda found: found.warning is not None) is not None:
        await _agreed(request, command)


async def _agreed(request: SubmissionRequest, command: AgreeAction) -> None:
    here, _ = await request.look(see_agreeable_in, command.case_id)
    await request.replace(agreed_notice(request.words, here.file, command))


async def one_ended(request: SubmissionRequest) -> None:
    """One of all the open ones has ended; or is to be changed, by the form that follows."""
    id, how = request.fields.needed("action"), request.fields.needed("outcome")
    if how != CHANGE:
        await request.act_and_close(end_action, EndAction(id, member(Outcome, how)))
        return
    here, action, parts = await request.look(see_changeable, id)
    await request.replace(change_form(request.words, here.file, action, parts, request.now))


async def ended(request: SubmissionRequest) -> None:
    outcome = member(Outcome, request.fields.needed("outcome"))
    await request.act_and_close(end_action, EndAction(request.metadata, outcome))


async def changed(request: SubmissionRequest) -> None:
    """Another owner, day or wording; a day on which offices are closed is asked about first."""
    fields = request.fields
    text = fields.text("text") if "text" in request.inputs else None
    command = ChangeAction(request.metadata, fields.needed("involvement"), fields.needed_day("due_on"), text)
    reviewed = await CHANGED.act_unless(request, command, lambda found: found.warning is not None)
    if reviewed is not None:
        await request.done(agreed_text(request.words, reviewed.file, command.involvement_id, command.due_on))


async def needs(request: SubmissionRequest) -> None:
    """Whose the needs are is asked next; nothing is noted before that is saved."""
    chosen = request.fields.options("needs")
    file = (await request.look(see_needs, request.metadata)).file
    if not set(chosen) <= set(needs_of(file)):
        raise Invalid(Problem("needs", "invalid.need"))
    await request.replace(owners_form(request.words, file, may_own(file), chosen))


async def owners(request: SubmissionRequest) -> None:
    """Note the needs and whose they are."""
    case_id, _, noted = request.metadata.partition("|")
    file = (await request.look(see_needs, case_id)).file
    needs = {need_id(need): need for need in needs_of(file)}
    chosen = {}
    for name in request.inputs:
        id, _, shown = name.partition(":")
        chosen[needs.get(id, id)] = (_part(shown), _part(request.fields.needed(name)))
    along = tuple(needs[id] for id in noted.split(",") if id in needs) if "|" in request.metadata else None
    await request.act_and_close(keep_needs, KeepNeeds(case_id, along, chosen))


def _part(value: str) -> str | None:
    return None if value in ("", NOBODY) else value


async def taken(request: SubmissionRequest) -> None:
    await request.act_and_close(take_need, TakeNeed(request.metadata, request.fields.needed("involvement")))
