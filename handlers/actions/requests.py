"""Requests about needs and actions: `/tot tiltak`, and acts that take more than one form or one tap."""

from __future__ import annotations

from datetime import date

from bot.domain.access import Action
from bot.domain.case.actions import Outcome
from bot.usecases import actions
from bot.usecases.authorization import enter_case
from handlers.actions import modals
from handlers.slack.payloads import parsed
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.verbs import carry_out, drawn
from handlers.slack.vocabulary import named, normal

_NEEDS = frozenset({"behov", "needs"})


async def see_actions(request: CommandRequest) -> None:
    """Agree an action; `tiltak behov`: the needs of the case, and their owners.

    An agency's name after the word chooses it. Any other text is not used: it has not passed the guard.
    """
    if normal(request.rest) in _NEEDS:
        needed = await request.look(enter_case, Action.KEEP_NEEDS, request.channel)
        await request.open(modals.needs_form(request.words, needed.file()))
        return
    here, parts = await request.look(actions.see_agreeable, request.channel)
    file = here.file()
    likely = named(request.rest, {i.id: file.agency_of(i.id).shown_name for i in parts}) or ""
    await request.open(modals.agree_form(request.words, file, parts, request.now, likely=likely))


async def agree(request: ActionRequest) -> None:
    """Open the form that agrees an action, or one more for the same day."""
    case_id, _, day = request.value.partition("|")
    here, parts = await request.look(actions.see_agreeable, case_id)
    due_on = parsed(day, date) if day else None
    await request.open(modals.agree_form(request.words, here.file(), parts, request.now, due_on=due_on))


async def take(request: ActionRequest) -> None:
    """Take a need for one's agency: «Vi tar ansvar».

    A coordinator, or whoever has seats for several agencies, agrees an action for it instead.
    """
    need, own = await request.look(actions.see_takeable, request.value)
    if len(own) == 1:
        await request.act(actions.take_need, need.id, involvement=own[0].id)
        return
    here, parts = await request.look(actions.see_agreeable, need.case_id)
    await request.open(modals.agree_form(request.words, here.file(), parts, request.now, need=need.need))


async def agreed(request: SubmissionRequest) -> None:
    """Agree an action, and offer one more."""
    file, action = await carry_out(request, actions.agree_action)
    await request.replace(modals.agreed_notice(request.words, file, action))


async def changed(request: SubmissionRequest) -> None:
    """Change an action's owner, day or text."""
    file, action = await carry_out(request, actions.change_action)
    await request.done(modals.agreed_text(request.words, file, action))


async def list_all(request: ActionRequest) -> None:
    """Open the list of all actions of a case."""
    await _list_all(request, request.value)


async def _list_all(request: ActionRequest, case_id: str) -> None:
    await request.open(await drawn(request, enter_case, modals.actions_form, Action.SEE_ACTIONS, case_id))


async def done(request: ActionRequest) -> None:
    """Note that an action is done; in the list, show the others."""
    await request.act(actions.end_action, request.value, outcome=Outcome.DONE)
    view = request.view
    if view is not None and view.callback_id == modals.actions_form.id:
        await _list_all(request, view.private_metadata)


async def needs(request: SubmissionRequest) -> None:
    """Note the needs, and ask next who owns them."""
    file = await carry_out(request, actions.keep_needs)
    if file.needs:
        await request.replace(modals.owners_form(request.words, file, list(file.current())))
    else:
        await request.done(request.words("modal.saved"))


async def owners(request: SubmissionRequest) -> None:
    """Say who owns the needs."""
    chosen = {}
    for name in request.inputs:
        need, _, shown = name.partition(":")
        chosen[need] = (_part(shown), _part(request.fields.needed(name, str)))
    await request.act(actions.give_needs, request.metadata, chosen)
    await request.done(request.words("modal.saved"))


def _part(value: str) -> str | None:
    return None if value in ("", modals.NOBODY) else value
