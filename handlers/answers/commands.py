"""`/tot ring`: whom to ring, and what everybody has answered."""

from __future__ import annotations

from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.domain.errors import NothingHere
from bot.usecases.answers import see_calls, see_calls_of
from bot.usecases.notifications import home_notification
from handlers.answers.calls import everybody
from handlers.answers.modals import calls_view
from handlers.blocks.context import RenderContext
from handlers.blocks.modal import View
from handlers.slack.requests import ActionRequest, CommandRequest, Request


async def ring(request: CommandRequest) -> None:
    """See whom to ring, and record what anybody has answered."""
    file, meeting = await request.look(see_calls, request.channel)
    ctx = _seen_by(request, file)
    await request.open(_calls(ctx, meeting))


async def of_agency(request: ActionRequest, involvement_id: str) -> None:
    """Open the same for one agency."""
    file, meeting = await request.look(see_calls_of, involvement_id)
    ctx = _seen_by(request, file)
    await request.open(_calls(ctx, meeting, involvement_id))


def _calls(ctx: RenderContext, meeting: Meeting, involvement_id: str | None = None) -> View:
    rows = everybody(ctx, meeting, involvement_id)
    if not rows:
        raise NothingHere
    return calls_view(ctx.words, rows)


def _seen_by(request: Request, file: CaseFile) -> RenderContext:
    person = request.visitor.person
    return RenderContext(file, home_notification(person.id), person, request.words, request.now)
