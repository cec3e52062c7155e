"""`/tot veiledning`: ask the coordinators for guidance, in the room of a case those of that case."""

from __future__ import annotations

from bot.usecases.guidance import ask_guidance, see_askable, see_askable_here
from handlers.guidance import in_case
from handlers.guidance.modals import ask_form
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.verbs import drawn, read_fields


async def by_word(request: CommandRequest) -> None:
    """Ask the coordinators for guidance: a theme and an anonymous text; in a case's room those of that case.

    What was typed after the word is not used: it has not passed the guard.
    """
    here = await request.look(see_askable_here, request.channel)
    if here is not None:
        await request.open(in_case.ask_form(request.words, here.file, request.now))
    else:
        await request.open(await drawn(request, see_askable, ask_form))


async def by_button(request: ActionRequest) -> None:
    """Open the form that asks for guidance."""
    if request.value != "ask":
        raise Unreadable
    await request.open(await drawn(request, see_askable, ask_form))


async def guidance_asked(request: SubmissionRequest) -> None:
    team_id = request.metadata or request.fields.needed("team")
    await request.act(ask_guidance, team_id, **read_fields(ask_guidance, request.fields))
    await request.done(request.words("modal.guidance.done"))
