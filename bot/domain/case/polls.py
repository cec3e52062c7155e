"""Time polls: several times proposed for one meeting, and which of them suit whom. Facts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case.entities import Via


class TimeReply(StrEnum):
    """An answer about one of the proposed times; WITH_DEPUTY does not name the deputy yet."""

    SUITS = "suits"
    WITH_DEPUTY = "with_deputy"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class TimePoll:
    """Two or three times for a meeting that is not called yet, or for moving `meeting_id`. One per case.

    Its times never change: other times make another poll. `starts` are aware UTC datetimes, soonest first,
    `minutes` is the length of the meeting, `sequence` the meeting's when the poll was made. Answers are
    awaited until `closes_at`, when the coordinator is told which time is best.
    """

    id: str
    case_id: str
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
class TimeAnswer:
    """The answer of one human for one agency: the times at which they come, or send a deputy.

    With neither, no time suits. `via` is how they were asked outside Slack, if a coordinator (`answered_by`)
    recorded the answer.
    """

    id: str
    case_id: str
    poll_id: str
    involvement_id: str
    person_id: str
    answered_at: datetime
    answered_by: str
    suits: tuple[datetime, ...] = ()
    with_deputy: tuple[datetime, ...] = ()
    via: Via | None = None

    def reply(self, at: datetime) -> TimeReply:
        if at in self.suits:
            return TimeReply.SUITS
        return TimeReply.WITH_DEPUTY if at in self.with_deputy else TimeReply.NOT
