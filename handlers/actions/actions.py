"""The buttons of needs and actions: on the card, in Home, in messages."""

from __future__ import annotations

from datetime import date

from bot.domain.actions import may_own
from bot.domain.case.actions import Outcome
from bot.usecases.actions.actions import (
    EndAction,
    end_action,
    see_action,
    see_agreeable_in,
    see_changeable,
    see_endable,
)
from bot.usecases.actions.needs import TakeNeed, see_needs, see_takeable, take_need
from handlers.actions.modals import (
    actions_form,
    agree_form,
    change_form,
    end_form,
    needs_form,
    owners_form,
    take_form,
)
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest


async def agree(request: ActionRequest) -> None:
    """Open the form that agrees an action; one more for the same day."""
    case_id, _, day = request.value.partition("|")
    here, parts = await request.look(see_agreeable_in, case_id)
    try:
        due_on = date.fromisoformat(day) if day else None
    except ValueError:
        raise Unreadable from None
    await request.open(agree_form(request.words, here.file, parts, request.now, due_on=due_on))


async def see_all(request: ActionRequest) -> None:
    """Open the form with all open actions; ends or changes one."""
    here, may_end = await request.look(see_endable, request.value)
    await request.open(actions_form(request.words, here.file, may_end, request.now))


async def done(request: ActionRequest) -> None:
    """The action is done."""
    await request.act(end_action, EndAction(request.value, Outcome.DONE))


async def end(request: ActionRequest) -> None:
    """Open the form: how the action ended."""
    here, action = await request.look(see_action, request.value)
    await request.open(end_form(request.words, here.file, action, request.now))


async def change(request: ActionRequest) -> None:
    """Open the form for another owner, another day."""
    here, action, parts = await request.look(see_changeable, request.value)
    await request.open(change_form(request.words, here.file, action, parts, request.now))


async def needs(request: ActionRequest) -> None:
    """Open the form: which needs the case has, and whose."""
    here = await request.look(see_needs, request.value)
    await request.open(needs_form(request.words, here.file))


async def take(request: ActionRequest) -> None:
    """An agency takes the need: «Vi tar ansvar».

    A coordinator is asked whose it is, and so is who is there for several agencies.
    """
    file, need, parts, coordinates = await request.look(see_takeable, request.value)
    if len(parts) == 1:
        await request.act(take_need, TakeNeed(need.id, parts[0].id))
    elif parts:
        await request.open(take_form(request.words, file, need, parts))
    elif coordinates:
        await request.open(owners_form(request.words, file, may_own(file)))
