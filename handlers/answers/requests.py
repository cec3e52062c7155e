"""Requests about answers: `/tot ring`, the list of whom to ring, and what was said on the telephone."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.case.file import CaseFile
from bot.domain.errors import Refusal, Refused, refuse
from bot.usecases import answers
from bot.usecases.notifications import home_notification
from handlers.answers import modals
from handlers.answers.calls import everybody
from handlers.blocks.context import RenderContext
from handlers.blocks.modal import View
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.verbs import read_fields


async def ring(request: CommandRequest) -> None:
    """See whom to ring, and record what anybody has answered."""
    await request.open(await _calls(request, request.channel))


async def of_agency(request: ActionRequest, involvement_id: str) -> None:
    """Open the list of whom to ring for one agency."""
    await request.open(await _calls(request, "", involvement_id))


def seen(request: Request, file: CaseFile) -> RenderContext:
    """Return a case as the person of the request sees it."""
    person = request.visitor.person
    return RenderContext(file, home_notification(person.id), person, request.words, request.now)


async def _calls(request: Request, where: str, involvement_id: str = "") -> View:
    file, meeting = await request.look(answers.see_calls, where, involvement_id)
    rows = everybody(seen(request, file), meeting, involvement_id)
    shown = rows or refuse(Refusal.NOTHING_HERE, "asked", room=file.room.channel_id)
    return modals.calls_view(request.words, shown, file.case.id, involvement_id)


async def open_record(request: ActionRequest) -> None:
    """Open the form that records how somebody was told outside Slack, and what they answered."""
    ask_id, sequence = asked(request.value)
    here, ask = await request.look(answers.see_call, ask_id, sequence)
    # Afterwards the list that the button is in is shown there again.
    view = request.view
    listed = view.private_metadata if view is not None and view.callback_id == modals.calls_view.id else ""
    await request.open(modals.record_answer_form(request.words, here.file(), ask, request.now, listed))


async def answer(request: SubmissionRequest) -> None:
    """Record that somebody was told outside Slack, and perhaps has confirmed and answered.

    The list from which the form was opened is shown again, updated.
    """
    ask_id, sequence, case_id, involvement_id = [*request.metadata.split("|"), "", "", ""][:4]
    said = read_fields(answers.record_answer, request.fields, none=modals.ASKED)
    await request.act(answers.record_answer, *asked(f"{ask_id}|{sequence}"), **said)
    if case_id == modals.ON_TOP and not request.late:
        await request.ack()
        return
    with suppress(Refused):
        if case_id not in ("", modals.ON_TOP):
            await request.replace(await _calls(request, case_id, involvement_id))
            return
    await request.done()
