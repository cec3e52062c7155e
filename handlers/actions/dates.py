"""The buttons of placements and deadlines."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.deadlines import EndDeadline, end_deadline
from bot.usecases.door_of_agreed import enter_placement
from bot.usecases.placements import see_placement
from handlers.blocks.modals.dates import end_placement_form
from handlers.blocks.modals.meetings import call_form
from handlers.blocks.modals.parts import says
from handlers.encounters import Pressed
from handlers.proposals import propose


async def plan_meeting(pressed: Pressed) -> None:
    """The form that calls a meeting, filled in for planning what comes after a placement."""
    here, _ = await pressed.look(
        lambda uow, actor: enter_placement(uow, actor, Action.CALL_MEETING, pressed.value)
    )
    words, team = pressed.words, here.file.team
    proposal = propose(words, team, "", pressed.services.clock.now())
    view = call_form(words, here.file, replace(proposal, note=words("placement.agenda")))
    view["blocks"].insert(0, says(words("placement.summoned")))
    await pressed.open(view)


async def end_placement(pressed: Pressed) -> None:
    """«Hva kommer etterpå»: opens the form."""
    here, placement = await pressed.look(lambda uow, actor: see_placement(uow, actor, pressed.value))
    await pressed.open(end_placement_form(pressed.words, here.file, placement))


async def end_one(pressed: Pressed) -> None:
    """«Ferdig»."""
    await pressed.act(end_deadline, EndDeadline(pressed.value))
