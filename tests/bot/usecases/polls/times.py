"""What is shown for one of several times, and what its call gets."""

from __future__ import annotations

from datetime import datetime

from bot.domain.answers import standing_of
from bot.domain.attendance import QuorumLack, lack_of
from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.polls import parts, time_standing


def shown(file: CaseFile, poll: TimePoll, at: datetime) -> tuple[set[str], QuorumLack | None]:
    """The agencies (by part) that are shown to come at that time, and what the quorum is shown to lack."""
    found = time_standing(file, poll, at)
    return {part.id for part in found.coming}, found.lack


def got(file: CaseFile, poll: TimePoll, meeting: Meeting) -> tuple[set[str], QuorumLack | None]:
    """The same of a meeting that was called, by where each agency then stands for it."""
    come = {p.id for p in parts(file, poll) if standing_of(file, p, file.meeting(meeting.id)).state.comes}
    return come, lack_of(file.team.rules.quorum, [file.agency_of(part).kind for part in sorted(come)])
