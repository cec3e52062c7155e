"""Buttons on what is asked outside a case. Each opens a form."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.convening.standing import enter_convening
from bot.usecases.guidance.answer_guidance import see_guidance
from bot.usecases.guidance.ask_guidance import see_askable
from bot.usecases.guidance.standing import enter_guidance
from bot.usecases.open_case import see_prompted
from handlers.blocks.modals.case import open_case_form
from handlers.blocks.modals.convening import decline_convening_form
from handlers.blocks.modals.guidance import answer_form, ask_form, close_form, talk_form
from handlers.encounters import Pressed
from handlers.payloads import Unreadable
from handlers.proposals import propose, sensible


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


async def decline_convening(pressed: Pressed) -> None:
    """«Nei»."""
    found = await pressed.look(
        lambda uow, actor: enter_convening(uow, actor, Action.DECIDE_CONVENING, pressed.value)
    )
    await pressed.open(decline_convening_form(pressed.words, found))


async def open_case(pressed: Pressed) -> None:
    """«Opprett sak», «Ja, opprett sak»: the usual form; nothing that was written goes along."""
    prompted = await pressed.look(lambda uow, actor: see_prompted(uow, actor, pressed.value))
    proposal = propose(pressed.words, prompted.team, "", pressed.services.clock.now())
    view = open_case_form(
        *(pressed.words, prompted.team, prompted.agencies, proposal),
        asked_by=prompted.asked_by,
        matter=pressed.value,
    )
    await pressed.open(view)
