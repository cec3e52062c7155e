"""Guidance asked of the coordinators, outside every case and in the room of one."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases import guidance
from handlers.guidance import in_case, messages, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens
from handlers.slack.vocabulary import Audience, Group

GUIDANCE = Subject(
    "guidance",
    commands=(Command("guidance", Action.ASK_GUIDANCE, Audience.ANYONE, requests.by_word),),
    buttons=(
        Button(messages.ASK_GUIDANCE, Action.ASK_GUIDANCE, requests.by_button),
        Button(
            messages.ANSWER_GUIDANCE,
            Action.ANSWER_GUIDANCE,
            opens(guidance.enter_guidance, modals.answer_form, "Answer it", action=Action.ANSWER_GUIDANCE),
        ),
        Button(
            messages.INVITE_TO_TALK,
            Action.INVITE_TO_TALK,
            opens(
                guidance.enter_guidance,
                modals.talk_form,
                "Propose a time to talk",
                action=Action.INVITE_TO_TALK,
            ),
        ),
        Button(
            messages.CLOSE_GUIDANCE,
            Action.CLOSE_GUIDANCE,
            opens(
                guidance.enter_guidance,
                modals.close_form,
                "Close it with a theme",
                action=Action.CLOSE_GUIDANCE,
            ),
        ),
        Button(
            in_case.ANSWER_IN_CASE,
            Action.ANSWER_IN_CASE,
            opens(
                guidance.see_question, in_case.answer_form, "Answer what somebody in the room of a case asked"
            ),
        ),
    ),
    forms=(
        Form(modals.ASK_GUIDANCE, Action.ASK_GUIDANCE, requests.guidance_asked),
        Form(modals.ANSWER_GUIDANCE, Action.ANSWER_GUIDANCE, does(guidance.answer_guidance)),
        Form(modals.INVITE_TO_TALK, Action.INVITE_TO_TALK, does(guidance.invite_to_talk)),
        Form(modals.CLOSE_GUIDANCE, Action.CLOSE_GUIDANCE, does(guidance.close_guidance)),
        Form(in_case.ASK_FORM, Action.ASK_IN_CASE, does(guidance.ask_in_case, says="guidance-in-case.sent")),
        Form(in_case.ANSWER_FORM, Action.ANSWER_IN_CASE, does(guidance.answer_in_case)),
    ),
    notifications=(*messages.NOTIFICATIONS, *in_case.NOTIFICATIONS),
    group=Group.WORK,
)
