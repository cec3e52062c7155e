"""Buttons of guidance. Each opens a form."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.guidance import enter_guidance, see_askable, see_guidance
from handlers.guidance.modals import answer_form, ask_form, close_form, talk_form
from handlers.meeting.defaults import sensible
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest


async def ask_guidance(request: ActionRequest) -> None:
    """Open the form that asks for guidance."""
    if request.value != "ask":
        raise Unreadable
    teams = await request.look(see_askable)
    await request.open(ask_form(request.words, teams, request.now))


async def answer_guidance(request: ActionRequest) -> None:
    """Open the form that answers it."""
    found = await request.look(see_guidance, request.value)
    await request.open(answer_form(request.words, found))


async def invite_to_talk(request: ActionRequest) -> None:
    """Open the form that proposes a time to talk."""
    found = await request.look(enter_guidance, Action.INVITE_TO_TALK, request.value)
    await request.open(talk_form(request.words, found, sensible(found.team, request.now)))


async def close_guidance(request: ActionRequest) -> None:
    """Open the form that closes it with a theme."""
    found = await request.look(enter_guidance, Action.CLOSE_GUIDANCE, request.value)
    await request.open(close_form(request.words, found))
