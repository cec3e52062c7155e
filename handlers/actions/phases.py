"""The coordinator's buttons about phases: call the meeting that is proposed, let the case wait longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.access import Action
from bot.domain.case_file import CaseFile
from bot.domain.proposal import proposed_time
from bot.texts import Words
from bot.usecases.door import enter_meeting
from bot.usecases.wait import see_case_waiting
from handlers.blocks.modals.meetings import Proposal, call_form, proposal_of
from handlers.blocks.modals.parts import View
from handlers.blocks.modals.phases import wait_form
from handlers.encounters import Pressed
from handlers.proposals import sensible

_WEEKS = timedelta(weeks=4)


async def proposed_meeting(pressed: Pressed) -> None:
    """Open the form of the next meeting at the time that the rhythm proposes, where the last one was."""
    here, last = await pressed.look(
        lambda uow, actor: enter_meeting(uow, actor, Action.CALL_MEETING, pressed.value)
    )
    now, was = pressed.services.clock.now(), proposal_of(last)
    at = proposed_time(here.file, last, now) or sensible(here.file.team, now)
    proposal = Proposal(at, was.minutes, place=was.place, link=was.link)
    await pressed.open(call_form(pressed.words, here.file, proposal))


async def wait(pressed: Pressed) -> None:
    """Open the form that sets the next contact."""
    here = await pressed.look(lambda uow, actor: see_case_waiting(uow, actor, pressed.value))
    await pressed.open(wait_form_of(pressed.words, here.file, pressed.services.clock.now()))


def wait_form_of(words: Words, file: CaseFile, now: datetime) -> View:
    """The form, with a day four weeks on, or the one that is set and still ahead."""
    today = now.astimezone(ZoneInfo(file.team.zone)).date()
    standing = file.standstill
    if standing is not None and standing.contact_on > today:
        return wait_form(words, file, standing.contact_on)
    return wait_form(words, file, worktime.add_working_days(today + _WEEKS, 0))
