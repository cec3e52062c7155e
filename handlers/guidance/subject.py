"""Guidance asked of the coordinators, outside every case and in the room of one."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.guidance import actions, commands, in_case, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

GUIDANCE = Subject(
    "guidance",
    commands=(Command("guidance", Action.ASK_GUIDANCE, Audience.ANYONE, commands.ask_guidance),),
    buttons=(
        Button(messages.ASK_GUIDANCE, Action.ASK_GUIDANCE, actions.ask_guidance),
        Button(messages.ANSWER_GUIDANCE, Action.ANSWER_GUIDANCE, actions.answer_guidance),
        Button(messages.INVITE_TO_TALK, Action.INVITE_TO_TALK, actions.invite_to_talk),
        Button(messages.CLOSE_GUIDANCE, Action.CLOSE_GUIDANCE, actions.close_guidance),
        Button(in_case.ANSWER_IN_CASE, Action.ANSWER_IN_CASE, in_case.answer),
    ),
    forms=(
        Form(modals.ASK_GUIDANCE, Action.ASK_GUIDANCE, submissions.guidance_asked),
        Form(modals.ANSWER_GUIDANCE, Action.ANSWER_GUIDANCE, submissions.guidance_answered),
        Form(modals.INVITE_TO_TALK, Action.INVITE_TO_TALK, submissions.talk_proposed),
        Form(modals.CLOSE_GUIDANCE, Action.CLOSE_GUIDANCE, submissions.guidance_closed),
        Form(in_case.ASK_FORM, Action.ASK_IN_CASE, in_case.asked),
        Form(in_case.ANSWER_FORM, Action.ANSWER_IN_CASE, in_case.answered),
    ),
    notifications=(*messages.NOTIFICATIONS, *in_case.NOTIFICATIONS),
)
