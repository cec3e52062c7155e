"""The forms of needs and actions."""

from __future__ import annotations

from bot.domain.actions import may_own
from bot.domain.case.actions import Outcome
from bot.texts.words import Words
from bot.usecases.actions.actions import (
    AGREEING,
    CHANGING,
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
from bot.usecases.review import Reviewed
from handlers.actions.modals import CHANGE, NOBODY, agreed_text, change_form, day_review, owners_form
from handlers.blocks.modal import View
from handlers.slack.ids import ViewId
from handlers.slack.payloads import member
from handlers.slack.requests import Submitted
from handlers.slack.review import review, send


async def filled_in(submitted: Submitted) -> None:
    """Agree the action; a day on which offices are closed is asked about first."""
    fields = submitted.fields
    letters = "".join(fields.options("persons")) if "persons" in submitted.inputs else "A"
    command = AgreeAction(
        submitted.metadata,
        fields.needed("involvement"),
        letters,
        fields.needed_day("due_on"),
        fields.option("need"),
        fields.text("text"),
    )
    reviewed = await submitted.look(lambda uow, actor: review_action(uow, actor, command))
    if reviewed.warning is not None:
        await review(submitted, AGREEING, command, _shown)
        return
    await submitted.act(agree_action, command)
    await submitted.done(agreed_text(submitted.words, reviewed.file, command.due_on))


async def sent(submitted: Submitted) -> None:
    """That day is meant."""
    await send(submitted, AGREEING, _shown)


def _shown(words: Words, metadata: str, reviewed: Reviewed[AgreeAction, ActionReview]) -> View:
    return day_review(words, ViewId.ACTION_REVIEW, metadata, reviewed.command.due_on, reviewed.review.warning)


async def one_ended(submitted: Submitted) -> None:
    """One of all the open ones has ended; or is to be changed, by the form that follows."""
    id, how = submitted.fields.needed("action"), submitted.fields.needed("outcome")
    if how != CHANGE:
        await submitted.act(end_action, EndAction(id, member(Outcome, how)))
        await submitted.done()
        return
    here, action, parts = await submitted.look(lambda uow, actor: see_changeable(uow, actor, id))
    now = submitted.services.clock.now()
    await submitted.replace(change_form(submitted.words, here.file, action, parts, now))


async def ended(submitted: Submitted) -> None:
    """The one that the form is about has ended."""
    outcome = member(Outcome, submitted.fields.needed("outcome"))
    await submitted.act(end_action, EndAction(submitted.metadata, outcome))
    await submitted.done()


async def changed(submitted: Submitted) -> None:
    """Another owner or another day; a day on which offices are closed is asked about first."""
    fields = submitted.fields
    command = ChangeAction(submitted.metadata, fields.needed("involvement"), fields.needed_day("due_on"))
    reviewed = await submitted.look(lambda uow, actor: review_change(uow, actor, command))
    if reviewed.warning is not None:
        await review(submitted, CHANGING, command, _change_shown)
        return
    await submitted.act(change_action, command)
    await submitted.done(agreed_text(submitted.words, reviewed.file, command.due_on))


async def change_sent(submitted: Submitted) -> None:
    """That day is meant."""
    await send(submitted, CHANGING, _change_shown)


def _change_shown(words: Words, metadata: str, reviewed: Reviewed[ChangeAction, ChangeReview]) -> View:
    view_id, command = ViewId.CHANGE_ACTION_REVIEW, reviewed.command
    return day_review(words, view_id, metadata, command.due_on, reviewed.review.warning)


async def needs(submitted: Submitted) -> None:
    """Which needs the case has; whose they are is asked next."""
    command = NoteNeeds(submitted.metadata, submitted.fields.options("needs"))
    file = await submitted.act(note_needs, command)
    if not file.needs:
        await submitted.done()
        return
    await submitted.replace(owners_form(submitted.words, file, may_own(file)))


async def owners(submitted: Submitted) -> None:
    """Whose each need is."""
    chosen = {}
    for name in submitted.inputs:
        need_id, _, shown = name.partition(":")
        chosen[need_id] = (_part(shown), _part(submitted.fields.needed(name)))
    await submitted.act(assign_needs, AssignNeeds(submitted.metadata, chosen))
    await submitted.done()


def _part(value: str) -> str | None:
    return None if value in ("", NOBODY) else value


async def taken(submitted: Submitted) -> None:
    """For one of their agencies, somebody takes a need."""
    command = TakeNeed(submitted.metadata, submitted.fields.needed("involvement"))
    await submitted.act(take_need, command)
    await submitted.done()
