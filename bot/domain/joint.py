"""Joint meetings (fellesmøter): all partners are invited, nobody has a duty to come, nothing of any case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.case.calendar import MailedEntry
from bot.domain.directory.entities import Team
from bot.domain.escalation.answer_window import working_half_and_end


@dataclass(frozen=True, slots=True)
class JointMeeting:
    """When, where and about what. `theme` is that of closed guidance, if it grew out of one.

    `sequence` rises when its time or place changes, and when it is called off; `asked_sequence` is the one
    with which people were asked last whether they come: another time asks them again, another place does
    not. What was written has a key of its own; what is left of a purged one is the theme, when it was, and
    how many came.

    Of several `times` that are proposed, soonest first, none is its time yet: until one is called,
    `starts_at` and `ends_at` are those of the last, by which it is over at the latest.
    """

    id: str
    team_id: str
    starts_at: datetime
    ends_at: datetime
    called_at: datetime
    called_by: str
    topic: str
    agenda: str
    place: str | None = None
    link: str | None = None
    theme: str | None = None
    sequence: int = 0
    number_came: int | None = None
    cancelled_at: datetime | None = None
    registered_at: datetime | None = None
    delete_on: date | None = None
    purged_at: datetime | None = None
    asked_sequence: int = 0
    erasing_since: datetime | None = None
    times: tuple[datetime, ...] | None = None

    @property
    def settled(self) -> bool:
        """Return whether it has a time, and not several that are proposed."""
        return self.times is None

    def ends_from(self, at: datetime) -> datetime:
        """The end, if it began at one of its times."""
        return at + (self.ends_at - self.starts_at)

    @property
    def item(self) -> str:
        """Its name as something with a key of its own, for notifications and posted messages."""
        return f"joint/{self.id}"

    @property
    def live(self) -> bool:
        """Return whether it is ahead or waits to be registered."""
        return self.cancelled_at is None and self.registered_at is None


@dataclass(frozen=True, slots=True)
class JointInvitation:
    """Somebody invited for an agency, whether they say that they come, and whether they came.

    `invited_at` is when they were asked last: a meeting that is moved in time asks again. Of several times
    `suits` are those that suit them; once one is called, that one alone, if it was among them.
    """

    id: str
    joint_id: str
    agency_id: str
    person_id: str
    uid: str
    invited_at: datetime
    comes: bool | None = None
    answered_at: datetime | None = None
    came: bool | None = None
    suits: tuple[datetime, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEntry(MailedEntry):
    """The calendar entry of somebody invited whom the bot reaches by mail alone."""

    joint_id: str
    invitation_id: str


# --- several times


@dataclass(frozen=True, slots=True)
class TimeCount:
    """So many agencies, of all that are `asked`, have somebody whom one of the times suits."""

    at: datetime
    suits: int
    asked: int


def times_ahead(meeting: JointMeeting, now: datetime) -> list[datetime]:
    """The times that can still be called; none, if it is settled or over."""
    return [at for at in meeting.times or () if meeting.live and at > now]


def closes_at(meeting: JointMeeting, team: Team) -> datetime:
    """Until when it is asked which times suit: as in a case's working phase."""
    first = min(meeting.times or (meeting.starts_at,))
    return working_half_and_end(team, meeting.called_at, first)[1]


def count_times(times: Iterable[datetime], asked: Collection[JointInvitation]) -> list[TimeCount]:
    """Each time with the agencies of those who are asked."""
    agencies = {i.agency_id for i in asked}
    return [
        TimeCount(at, len({i.agency_id for i in asked if at in (i.suits or ())}), len(agencies))
        for at in times
    ]


def best_time(counts: Sequence[TimeCount]) -> TimeCount | None:
    """The time that suits most agencies, of several the soonest; none, if none suits anybody."""
    found = [count for count in counts if count.suits]
    return min(found, key=lambda count: (-count.suits, count.at), default=None)


def all_answered(asked: Collection[JointInvitation]) -> bool:
    """Return whether somebody is asked, and nobody is left to wait for."""
    return bool(asked) and all(i.suits is not None for i in asked)
