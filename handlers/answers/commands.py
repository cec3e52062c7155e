"""`/tot ring`: whom to ring, and what everybody has answered."""

from __future__ import annotations

from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.domain.errors import NothingHere, Refused
from bot.usecases.answers import see_calls, see_calls_in, see_calls_of
from bot.usecases.notifications import home_notification
from handlers.answers.calls import everybody
from handlers.answers.modals import calls_view, choose_calls
from handlers.blocks.context import RenderContext
from handlers.blocks.modal import View
from handlers.slack.requests import ActionRequest, CommandRequest, Request


async def ring(request: CommandRequest) -> None:
    """See whom to ring, and record what anybody has answered.

    Outside a room the case with a meeting ahead, or a choice of several.
    """
    found = await request.look(see_calls, request.channel)
    if len(found) > 1:
        await request.open(choose_calls(request.words, found))
        return
    file, meeting = found[0]
    await request.open(_calls(_seen_by(request, file), meeting))


async def of_case(request: ActionRequest) -> None:
    """Open the same for one case of several."""
    file, meeting = await request.look(see_calls_in, request.value)
    await request.open(_calls(_seen_by(request, file), meeting))


async def of_agency(request: ActionRequest, involvement_id: str) -> None:
    """Open the same for one agency."""
    file, meeting = await request.look(see_calls_of, involvement_id)
    await request.open(_calls(_seen_by(request, file), meeting, involvement_id))


async def once_more(request: Request, case_id: str, involvement_id: str) -> View | None:
    """The list as it is after a call, of the case or of one agency; None where there is none any more."""
    try:
        if involvement_id:
            file, meeting = await request.look(see_calls_of, involvement_id)
        else:
            file, meeting = await request.look(see_calls_in, case_id)
        return _calls(_seen_by(request, file), meeting, involvement_id or None)
    except Refused:
        return None


def _calls(ctx: RenderContext, meeting: Meeting, involvement_id: str | None = None) -> View:
    rows = everybody(ctx, meeting, involvement_id)
    if not rows:
        raise NothingHere(what="asked", room=ctx.file.room.channel_id or "")
    return calls_view(ctx.words, rows, ctx.file.case.id, involvement_id)


def _seen_by(request: Request, file: CaseFile) -> RenderContext:
    person = request.visitor.person
    return RenderContext(file, home_notification(person.id), person, request.words, request.now)
