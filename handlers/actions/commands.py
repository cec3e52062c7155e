"""`/tot tiltak`: agree an action; `/tot tiltak behov`: which needs the case has."""

from __future__ import annotations

from bot.domain.reminders import today
from bot.usecases.actions.actions import see_agreeable
from bot.usecases.actions.needs import see_needs_here
from handlers.actions.modals import agree_form, needs_form
from handlers.slack.requests import Typed
from handlers.slack.vocabulary import named, normal

_NEEDS = frozenset({"behov", "needs"})


async def see_actions(typed: Typed) -> None:
    """Open the form; an agency's name after the word chooses it.

    Anything else that was typed is not used: it has not passed the guard.
    """
    if normal(typed.rest) in _NEEDS:
        needed = await typed.look(lambda uow, actor: see_needs_here(uow, actor, typed.channel))
        await typed.open(needs_form(typed.words, needed.file))
        return
    here, parts = await typed.look(lambda uow, actor: see_agreeable(uow, actor, typed.channel))
    file = here.file
    day = today(file, typed.services.clock.now())
    likely = named(typed.rest, {i.id: file.agency_of(i.id).shown_name for i in parts}) or ""
    await typed.open(agree_form(typed.words, file, parts, day, likely=likely))
