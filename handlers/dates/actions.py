"""The buttons of placements and deadlines."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.authorization import enter_placement
from bot.usecases.dates import EndDeadline, end_deadline, see_placement
from handlers.blocks.elements import section
from handlers.dates.modals import end_placement_form
from handlers.meeting.defaults import propose
from handlers.meeting.modals import call_form
from handlers.slack.requests import Pressed


async def plan_meeting(pressed: Pressed) -> None:
    """The form that calls a meeting, filled in for planning what comes after a placement."""
    here, _ = await pressed.look(
        lambda uow, actor: enter_placement(uow, actor, Action.CALL_MEETING, pressed.value)
    )
    words, team = pressed.words, here.file.team
    proposal = propose(words, team, "", pressed.services.clock.now())
    view = call_form(words, here.file, replace(proposal, note=words("placement.agenda")))
    view["blocks"].insert(0, section(words("placement.summoned")))
    await pressed.open(view)


async def end_placement(pressed: Pressed) -> None:
    """«Hva kommer etterpå»: opens the form."""
    here, placement = await pressed.look(lambda uow, actor: see_placement(uow, actor, pressed.value))
    await pressed.open(end_placement_form(pressed.words, here.file, placement))


async def end_one(pressed: Pressed) -> None:
    """«Ferdig»."""
    await pressed.act(end_deadline, EndDeadline(pressed.value))
