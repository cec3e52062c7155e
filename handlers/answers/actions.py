"""Buttons that answer a summons."""

from __future__ import annotations

from bot.domain.case.entities import Answer
from bot.usecases.answers import AnswerSummons, answer_summons, see_call, see_deputies
from handlers.answers.modals import decline_form, record_answer_form
from handlers.slack.payloads import asked
from handlers.slack.requests import Pressed


async def confirm(pressed: Pressed) -> None:
    """«Bekreft»."""
    ask_id, sequence = asked(pressed.value)
    await pressed.act(answer_summons, AnswerSummons(ask_id, Answer.CONFIRMED, sequence=sequence))


async def decline(pressed: Pressed) -> None:
    """«Meld forfall»: opens the form."""
    ask_id, sequence = asked(pressed.value)
    file, ask, deputies = await pressed.look(lambda uow, actor: see_deputies(uow, actor, ask_id, sequence))
    await pressed.open(decline_form(pressed.words, file, ask, deputies))


async def record_answer(pressed: Pressed) -> None:
    """Record how somebody outside Slack was told, and what they answered."""
    ask_id, sequence = asked(pressed.value)
    file, ask, deputies = await pressed.look(lambda uow, actor: see_call(uow, actor, ask_id, sequence))
    await pressed.open(record_answer_form(pressed.words, file, ask, deputies))
