"""A joint meeting as it is now: read with its team, agencies and people, and told about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.access import Action
from bot.domain.calendar.entry import CalendarUpdate, may_be_mailed
from bot.domain.case.calendar import Post
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.errors import AlreadyClosed
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.notifications import Kind, Notification, Revision, planned
from bot.usecases.authorization import enter_asked
from bot.usecases.outside import enqueue_outside_effects, people_of, to_each, with_team
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class JointMeetingView:
    """A joint meeting, who is invited, and the agencies, titles and humans in it by id; `at` a moment."""

    at: datetime
    meeting: JointMeeting
    team: Team
    invited: tuple[JointInvitation, ...]
    agencies: dict[str, Agency]
    titles: dict[tuple[str, str], str]
    coordinators: tuple[str, ...]
    persons: dict[str, Person]
    entries: tuple[JointEntry, ...] = ()
    contacts: tuple[Contact, ...] = ()

    def invitation_of(self, person_id: str) -> JointInvitation | None:
        return next((i for i in self.invited if i.person_id == person_id), None)

    def is_partner(self, invitation: JointInvitation) -> bool:
        """Return whether the one invited still is a contact of the team: the others are told no more."""
        own = (c for c in self.contacts if c.person_id == invitation.person_id)
        return any(not contact.retired and not contact.waits for contact in own)

    def on_slack(self, invitation: JointInvitation) -> bool:
        """Return whether the bot writes to them; a sheltering agency is reached by the coordinator."""
        person = self.persons.get(invitation.person_id)
        reached = person is not None and person.on_slack
        sheltering = self.agencies[invitation.agency_id].reached_by_coordinator
        return reached and not sheltering and self.is_partner(invitation)

    def by_mail(self, invitation: JointInvitation) -> bool:
        """Return whether the bot reaches the one invited by mail alone, if it mails at all."""
        if self.on_slack(invitation) or not self.is_partner(invitation):
            return False
        if self.agencies[invitation.agency_id].reached_by_coordinator:
            return False
        return may_be_mailed(self.persons.get(invitation.person_id), self.contacts, self.agencies)

    def entries_of(self, invitation: JointInvitation) -> list[JointEntry]:
        """The entries made for an invitation, oldest first; at most the last one is not cancelled."""
        return [e for e in self.entries if e.invitation_id == invitation.id]

    def mailed(self, invitation: JointInvitation) -> JointEntry | None:
        """The entry by which somebody is invited by mail, sent or waiting; none if it was refused."""
        uncancelled = (
            e for e in self.entries_of(invitation) if not e.cancelled and e.post is not Post.REFUSED
        )
        return next(uncancelled, None) if self.by_mail(invitation) else None

    def stands(self, invitation: JointInvitation, entry: JointEntry) -> bool:
        """Return whether this entry, in their calendar, is how the person is invited."""
        return self.meeting.live and not entry.cancelled and self.by_mail(invitation)

    def reached(self, invitation: JointInvitation) -> bool:
        """Return whether the bot invites this person."""
        return self.on_slack(invitation) or self.mailed(invitation) is not None

    @property
    def to_ring(self) -> list[JointInvitation]:
        """The ones whom the bot does not reach: the coordinator's to ring."""
        return [i for i in self.invited if self.is_partner(i) and not self.reached(i)]

    def due(self, invitation: JointInvitation) -> CalendarUpdate:
        """Return what the calendar of one invited by mail alone should say."""
        person, meeting = self.persons.get(invitation.person_id), self.meeting
        return CalendarUpdate(
            meeting.live and self.by_mail(invitation),
            person.work_mail if person is not None else None,
            meeting.sequence,
            meeting.starts_at,
            meeting.ends_at,
            meeting.registered_at is not None,
            wanted=invitation.comes is not False,
        )

    def title(self, invitation: JointInvitation) -> str:
        """The title of the one invited; of a sheltering agency's people there is none."""
        if self.agencies[invitation.agency_id].reached_by_coordinator:
            return ""
        return self.titles.get((invitation.agency_id, invitation.person_id), "")


def joint_meeting_view(uow: UnitOfWork, joint_id: str) -> JointMeetingView | None:
    """The joint meeting as this transaction sees it; None if there is none, or it is purged."""
    found = with_team(uow, JointMeeting, joint_id)
    if found is None:
        return None
    meeting, team = found
    agencies = {a.id: a for a in uow.find(Agency, team_id=team.id)}
    contacts = uow.find(Contact, agency_id=sorted(agencies)) if agencies else []
    titles = {(c.agency_id, c.person_id): c.title for c in contacts}
    invited = uow.find(JointInvitation, joint_id=meeting.id)
    seated, persons = people_of(uow, team.id, meeting.called_by, *(i.person_id for i in invited))

    def in_order(invitation: JointInvitation) -> tuple[bool, str, str]:
        agency = agencies[invitation.agency_id]
        return not agency.core, agency.shown_name.casefold(), invitation.id

    entries = tuple(uow.find(JointEntry, joint_id=meeting.id))
    ordered = tuple(sorted(invited, key=in_order))
    return JointMeetingView(
        uow.now, meeting, team, ordered, agencies, titles, seated, persons, entries, tuple(contacts)
    )


def is_invited(now: JointMeetingView, person_id: str) -> bool:
    """Return whether a person is invited and still is a contact."""
    invitation = now.invitation_of(person_id)
    return invitation is not None and now.is_partner(invitation)


def enter_joint(
    uow: UnitOfWork,
    actor: Person,
    action: Action,
    joint_id: str,
    *,
    is_theirs: Callable[[JointMeetingView, str], bool] = is_invited,
) -> JointMeetingView:
    """Let a person do `action` with a joint meeting: a coordinator of its team, or whose own it is."""
    found = joint_meeting_view(uow, joint_id)
    own = found is not None and is_theirs(found, actor.id)
    enter_asked(uow, actor, action, found.team.id if found is not None else None, own=own)
    if found is None or not found.meeting.live:
        raise AlreadyClosed
    return found


def invite(uow: UnitOfWork, joint_id: str, agency_id: str, person_id: str) -> JointInvitation:
    invitation = JointInvitation(
        id=uow.ids.new(),
        joint_id=joint_id,
        agency_id=agency_id,
        person_id=person_id,
        uid=uow.ids.uid(),
        invited_at=uow.now,
    )
    uow.add(invitation)
    return invitation


def enqueue_joint_effects(uow: UnitOfWork, joint_id: str, *, called: bool = False) -> None:
    """Have everybody told what follows from how it stands now.

    Only when it is `called` is anybody mailed for the first time: the coordinator has seen that they are.
    """
    now = joint_meeting_view(uow, joint_id)
    if now is None:
        return
    ahead = [r for r in reminders(now) if r.due_at is not None and r.due_at > uow.now]
    enqueue_outside_effects(uow, now.meeting.item, _people(now), *_messages(now, called=called), *ahead)


def refresh_joint_meetings(uow: UnitOfWork, team_id: str) -> None:
    """Have the joint meetings of a team follow what has changed of its coordinators, agencies and people.

    Of one that is called off or registered nobody is told anew: what stands of it is made current.
    """
    for meeting in uow.find(JointMeeting, team_id=team_id, purged_at=None):
        if meeting.live:
            enqueue_joint_effects(uow, meeting.id)
        elif (now := joint_meeting_view(uow, meeting.id)) is not None:
            enqueue_outside_effects(uow, meeting.item, _people(now))


def _people(now: JointMeetingView) -> list[str]:
    return [*now.coordinators, *(i.person_id for i in now.invited)]


def _messages(now: JointMeetingView, *, called: bool) -> Iterator[Notification]:
    meeting = now.meeting
    invites = meeting.cancelled_at is not None or (meeting.live and meeting.starts_at > now.at)
    yield from to_each(now.coordinators, Kind.JOINT_CALLED, meeting)
    for invitation in now.invited:
        if invites and now.on_slack(invitation):
            to = [invitation.person_id]
            # What is moved or called off is a new message, to be noticed.
            yield from to_each(to, Kind.JOINT_INVITED, meeting, Revision(meeting.sequence))
            yield from to_each(to, Kind.JOINT_ENTRY, meeting, Revision(meeting.asked_sequence))
        if now.entries_of(invitation) or (called and now.by_mail(invitation)):
            yield Notification(Kind.JOINT_MAIL, invitation.id, item=meeting.item)


def reminders(now: JointMeetingView) -> Iterator[Notification]:
    """Before it, to those who have not said that they stay away; the morning after, to the coordinators."""
    meeting, zone, rules = now.meeting, now.team.time_zone, now.team.rules
    if not meeting.live:
        return
    for invitation in now.invited:
        if invitation.comes is False or not now.on_slack(invitation):
            continue
        for hours in rules.lead_times:
            at = worktime.wall_clock_before(meeting.starts_at, zone, hours)
            if at > invitation.invited_at:
                yield from planned(
                    Kind.JOINT_SOON,
                    meeting.id,
                    [invitation.person_id],
                    at,
                    meeting.starts_at,
                    f"before{hours}",
                    item=meeting.item,
                )
    day = worktime.add_working_days(now.team.day_of(meeting.ends_at) + timedelta(days=1), 0)
    morning, to = now.team.morning(day), now.coordinators
    yield from planned(Kind.JOINT_REGISTER, meeting.id, to, morning, None, "register", item=meeting.item)
