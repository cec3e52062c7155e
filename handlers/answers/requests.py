"""Requests about answers: `/tot ring`, the list of whom to ring, and what was said on the telephone."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Answer, DeclineReason, Meeting, OnDuty
from bot.domain.case.file import CaseFile
from bot.domain.errors import Refusal, Refused, refuse
from bot.usecases import answers
from bot.usecases.notifications import home_notification
from handlers.answers import modals
from handlers.answers.calls import everybody
from handlers.blocks.context import RenderContext
from handlers.blocks.modal import View
from handlers.involvement.requests import way_outside_slack
from handlers.slack.payloads import asked, parsed
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest


async def ring(request: CommandRequest) -> None:
    """See whom to ring, and record what anybody has answered."""
    await request.open(_shown(request, *await request.look(answers.see_calls, request.channel)))


async def of_agency(request: ActionRequest, involvement_id: str) -> None:
    """Open the list of whom to ring for one agency."""
    await request.open(await _calls(request, "", involvement_id))


def seen(request: Request, file: CaseFile) -> RenderContext:
    """Return a case as the person of the request sees it."""
    person = request.visitor.person
    return RenderContext(file, home_notification(person.id), person, request.words, request.now)


async def _calls(request: Request, case_id: str, involvement_id: str = "") -> View:
    found = await request.look(answers.see_calls_in, case_id, involvement_id)
    return _shown(request, *found, involvement_id or None)


def _shown(request: Request, file: CaseFile, meeting: Meeting, involvement_id: str | None = None) -> View:
    ctx = seen(request, file)
    rows = everybody(ctx, meeting, involvement_id)
    shown = rows or refuse(Refusal.NOTHING_HERE, "asked", room=ctx.file.room.channel_id)
    return modals.calls_view(ctx.words, shown, ctx.file.case.id, involvement_id)


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

    A reason is used only when declining. The list from which the form was opened is shown again, updated.
    """
    fields = request.fields
    acknowledged = fields.option(modals.ACKNOWLEDGED) == modals.ACKNOWLEDGED
    said = fields.option("answer") if modals.ACKNOWLEDGED in request.inputs else fields.needed("answer", str)
    declined = said == Answer.DECLINED
    told, case_id, involvement_id = _of_metadata(request.metadata)
    ask_id, sequence = asked(told)
    command = answers.RecordAnswer(
        ask_id,
        way_outside_slack(request),
        None if said in (None, modals.ONLY_TOLD) else parsed(said, Answer),
        fields.get("reason", DeclineReason) if declined else None,
        fields.option("deputy") if declined else None,
        sequence,
        fields.get("at", datetime),
        acknowledged=acknowledged,
        told=said is not None,
    )
    on_phone = fields.option("on_phone") if "on_phone" in request.inputs else modals.ASKED
    if on_phone in (None, modals.ASKED):
        await request.act(answers.record_answer, command)
    else:
        await request.act(answers.record_phone_answer, command, _by_another(on_phone))
    if case_id == modals.ON_TOP and not request.late:
        await request.ack()
        return
    try:
        rest = await _calls(request, case_id, involvement_id) if case_id not in ("", modals.ON_TOP) else None
    except Refused:
        rest = None
    if rest is None:
        await request.done()
    else:
        await request.replace(rest)


def _of_metadata(metadata: str) -> tuple[str, str, str]:
    """Return the ask, and the case and the involvement of the list from which it was opened, if any."""
    ask_id, sequence, case_id, involvement_id = (*metadata.split("|"), "", "", "")[:4]
    return f"{ask_id}|{sequence}", case_id, involvement_id


def _by_another(on_phone: str) -> str | OnDuty:
    on_duty = on_phone.startswith(modals.ON_DUTY)
    return parsed(on_phone.removeprefix(modals.ON_DUTY), OnDuty) if on_duty else on_phone
