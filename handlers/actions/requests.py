"""Requests about needs and actions: `/tot tiltak`, and acts that take more than one form or one tap."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.access import Action
from bot.usecases import actions
from bot.usecases.authorization import enter_case
from handlers.actions import modals
from handlers.blocks.modal import View
from handlers.slack.payloads import parsed
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.verbs import drawn
from handlers.slack.vocabulary import normal

_NEEDS = frozenset({"behov", "needs"})


async def see_actions(request: CommandRequest) -> None:
    """Agree an action; `tiltak behov`: the needs of the case, and their owners.

    An agency's name after the word chooses it. Any other text is not used: it has not passed the guard.
    """
    where = request.channel
    if normal(request.rest) in _NEEDS:
        view = await drawn(request, enter_case, modals.needs_form, Action.KEEP_NEEDS, where)
    else:
        view = await _agree_form(request, where, typed=request.rest)
    await request.open(view)


async def agree(request: ActionRequest) -> None:
    """Open the form that agrees an action, or one more for the same day."""
    case_id, _, day = request.value.partition("|")
    due_on = parsed(day, date) if day else None
    await request.open(await _agree_form(request, case_id, due_on=due_on))


async def take(request: ActionRequest) -> None:
    """Take a need for one's agency: «Vi tar ansvar».

    A coordinator, or whoever has seats for several agencies, agrees an action for it instead.
    """
    need, own = await request.look(actions.see_takeable, request.value)
    if len(own) == 1:
        await request.act(actions.take_need, need.id, involvement=own[0].id)
    else:
        await request.open(await _agree_form(request, need.case_id, need=need.need))


async def _agree_form(request: Request, where: str, **begins_with: Any) -> View:
    here = await request.look(enter_case, Action.SEE_ACTIONS, where)
    reader = request.visitor.person.id
    return modals.agree_form(request.words, here.file(), request.now, reader=reader, **begins_with)


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
