"""Guidance (`/tot veiledning`): asked of the coordinators, in the room of a case of those of that case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases import guidance
from handlers.blocks.elements import ActionId
from handlers.guidance import messages, modals
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.verbs import Drawing, does, drawn, opens, read_fields
from handlers.slack.vocabulary import Audience, Group


async def by_word(request: CommandRequest) -> None:
    """Ask the coordinators for guidance: a theme and an anonymous text; in a case's room those of that case.

    What was typed after the word is not used: it has not passed the guard.
    """
    here = await request.look(guidance.see_askable_here, request.channel)
    if here is not None:
        await request.open(modals.ask_in_case_form(request.words, here.file, request.now))
    else:
        await request.open(await drawn(request, guidance.see_askable, modals.ask_form))


async def by_button(request: ActionRequest) -> None:
    """Open the form that asks for guidance."""
    if request.value != "ask":
        raise Unreadable
    await request.open(await drawn(request, guidance.see_askable, modals.ask_form))


async def guidance_asked(request: SubmissionRequest) -> None:
    team_id = request.metadata or request.fields.needed("team")
    await request.act(guidance.ask_guidance, team_id, **read_fields(guidance.ask_guidance, request.fields))
    await request.done(request.words("modal.guidance.done"))


def _press(press: ActionId, action: Action, form: Drawing, does_what: str) -> Button:
    """A button under a question, which opens a form."""
    return Button(press, action, opens(guidance.enter_guidance, form, does_what, action=action))


GUIDANCE = Subject(
    "guidance",
    commands=(Command("guidance", Action.ASK_GUIDANCE, Audience.ANYONE, by_word),),
    buttons=(
        Button(messages.ASK_GUIDANCE, Action.ASK_GUIDANCE, by_button),
        _press(messages.ANSWER_GUIDANCE, Action.ANSWER_GUIDANCE, modals.answer_form, "Answer it"),
        _press(messages.INVITE_TO_TALK, Action.INVITE_TO_TALK, modals.talk_form, "Propose a time to talk"),
        _press(messages.CLOSE_GUIDANCE, Action.CLOSE_GUIDANCE, modals.close_form, "Close it with a theme"),
        Button(
            messages.ANSWER_IN_CASE,
            Action.ANSWER_IN_CASE,
            opens(
                guidance.see_question,
                modals.answer_in_case_form,
                "Answer what somebody in the room of a case asked",
            ),
        ),
    ),
    forms=(
        Form(modals.ASK_GUIDANCE, Action.ASK_GUIDANCE, guidance_asked),
        Form(modals.ANSWER_GUIDANCE, Action.ANSWER_GUIDANCE, does(guidance.answer_guidance)),
        Form(modals.INVITE_TO_TALK, Action.INVITE_TO_TALK, does(guidance.invite_to_talk)),
        Form(modals.CLOSE_GUIDANCE, Action.CLOSE_GUIDANCE, does(guidance.close_guidance)),
        Form(
            modals.ASK_IN_CASE, Action.ASK_IN_CASE, does(guidance.ask_in_case, says="guidance-in-case.sent")
        ),
        Form(modals.ANSWER_IN_CASE, Action.ANSWER_IN_CASE, does(guidance.answer_in_case)),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)
