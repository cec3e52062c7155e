"""The buttons of those who are asked."""

from __future__ import annotations

from bot.domain.case import Answer
from bot.domain.errors import NobodyToAsk
from bot.usecases.acknowledge import Acknowledge, acknowledge
from bot.usecases.answer_summons import AnswerSummons, answer_summons, see_deputies
from bot.usecases.pass_on import see_colleagues
from bot.usecases.watch_room import AnswerLeft, answer_left
from handlers.blocks.modals.answers import decline_form, pass_on_form
from handlers.encounters import Pressed
from handlers.payloads import asked


async def confirm_confidentiality(pressed: Pressed) -> None:
    """«Jeg bekrefter taushetsplikten»."""
    await pressed.act(acknowledge, Acknowledge(pressed.value))


async def send_on(pressed: Pressed) -> None:
    """«Send videre»: opens the form with the colleagues."""
    file, colleagues = await pressed.look(lambda uow, actor: see_colleagues(uow, actor, pressed.value))
    if not colleagues:
        raise NobodyToAsk
    await pressed.open(pass_on_form(pressed.words, file, pressed.value, colleagues))


async def confirm(pressed: Pressed) -> None:
    """«Bekreft»."""
    ask_id, sequence = asked(pressed.value)
    await pressed.act(answer_summons, AnswerSummons(ask_id, Answer.CONFIRMED, sequence=sequence))


async def decline(pressed: Pressed) -> None:
    """«Meld forfall»: opens the form."""
    ask_id, sequence = asked(pressed.value)
    file, ask, deputies = await pressed.look(lambda uow, actor: see_deputies(uow, actor, ask_id, sequence))
    await pressed.open(decline_form(pressed.words, file, ask, deputies))


async def part_is_over(pressed: Pressed) -> None:
    """Who left the room says that the part is over."""
    await pressed.act(answer_left, AnswerLeft(pressed.value, stays=False))


async def stays(pressed: Pressed) -> None:
    """Who left the room wants to be in it."""
    await pressed.act(answer_left, AnswerLeft(pressed.value, stays=True))
