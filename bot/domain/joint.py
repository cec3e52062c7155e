"""Joint meetings (fellesmøter): all partners are invited, nobody has a duty to come, nothing of any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.domain.case.calendar import MailedEntry
from bot.domain.outside import OutsideItem


@dataclass(frozen=True, slots=True)
class JointMeeting(OutsideItem):
    """When, where and about what. `theme` is that of closed guidance, if it grew out of one.

    `sequence` rises when its time or place changes, and when it is called off; `asked_sequence` is the one
    with which people were asked last whether they come: another time asks them again, another place does
    not. What was written has a key of its own; what is left of a purged one is the theme, when it was, and
    how many came.
    """

    word: ClassVar[str] = "joint"
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
    asked_sequence: int = 0

    @property
    def people(self) -> tuple[str | None, ...]:
        return (self.called_by,)

    @property
    def live(self) -> bool:
        """Return whether it is ahead or waits to be registered."""
        return self.cancelled_at is None and self.registered_at is None


@dataclass(frozen=True, slots=True)
class JointInvitation:
    """Somebody invited for an agency, whether they say that they come, and whether they came.

    `invited_at` is when they were asked last: a meeting that is moved in time asks again.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEntry(MailedEntry):
    """The calendar entry of somebody invited whom the bot reaches by mail alone."""

    joint_id: str
    invitation_id: str
