"""The buttons of needs and actions: on the card, in Home, in messages."""

from __future__ import annotations

from bot.domain.actions import may_own
from bot.domain.case.actions import Outcome
from bot.domain.reminders import today
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
from handlers.slack.requests import Pressed


async def agree(pressed: Pressed) -> None:
    """«Avtal tiltak»."""
    here, parts = await pressed.look(lambda uow, actor: see_agreeable_in(uow, actor, pressed.value))
    day = today(here.file, pressed.services.clock.now())
    await pressed.open(agree_form(pressed.words, here.file, parts, day))


async def see_all(pressed: Pressed) -> None:
    """«Alle tiltak»."""
    here, may_end = await pressed.look(lambda uow, actor: see_endable(uow, actor, pressed.value))
    now = pressed.services.clock.now()
    await pressed.open(actions_form(pressed.words, here.file, may_end, now))


async def done(pressed: Pressed) -> None:
    """«Utført»."""
    await pressed.act(end_action, EndAction(pressed.value, Outcome.DONE))


async def end(pressed: Pressed) -> None:
    """«Annet utfall»: opens the form."""
    here, action = await pressed.look(lambda uow, actor: see_action(uow, actor, pressed.value))
    await pressed.open(end_form(pressed.words, here.file, action, pressed.services.clock.now()))


async def change(pressed: Pressed) -> None:
    """«Endre frist eller etat»: opens the form."""
    here, action, parts = await pressed.look(lambda uow, actor: see_changeable(uow, actor, pressed.value))
    now = pressed.services.clock.now()
    await pressed.open(change_form(pressed.words, here.file, action, parts, now))


async def needs(pressed: Pressed) -> None:
    """«Behov»: which there are."""
    here = await pressed.look(lambda uow, actor: see_needs(uow, actor, pressed.value))
    await pressed.open(needs_form(pressed.words, here.file))


async def take(pressed: Pressed) -> None:
    """«Vi tar denne»; a coordinator is asked whose it is, and so is who is there for several agencies."""
    file, need, parts, coordinates = await pressed.look(
        lambda uow, actor: see_takeable(uow, actor, pressed.value)
    )
    if len(parts) == 1:
        await pressed.act(take_need, TakeNeed(need.id, parts[0].id))
    elif parts:
        await pressed.open(take_form(pressed.words, file, need, parts))
    elif coordinates:
        await pressed.open(owners_form(pressed.words, file, may_own(file)))
