"""The buttons of a meeting as it is held, and of its register."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.errors import NoLongerAsked
from bot.usecases.attendance.absences import see_absence
from bot.usecases.attendance.register import corrections_of, see_meeting_attendance, see_registered
from bot.usecases.attendance.roll_call import (
    Arrive,
    TickPoint,
    arrive,
    see_absent,
    see_chairable,
    see_too_few,
    tick_point,
)
from bot.usecases.authorization import enter_meeting
from handlers.attendance.modals import (
    absence_form,
    arrivals_form,
    attendance_form,
    chair_form,
    correction_form,
    go_on_form,
)
from handlers.meeting import agenda
from handlers.meeting.modals import move_form, proposal_of
from handlers.slack.payloads import Unreadable, moment
from handlers.slack.requests import Pressed


async def present(pressed: Pressed) -> None:
    """«Jeg er til stede»."""
    await pressed.act(arrive, Arrive(pressed.value))


async def others(pressed: Pressed) -> None:
    """Those who cannot say so themselves: opens the form."""
    file, meeting, absent = await pressed.look(lambda uow, actor: see_absent(uow, actor, pressed.value))
    now = pressed.services.clock.now()
    await pressed.open(arrivals_form(pressed.words, file, meeting, absent, now))


async def tick(pressed: Pressed) -> None:
    """A point of the agenda has been treated, or has not after all."""
    meeting_id, _, rest = pressed.value.partition("|")
    on, _, point_id = rest.partition("|")
    if on not in ("on", "off"):
        raise Unreadable
    here, _meeting = await pressed.look(
        lambda uow, actor: enter_meeting(uow, actor, Action.LEAD_MEETING, meeting_id)
    )
    point = agenda.point_of(here.file, point_id)
    if point is None:
        raise NoLongerAsked
    await pressed.act(tick_point, TickPoint(meeting_id, point, treated=on == "on"))


async def chair(pressed: Pressed) -> None:
    """Name who leads the meeting: opens the form."""
    here, meeting = await pressed.look(lambda uow, actor: see_chairable(uow, actor, pressed.value))
    await pressed.open(chair_form(pressed.words, here.file, meeting))


async def go_on(pressed: Pressed) -> None:
    """Go on with too few: opens the form that asks why."""
    _, meeting = await pressed.look(
        lambda uow, actor: see_too_few(uow, actor, pressed.value, Action.LEAD_MEETING)
    )
    await pressed.open(go_on_form(pressed.words, meeting))


async def postpone(pressed: Pressed) -> None:
    """A new date has been chosen: opens the form that moves the meeting there."""
    meeting_id, _, mark = pressed.value.partition("|")
    starts_at = moment(mark)
    here, meeting = await pressed.look(
        lambda uow, actor: see_too_few(uow, actor, meeting_id, Action.POSTPONE_MEETING)
    )
    proposal = replace(proposal_of(meeting), starts_at=starts_at)
    await pressed.open(move_form(pressed.words, here.file, meeting, proposal))


async def attendance(pressed: Pressed) -> None:
    """Register who came: opens the form."""
    here, meeting = await pressed.look(lambda uow, actor: see_meeting_attendance(uow, actor, pressed.value))
    await pressed.open(attendance_form(pressed.words, here.file, meeting))


async def correct(pressed: Pressed) -> None:
    """Put the register right: opens the form."""
    here, meeting = await pressed.look(lambda uow, actor: see_registered(uow, actor, pressed.value))
    seen = len(corrections_of(here.file, meeting))
    await pressed.open(correction_form(pressed.words, here.file, meeting, seen))


async def explain_absence(pressed: Pressed) -> None:
    """Why nobody came: opens the form."""
    here, duty = await pressed.look(lambda uow, actor: see_absence(uow, actor, pressed.value))
    await pressed.open(absence_form(pressed.words, here.file, duty))
