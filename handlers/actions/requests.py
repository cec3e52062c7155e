"""Requests about needs and actions: `/tot tiltak`, and acts that take more than one form or one tap."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.access import Action
from bot.domain.case.actions import Outcome
from bot.domain.directory.entities import Need
from bot.domain.errors import Invalid, Problem
from bot.usecases import actions
from bot.usecases.authorization import enter_case, enter_room
from handlers.actions import modals
from handlers.blocks.inputs import id_of
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import drawn
from handlers.slack.vocabulary import named, normal

_NEEDS = frozenset({"behov", "needs"})


async def see_actions(request: CommandRequest) -> None:
    """Agree an action; `tiltak behov`: the needs of the case, and their owners.

    An agency's name after the word chooses it. Any other text is not used: it has not passed the guard.
    """
    if normal(request.rest) in _NEEDS:
        needed = await request.look(enter_room, Action.KEEP_NEEDS, request.channel)
        await request.open(modals.needs_form(request.words, needed.file()))
        return
    here, parts = await request.look(actions.see_agreeable, request.channel, into=enter_room)
    file = here.file()
    likely = named(request.rest, {i.id: file.agency_of(i.id).shown_name for i in parts}) or ""
    await request.open(modals.agree_form(request.words, file, parts, request.now, likely=likely))


async def agree(request: ActionRequest) -> None:
    """Open the form that agrees an action, or one more for the same day."""
    case_id, _, day = request.value.partition("|")
    here, parts = await request.look(actions.see_agreeable, case_id)
    try:
        due_on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Unreadable from None
    await request.open(modals.agree_form(request.words, here.file(), parts, request.now, due_on=due_on))


async def take(request: ActionRequest) -> None:
    """Take a need for an agency: «Vi tar ansvar».

    A coordinator is asked for which agency, and so is somebody who has seats for several agencies.
    """
    file, need, parts = await request.look(actions.see_takeable, request.value)
    if len(parts) == 1:
        await request.act(actions.take_need, need.id, involvement=parts[0].id)
    elif parts:
        await request.open(modals.take_form(request.words, file, need, parts))
    else:
        await request.open(modals.owners_form(request.words, file, list(file.current())))


async def _agreed(request: SubmissionRequest, command: actions.AgreeAction, _: object) -> None:
    here, _parts = await request.look(actions.see_agreeable, command.case_id)
    await request.replace(modals.agreed_notice(request.words, here.file(), command))


async def _changed(
    request: SubmissionRequest, command: actions.ChangeAction, reviewed: actions.ChangeReview
) -> None:
    text = modals.agreed_text(request.words, reviewed.file, command.involvement, command.due_on)
    await request.done(text)


def _is_day_off(review: actions.CheckedDate[Any]) -> bool:
    """Return whether offices are closed that day: then the review asks first."""
    return review.warning is not None


AGREED = ReviewedForm(
    actions.AGREE_ACTION,
    modals.action_review.id,
    modals.action_review,
    sent=_agreed,
    doubtful=_is_day_off,
    at_once=lambda request, command, review: request.replace(
        modals.agreed_notice(request.words, review.file, command)
    ),
)
CHANGED = ReviewedForm(
    actions.CHANGE_ACTION,
    modals.change_action_review.id,
    modals.change_action_review,
    doubtful=_is_day_off,
    at_once=_changed,
)


async def see_all(request: ActionRequest) -> None:
    """Open the list of all open actions."""
    await request.open(await drawn(request, actions.see_endable, modals.actions_form, request.value))


async def done(request: ActionRequest) -> None:
    """Note that an action is done; in the list, show the others."""
    await request.act(actions.end_action, request.value, outcome=Outcome.DONE)
    view = request.view
    if view is not None and view.callback_id == modals.actions_form.id:
        about = view.private_metadata
        await request.open(await drawn(request, actions.see_endable, modals.actions_form, about))


async def needs(request: SubmissionRequest) -> None:
    """Ask next who owns the needs; nothing is noted before that form is saved."""
    chosen = request.fields.options("needs")
    file = (await request.look(enter_case, Action.KEEP_NEEDS, request.metadata)).file()
    if not set(chosen) <= set(actions.needs_of(file)):
        raise Invalid(Problem("needs", "invalid.need"))
    await request.replace(modals.owners_form(request.words, file, list(file.current()), chosen))


async def owners(request: SubmissionRequest) -> None:
    """Note the needs and their owners."""
    case_id, _, noted = request.metadata.partition("|")
    file = (await request.look(enter_case, Action.KEEP_NEEDS, case_id)).file()
    needs = {id_of(need, Need): need for need in actions.needs_of(file)}
    chosen = {}
    for name in request.inputs:
        id, _, shown = name.partition(":")
        chosen[needs.get(id, id)] = (_part(shown), _part(request.fields.needed(name)))
    along = tuple(needs[id] for id in noted.split(",") if id in needs) if "|" in request.metadata else None
    await request.act(actions.keep_needs, case_id, needs=along, owners=chosen)
    await request.done(request.words("modal.needs.saved"))


def _part(value: str) -> str | None:
    return None if value in ("", modals.NOBODY) else value
