"""Time polls: several times proposed for one meeting, and which of them suit whom. Facts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.case.entities import CasePart


@dataclass(frozen=True, slots=True)
class TimePoll(CasePart):
    """Two or three times for a meeting that is not called yet, or for moving `meeting_id`. One per case.

    Its times never change: other times make another poll. `starts` are aware UTC datetimes, soonest first,
    `minutes` is the length of the meeting, `sequence` the meeting's when the poll was made. Answers are
    awaited until `closes_at`, when the coordinator is told which time is best.
    """

    proposed_by: str
    proposed_at: datetime
    closes_at: datetime
    starts: tuple[datetime, ...]
    minutes: int
    place: str | None = None
    link: str | None = None
    note: str = ""
    meeting_id: str | None = None
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class TimeAnswer(CasePart):
    """The answer of one human for one agency: the times that suit; with none of them, no time does.

    `answered_by` is the coordinator who recorded it, if they said it on the telephone.
    """

    poll_id: str
    involvement_id: str
    person_id: str
    answered_at: datetime
    answered_by: str
    suits: tuple[datetime, ...] = ()
