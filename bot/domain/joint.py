"""Joint meetings (fellesmøter) of all partners: nobody has a duty to attend, and no case is discussed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain import worktime
from bot.domain.calendar.entry import may_be_mailed
from bot.domain.case.calendar import MailedEntry, Post
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.notifications import Kind, Notification, PlannedFor, Revision
from bot.domain.outside import OutsideItem, to_each, turns


@dataclass(frozen=True, slots=True)
class JointMeeting(OutsideItem):
    """A joint meeting.

    `sequence` rises when time or place changes, and when the meeting is called off; `asked_sequence` is the
    sequence at which people were last asked whether they come: a new time asks them again, a new place does
    not. The texts are encrypted with the meeting's own key. A purged meeting keeps when it was, and how many
    came.
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
        """Return whether the meeting is ahead or waits to be registered."""
        return self.cancelled_at is None and self.registered_at is None


@dataclass(frozen=True, slots=True)
class JointInvitation:
    """An invitation of a person for an agency, and whether they say that they come.

    `invited_at` is when they were last asked: moving the meeting in time asks again.
    """

    id: str
    joint_id: str
    agency_id: str
    person_id: str
    uid: str
    invited_at: datetime
    comes: bool | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEntry(MailedEntry):
    """The calendar entry of an invited person whom the bot reaches only by mail."""

    joint_id: str
    invitation_id: str


@dataclass(frozen=True, slots=True)
class JointMeetingView:
    """A snapshot, `at` an instant, of a joint meeting, its invitations, and agencies and humans by id."""

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

    def agency_now(self, invitation: JointInvitation) -> Agency | None:
        """Return the agency for which the invited person would come; they may have moved to another one.

        None if they are no contact of the team any more: then they are told nothing.
        """
        own = [c for c in self.contacts if c.person_id == invitation.person_id and not (c.retired or c.waits)]
        agencies = (self.agencies[contact.agency_id] for contact in own)
        return min(agencies, key=lambda a: (a.id != invitation.agency_id, a.shown_name), default=None)

    def agency_of(self, invitation: JointInvitation) -> Agency:
        return self.agency_now(invitation) or self.agencies[invitation.agency_id]

    def _is_written_to(self, invitation: JointInvitation) -> bool:
        """Return whether the bot writes to them at all; the coordinator reaches sheltering agencies."""
        agency = self.agency_now(invitation)
        return agency is not None and not agency.reached_by_coordinator

    def on_slack(self, invitation: JointInvitation) -> bool:
        person = self.persons.get(invitation.person_id)
        return person is not None and person.on_slack and self._is_written_to(invitation)

    def invitation_on_slack(self, person_id: str) -> JointInvitation | None:
        """Return a person's invitation, if the bot tells them of it in Slack."""
        return next((i for i in self.invited if i.person_id == person_id and self.on_slack(i)), None)

    def by_mail(self, invitation: JointInvitation) -> bool:
        """Return whether the bot reaches the invited person only by mail, provided that it sends mail."""
        if self.on_slack(invitation) or not self._is_written_to(invitation):
            return False
        return may_be_mailed(self.persons.get(invitation.person_id), self.contacts, self.agencies)

    def entries_of(self, invitation: JointInvitation) -> list[JointEntry]:
        """Return the entries made for an invitation, oldest first; at most the last is not cancelled."""
        return [e for e in self.entries if e.invitation_id == invitation.id]

    def entry_of(self, invitation: JointInvitation) -> JointEntry | None:
        """Return the entry by which somebody reached by mail is told what is so now."""
        off, person = self.meeting.cancelled_at is not None, self.persons.get(invitation.person_id)
        if person is None or not self.by_mail(invitation):
            return None
        told = (e for e in reversed(self.entries_of(invitation)) if e.address == person.work_mail)
        return next((entry for entry in told if entry.cancelled is off), None)

    def mailed(self, invitation: JointInvitation) -> JointEntry | None:
        """Return the entry of an invitation by mail, sent or waiting; None if the address was refused."""
        entry = self.entry_of(invitation)
        return entry if entry is not None and entry.post is not Post.REFUSED else None

    def reached(self, invitation: JointInvitation) -> bool:
        """Return whether the bot tells this person of the meeting, or that it is called off."""
        return self.on_slack(invitation) or self.mailed(invitation) is not None

    @property
    def to_ring(self) -> list[JointInvitation]:
        """The invitations of people whom the bot cannot tell: the coordinator has to ring."""
        return [i for i in self.invited if self.agency_now(i) is not None and not self.reached(i)]

    def title(self, invitation: JointInvitation) -> str:
        """Return the title of the invited person; empty for people of a sheltering agency."""
        agency = self.agency_of(invitation)
        if agency.reached_by_coordinator:
            return ""
        titles = {(c.agency_id, c.person_id): c.title for c in self.contacts}
        return titles.get((agency.id, invitation.person_id), "")


def _reminded(now: JointMeetingView) -> dict[datetime, int]:
    """Return when people are reminded, in working hours, and which of the team's lead times that is.

    As in a case that is not acute, a reminder only moves earlier, and two that would come at once are one.
    """
    found: dict[datetime, int] = {}
    rules, zone = now.team.rules, now.team.time_zone
    for hours in rules.lead_times:
        at = worktime.wall_clock_before(now.meeting.starts_at, zone, hours)
        found.setdefault(worktime.previous_working_moment(at, rules.work_hours, zone), hours)
    return found


def standing(now: JointMeetingView) -> Iterator[Notification]:
    """Yield the messages that should be posted, and the reminders.

    These go to everybody who has not declined, before it, and to the coordinators, the next working morning.
    """
    meeting = now.meeting
    yield from to_each(now.coordinators, Kind.JOINT_CALLED, meeting)
    for invitation in filter(now.on_slack, now.invited):
        to = [invitation.person_id]
        # A move or a cancellation is a new message, so that people notice it.
        yield from to_each(to, Kind.JOINT_INVITED, meeting, Revision(meeting.sequence))
        if not meeting.live or invitation.comes is False:
            continue
        yield from to_each(to, Kind.JOINT_ENTRY, meeting, Revision(meeting.asked_sequence))
        for at, hours in _reminded(now).items():
            if at > invitation.invited_at:
                step = PlannedFor(f"before{hours}", at)
                yield from to_each(to, Kind.JOINT_SOON, meeting, step, at, meeting.starts_at)
    if meeting.live:
        yield from turns(meeting, meeting.starts_at, meeting.ends_at)
        day = worktime.add_working_days(now.team.day_of(meeting.ends_at) + timedelta(days=1), 0)
        step = PlannedFor("register", now.team.morning(day))
        yield from to_each(now.coordinators, Kind.JOINT_REGISTER, meeting, step, step.at)
