"""Links between cases and liaisons, as a case holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain import worktime
from bot.domain.case.entities import Via
from bot.domain.directory.entities import Team


class LinkKind(StrEnum):
    """Linked: they belong together. Repeat: the later case is the earlier one's come again."""

    LINKED = "linked"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Link:
    """This case's half. `token` is random, and the same in the other case's half; it names neither."""

    id: str
    case_id: str
    kind: LinkKind
    token: str


@dataclass(frozen=True, slots=True)
class Liaison:
    """`until` is the day on which the liaison leaves, in the team's zone.

    One who is on Slack has a seat. For one who is not, `title` is all that is known, the coordinator reaches
    them, and has taken their taushetsplikt by `acknowledged_via`.
    """

    id: str
    case_id: str
    until: date
    since: datetime
    named_by: str
    title: str = ""
    seat_id: str | None = None
    acknowledged_via: Via | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiaisonInvitation:
    """Liaison × meeting: what is in the calendar of one who may come and has no duty to.

    Nothing is asked and nothing is counted. `sequence` is the meeting's as last told, at `invited_at`; `uid`
    is the calendar entry's own random id. `moved` is set once the meeting has been, after the first word.
    """

    id: str
    case_id: str
    liaison_id: str
    meeting_id: str
    person_id: str
    uid: str
    invited_at: datetime
    sequence: int
    moved: bool = False


def leaves_at(until: date, team: Team) -> datetime:
    """When a liaison until this day leaves: at the end of its working hours, after any meeting that day."""
    return worktime.local(until, team.rules.work_hours.end, team.time_zone)
