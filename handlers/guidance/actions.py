"""Buttons of guidance. Each opens a form."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.guidance import enter_guidance, see_askable, see_guidance
from handlers.guidance.modals import answer_form, ask_form, close_form, talk_form
from handlers.meeting.defaults import sensible
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import Pressed


async def ask_guidance(pressed: Pressed) -> None:
    """«Be om veiledning» in Home."""
    if pressed.value != "ask":
        raise Unreadable
    teams = await pressed.look(see_askable)
    await pressed.open(ask_form(pressed.words, teams, pressed.services.clock.now()))


async def answer_guidance(pressed: Pressed) -> None:
    """«Svar»."""
    found = await pressed.look(lambda uow, actor: see_guidance(uow, actor, pressed.value))
    await pressed.open(answer_form(pressed.words, found))


async def invite_to_talk(pressed: Pressed) -> None:
    """«Inviter til samtale»."""
    found = await pressed.look(
        lambda uow, actor: enter_guidance(uow, actor, Action.INVITE_TO_TALK, pressed.value)
    )
    await pressed.open(talk_form(pressed.words, found, sensible(found.team, pressed.services.clock.now())))


async def close_guidance(pressed: Pressed) -> None:
    """«Lukk»."""
    found = await pressed.look(
        lambda uow, actor: enter_guidance(uow, actor, Action.CLOSE_GUIDANCE, pressed.value)
    )
    await pressed.open(close_form(pressed.words, found))
