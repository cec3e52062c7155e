"""Links between cases and liaisons, as a case holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain import worktime
from bot.domain.case.entities import CasePart, EndingPart, Via
from bot.domain.directory.entities import Team


class LinkKind(StrEnum):
    """Linked: the cases belong together. Repeat: the later case is a recurrence of the earlier one."""

    LINKED = "linked"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Link(CasePart):
    """This case's half of a link. Both halves hold the same random `token`, which names neither case."""

    kind: LinkKind
    token: str


@dataclass(frozen=True, slots=True)
class Liaison(EndingPart):
    """A liaison in the case until the day `until` (in the team's zone), on which they leave.

    A liaison on Slack has a seat. Of one who is not, only the `title` is known; the coordinator reaches them,
    and has recorded their taushetsplikt by `acknowledged_via`.
    """

    until: date
    since: datetime
    title: str = ""
    seat_id: str | None = None
    acknowledged_via: Via | None = None


@dataclass(frozen=True, slots=True)
class LiaisonInvitation(CasePart):
    """Liaison × meeting: the calendar entry of a liaison, who may come and has no duty to.

    Nothing is asked and nothing is counted. `sequence` is the meeting's as last told, at `invited_at`; `uid`
    is the calendar entry's own random id. `moved` is set once the meeting has moved after the invitation.
    """

    liaison_id: str
    meeting_id: str
    person_id: str
    uid: str
    invited_at: datetime
    sequence: int
    moved: bool = False


def leaves_at(until: date, team: Team) -> datetime:
    """Return when a liaison leaves on the last day: at the end of its working hours, after any meeting."""
    return worktime.local(until, team.rules.work_hours.end, team.time_zone)
