"""What is left to do after a meeting, by whom: what the minutes list beside the next meeting. Derived."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.case import Attendance, Duty, Meeting
from bot.domain.case_file import CaseFile
from bot.domain.roll_call import CAME


class Awaited(StrEnum):
    """What is awaited of an agency."""

    ABSENCE_REASON = "absence_reason"
    WRITTEN_REPORT = "written_report"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One thing that an agency still has to do."""

    duty: Duty
    what: Awaited


def follow_ups(file: CaseFile, meeting: Meeting) -> list[FollowUp]:
    """What is awaited after a registered meeting, agency by agency.

    Whoever stayed away without a word is asked why, and an absentee may send a written report.
    """
    found: list[FollowUp] = []
    for duty in file.duties_of(meeting.id):
        if duty.attendance is None or duty.attendance in CAME:
            continue
        if file.involvement(duty.involvement_id).ended_at is not None:
            continue
        if duty.attendance is Attendance.ABSENT_WITHOUT_NOTICE and duty.absence_reason is None:
            found.append(FollowUp(duty, Awaited.ABSENCE_REASON))
        if not duty.written_report:
            found.append(FollowUp(duty, Awaited.WRITTEN_REPORT))
    return found


def leaders_to_tell(file: CaseFile, duty: Duty) -> list[str]:
    """Person ids of an agency's leaders whom the bot can tell that nobody came; its lead is asked why."""
    part = duty.involvement_id
    lead = file.lead(part)
    return [
        c.person_id
        for c in file.contacts_of(file.involvement(part).agency_id)
        if c.leader
        and not c.waits
        and file.reached_directly(c.person_id, part)
        and (lead is None or lead.person_id != c.person_id)
    ]
