"""Guidance (`/tot veiledning`) from the coordinators; in a case's room from those of that case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.guidance import Guidance
from bot.usecases.guidance import (
    answer_guidance,
    answer_in_case,
    ask_guidance,
    ask_in_case,
    close_guidance,
    enter_guidance,
    invite_to_talk,
    see_askable_here,
    see_question,
)
from bot.usecases.outside import askable_teams
from handlers.guidance import messages, modals
from handlers.slack.declarations import Subject, Verb
from handlers.slack.requests import CommandRequest
from handlers.slack.verbs import drawn
from handlers.slack.vocabulary import Group


async def by_word(request: CommandRequest) -> None:
    """Ask the coordinators for guidance: a theme and an anonymous text; in a case's room, that case's.

    Text typed after the word is not used: it has not passed the guard.
    """
    here = await request.look(see_askable_here, request.channel)
    if here is not None:
        await request.open(modals.ask_in_case_form(request.words, here.file(), request.now))
    else:
        await request.open(await drawn(request, askable_teams, modals.ask_form, Guidance))


GUIDANCE = Subject(
    verbs=(
        Verb(
            Action.ASK_GUIDANCE,
            modals.ask_form,
            ask_guidance,
            word="guidance",
            typed=by_word,
            says="modal.guidance.done",
        ),
        Verb(
            Action.ANSWER_GUIDANCE,
            modals.answer_form,
            answer_guidance,
            enter_guidance,
            messages.ANSWER_GUIDANCE,
        ),
        Verb(
            Action.INVITE_TO_TALK, modals.talk_form, invite_to_talk, enter_guidance, messages.INVITE_TO_TALK
        ),
        Verb(
            Action.CLOSE_GUIDANCE, modals.close_form, close_guidance, enter_guidance, messages.CLOSE_GUIDANCE
        ),
        Verb(Action.ASK_IN_CASE, modals.ask_in_case_form, ask_in_case, says="modal.guidance.done"),
        Verb(
            Action.ANSWER_IN_CASE,
            modals.answer_in_case_form,
            answer_in_case,
            see_question,
            messages.ANSWER_IN_CASE,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)
