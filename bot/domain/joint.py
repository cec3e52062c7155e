"""Joint meetings (fellesmøter): all partners are invited, nobody has a duty to come, nothing of any case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain import worktime
from bot.domain.calendar.entry import may_be_mailed
from bot.domain.case.calendar import MailedEntry, Post
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.notifications import Kind, Notification, Revision
from bot.domain.outside import OutsideItem, planned, to_each


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


@dataclass(frozen=True, slots=True)
class JointMeetingView:
    """A joint meeting, who is invited, and the agencies and humans in it by id; `at` a moment."""

    at: datetime
    meeting: JointMeeting
    team: Team
    invited: tuple[JointInvitation, ...]
    agencies: dict[str, Agency]
    contacts: tuple[Contact, ...]
    coordinators: tuple[str, ...]
    persons: dict[str, Person]
    entries: tuple[JointEntry, ...] = ()

    def invitation_of(self, person_id: str) -> JointInvitation | None:
        return next((i for i in self.invited if i.person_id == person_id), None)

    def is_partner(self, invitation: JointInvitation) -> bool:
        """Return whether the one invited still is a contact of the team: the others are told no more."""
        return any(self.agencies_of(invitation.person_id))

    def agencies_of(self, person_id: str) -> Iterator[Agency]:
        """The agencies of which a person is a contact now, for each of their roles."""
        own = (c for c in self.contacts if c.person_id == person_id and not (c.retired or c.waits))
        return (self.agencies[contact.agency_id] for contact in own)

    def _is_written_to(self, invitation: JointInvitation) -> bool:
        """Return whether the bot writes to them at all; a sheltering agency is reached by the coordinator."""
        return self.is_partner(invitation) and not self.agencies[invitation.agency_id].reached_by_coordinator

    def on_slack(self, invitation: JointInvitation) -> bool:
        person = self.persons.get(invitation.person_id)
        return person is not None and person.on_slack and self._is_written_to(invitation)

    def by_mail(self, invitation: JointInvitation) -> bool:
        """Return whether the bot reaches the one invited by mail alone, if it mails at all."""
        if self.on_slack(invitation) or not self._is_written_to(invitation):
            return False
        return may_be_mailed(self.persons.get(invitation.person_id), self.contacts, self.agencies)

    def entries_of(self, invitation: JointInvitation) -> list[JointEntry]:
        """The entries made for an invitation, oldest first; at most the last one is not cancelled."""
        return [e for e in self.entries if e.invitation_id == invitation.id]

    def mailed(self, invitation: JointInvitation) -> JointEntry | None:
        """The entry by which somebody is invited by mail, sent or waiting; none if it was refused."""
        known = (e for e in self.entries_of(invitation) if not e.cancelled and e.post is not Post.REFUSED)
        return next(known, None) if self.by_mail(invitation) else None

    def reached(self, invitation: JointInvitation) -> bool:
        """Return whether the bot invites this person."""
        return self.on_slack(invitation) or self.mailed(invitation) is not None

    @property
    def to_ring(self) -> list[JointInvitation]:
        """The ones whom the bot does not reach: the coordinator's to ring."""
        return [i for i in self.invited if self.is_partner(i) and not self.reached(i)]

    @property
    def undelivered(self) -> list[tuple[JointInvitation, JointEntry]]:
        """The mails that wait for an operator, and those whose address is refused."""
        mailed = ((i, e) for i in self.invited if self.by_mail(i) for e in self.entries_of(i))
        return [
            (i, e) for i, e in mailed if not e.cancelled and (e.trouble is not None or e.post is Post.REFUSED)
        ]

    def title(self, invitation: JointInvitation) -> str:
        """The title of the one invited; of a sheltering agency's people there is none."""
        if self.agencies[invitation.agency_id].reached_by_coordinator:
            return ""
        titles = {(c.agency_id, c.person_id): c.title for c in self.contacts}
        return titles.get((invitation.agency_id, invitation.person_id), "")


def agency_to_join(now: JointMeetingView, person_id: str) -> str | None:
    """Return for which agency a person can come: the one they are invited for, else the first of theirs."""
    own = now.invitation_of(person_id)
    own_agencies = now.agencies_of(person_id)
    theirs = [a.id for a in own_agencies if not (a.retired or a.reached_by_coordinator)]
    return own.agency_id if own is not None and own.agency_id in theirs else next(iter(theirs), None)


def standing(now: JointMeetingView) -> Iterator[Notification]:
    """The messages that are to stand, and the reminders: before it, to those who have not said that they stay
    away; the morning after, to the coordinators.
    """
    meeting, rules = now.meeting, now.team.rules
    yield from to_each(now.coordinators, Kind.JOINT_CALLED, meeting)
    if meeting.live and now.undelivered:
        yield from to_each(now.coordinators, Kind.JOINT_POST, meeting)
    for invitation in filter(now.on_slack, now.invited):
        to = [invitation.person_id]
        # What is moved or called off is a new message, to be noticed.
        yield from to_each(to, Kind.JOINT_INVITED, meeting, Revision(meeting.sequence))
        if not meeting.live or invitation.comes is False:
            continue
        yield from to_each(to, Kind.JOINT_ENTRY, meeting, Revision(meeting.asked_sequence))
        for hours in rules.lead_times:
            at = worktime.wall_clock_before(meeting.starts_at, now.team.time_zone, hours)
            if at > invitation.invited_at:
                yield from planned(Kind.JOINT_SOON, meeting, to, at, meeting.starts_at, f"before{hours}")
    if meeting.live:
        day = worktime.add_working_days(now.team.day_of(meeting.ends_at) + timedelta(days=1), 0)
        morning, to = now.team.morning(day), [*now.coordinators]
        yield from planned(Kind.JOINT_REGISTER, meeting, to, morning, None, "register")
