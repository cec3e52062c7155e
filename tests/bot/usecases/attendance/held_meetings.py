"""Meetings that have begun, and registering who came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.case.entities import Attendance, Case, Meeting
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from tests.bot.usecases.town import Town, spoken_with

PRESENT, LATE = Attendance.PRESENT, Attendance.LATE
NOTICE, NO_NOTICE = Attendance.ABSENT_WITH_NOTICE, Attendance.ABSENT_WITHOUT_NOTICE
MINUTE = timedelta(minutes=1)
AGENCIES = ("police", "welfare", "counsel", "health")


async def begun(town: Town, *agencies: str, after: timedelta = timedelta(0)) -> tuple[Case, Meeting]:
    """A case whose first meeting has begun so long ago; all on Slack have confirmed taushetsplikt."""
    case = await town.open(*(agencies or AGENCIES))
    await town.confirm(case.id, "officer", "caseworker", "both", "clerk")
    meeting = await town.meeting(case.id)
    town.clock.time = meeting.starts_at + after
    return case, meeting


async def duties(town: Town, case: Case) -> dict[str, str]:
    file = await town.file(case.id)
    return {file.agency_of(d.involvement_id).id: d.id for d in file.duties_of(file.meetings[-1].id)}


async def register(
    town: Town, case: Case, came: Mapping[str, Attendance], actor: str = "coordinator", **facts: Any
) -> None:
    """Register the latest meeting; who is not named was present."""
    of = await duties(town, case)
    attendance = {duty_id: came.get(agency, PRESENT) for agency, duty_id in of.items()}
    meeting = await town.meeting(case.id)
    facts.setdefault("calls", spoken_with(await town.file(case.id), attendance))
    command = RegisterAttendance(meeting.id, attendance, **facts)
    await town.do(register_attendance, actor, command)
