"""The buttons of placements and deadlines."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.dates import EndDeadline, end_deadline, enter_placement, see_placement
from handlers.blocks.elements import section
from handlers.dates.modals import end_placement_form
from handlers.meeting.defaults import propose
from handlers.meeting.modals import call_form
from handlers.slack.requests import ActionRequest


async def plan_meeting(request: ActionRequest) -> None:
    """Open the form that calls a planning meeting for what comes after a placement."""
    here, _ = await request.look(enter_placement, Action.CALL_MEETING, request.value)
    words, team = request.words, here.file.team
    proposal = propose(words, team, "", request.now)
    view = call_form(words, here.file, replace(proposal, note=words("placement.agenda")), request.now)
    view["blocks"].insert(0, section(words("placement.summoned")))
    await request.open(view)


async def end_placement(request: ActionRequest) -> None:
    """Open the form: what comes after a placement."""
    _, placement = await request.look(see_placement, request.value)
    await request.open(end_placement_form(request.words, placement))


async def end_one(request: ActionRequest) -> None:
    """No more reminders of the deadline: «Ferdig»."""
    await request.act(end_deadline, EndDeadline(request.value))
