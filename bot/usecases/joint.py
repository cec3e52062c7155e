"""Joint meetings (fellesmøter): called, changed, called off; who comes, in Slack and by mail; who came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from bot.domain.access import Action, rights_outside
from bot.domain.calendar.entry import CalendarUpdate
from bot.domain.calendar.reply import IncomingMail, PartStat
from bot.domain.case.calendar import Post, Trouble
from bot.domain.case.entities import Answer
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.errors import Invalid, Problem, Refusal, Refused, refuse
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting, JointMeetingView, standing
from bot.domain.notifications import Kind, Notification
from bot.domain.outside import delete_on, to_each
from bot.usecases.authorization import enter_asked, enter_team
from bot.usecases.calendar import MailedItem, Outgoing, entry_answered, mark, next_mail, reply_to_apply
from bot.usecases.outside import enqueue_outside_effects, people_of, with_team
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import FreeText, MeetingPlan, Warn, check_meeting, check_unmoved, warnings

_CHANGES = (Action.MOVE_JOINT, Action.CANCEL_JOINT)
TOPIC = FreeText("a joint meeting's topic", 120, empty="invalid.nothing-written")


def joint_meeting_view(uow: UnitOfWork, joint_id: str) -> JointMeetingView | None:
    """The joint meeting as this transaction sees it; None if there is none, or it is purged."""
    found = with_team(uow, JointMeeting, joint_id)
    return None if found is None else _view(uow, *found, uow.find(JointInvitation, joint_id=joint_id))


def _view(
    uow: UnitOfWork, meeting: JointMeeting, team: Team, invited: Iterable[JointInvitation]
) -> JointMeetingView:
    """A joint meeting with those invited in the order of their agencies."""
    agencies = {a.id: a for a in uow.find(Agency, team_id=team.id)}
    contacts = tuple(uow.find(Contact, agency_id=sorted(agencies)))

    def place(invitation: JointInvitation) -> tuple[bool, str, str]:
        agency = agencies[invitation.agency_id]
        return not agency.core, agency.shown_name.casefold(), invitation.id

    ordered = tuple(sorted(invited, key=place))
    people = people_of(uow, team.id, *meeting.people, *(i.person_id for i in ordered))
    entries = tuple(uow.find(JointEntry, joint_id=meeting.id))
    return JointMeetingView(uow.now, meeting, team, ordered, agencies, contacts, *people, entries)


def enter_joint(uow: UnitOfWork, actor: Person, action: Action, joint_id: str) -> JointMeetingView:
    """Let a coordinator of its team, or somebody invited whom the bot writes to, do `action` with it.

    It is changed or called off until it is over, and registered once it has begun.
    """
    found = joint_meeting_view(uow, joint_id)
    own = found is not None and found.invitation_on_slack(actor.id) is not None
    enter_asked(uow, actor, action, found.team.id if found is not None else None, own=own)
    if found is None or not found.meeting.live:
        raise Refused(Refusal.ALREADY_CLOSED)
    over, ahead = found.meeting.ends_at <= uow.now, found.meeting.starts_at > uow.now
    if (over and action in _CHANGES) or (ahead and action is Action.REGISTER_JOINT):
        raise Refused(Refusal.NO_LONGER_ASKED)
    return found


# --- who is told what


def enqueue_joint_effects(uow: UnitOfWork, joint_id: str, *, called: bool = False) -> None:
    """Enqueue what follows from the current state of a joint meeting.

    People get their first mail only when it is `called`: then the coordinator has seen who is mailed.
    """
    now = joint_meeting_view(uow, joint_id)
    if now is not None:
        told = (each for each in standing(now) if _is_news(now, each))
        mails = (
            Notification(Kind.JOINT_MAIL, invitation.id, item=now.meeting.item)
            for invitation in now.invited
            if now.entries_of(invitation) or (called and now.by_mail(invitation))
        )
        people = [*now.coordinators, *(i.person_id for i in now.invited)]
        enqueue_outside_effects(uow, now.meeting.item, people, *told, *mails)


def _is_news(now: JointMeetingView, told: Notification) -> bool:
    """Return whether a notification may still be sent for the first time.

    A meeting that has begun sends no invitations. One that is called off or registered sends nothing, except
    that it has just been called off.
    """
    meeting = now.meeting
    if not meeting.live:
        return meeting.cancelled_at == now.at
    if told.due_at is not None:
        return told.due_at > now.at
    return told.kind not in (Kind.JOINT_INVITED, Kind.JOINT_ENTRY) or meeting.starts_at > now.at


def refresh_joint_meetings(uow: UnitOfWork, team_id: str) -> None:
    """Update the joint meetings of a team after a change of its coordinators, agencies or people."""
    for meeting in uow.find(JointMeeting, team_id=team_id, purged_at=None):
        enqueue_joint_effects(uow, meeting.id)


# --- called, changed, called off, registered


@dataclass(frozen=True, slots=True)
class PlanJoint:
    """A joint meeting as filled in: a new one of the team, or the changed one with `joint_id`.

    It is changed as it is at `sequence`. The plan's note is the agenda.
    """

    team_id: str = ""
    joint_id: str = ""
    sequence: int = 0
    _: KW_ONLY
    topic: str
    plan: MeetingPlan


class Change(StrEnum):
    """The most important change: it decides who is told, and how."""

    CALLED = "called"
    TIME = "time"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class JointReview:
    """A joint meeting as shown before anybody is told: whom it invites, and what to think of.

    `now` is the meeting as it is, `changes` are its new values.
    """

    now: JointMeetingView
    changes: dict[str, Any]
    change: Change
    warnings: tuple[Warn, ...]

    @property
    def planned(self) -> JointMeetingView:
        """The meeting as it would be."""
        return replace(self.now, meeting=replace(self.now.meeting, **self.changes))


def review_joint(uow: UnitOfWork, actor: Person, command: PlanJoint) -> JointReview:
    """Check what is filled in and name those who would be invited or told. Changes nothing."""
    problems: list[Problem] = []
    if command.joint_id:
        now = enter_joint(uow, actor, Action.MOVE_JOINT, command.joint_id)
        check_unmoved(now.meeting, command.sequence)
    else:
        now = _uncalled(uow, actor, command)
    before, team = now.meeting, now.team
    topic = TOPIC.checked("topic", command.topic, uow.now, problems)
    plan = check_meeting(team, command.plan, uow.now, *problems)
    change = _change(before, plan) if command.joint_id else Change.CALLED
    sequence = before.sequence + (change in (Change.TIME, Change.PLACE))
    changes = {
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "place": plan.place,
        "link": plan.link,
        "topic": topic,
        "agenda": plan.note,
        "sequence": sequence,
        "asked_sequence": sequence if change is Change.TIME else before.asked_sequence,
        "delete_on": delete_on(team, plan.ends_at),
    }
    pointed_out = warnings(uow, team, plan, coordinator_id=actor.id, moved=before.id)
    return JointReview(now, changes, change, pointed_out)


def _uncalled(uow: UnitOfWork, actor: Person, command: PlanJoint) -> JointMeetingView:
    """A joint meeting that is not called yet, with everybody who would be invited."""
    team, plan = enter_team(uow, actor, Action.CALL_JOINT, command.team_id), command.plan
    facts = (team.id, plan.starts_at, plan.ends_at, uow.now, actor.id)
    meeting = JointMeeting("", *facts, topic="", agenda="")
    invited: dict[str, JointInvitation] = {}
    for agency in uow.agencies(team.id):
        for contact in uow.contacts(agency.id):
            if not contact.waits and contact.person_id != actor.id:
                each = JointInvitation("", "", agency.id, contact.person_id, "", uow.now)
                invited.setdefault(contact.person_id, each)
    now = _view(uow, meeting, team, invited.values())
    reachable = {id for id, person in now.persons.items() if person.can_be_asked}
    return replace(now, invited=tuple(i for i in now.invited if i.person_id in reachable))


def _change(meeting: JointMeeting, plan: MeetingPlan) -> Change:
    if (meeting.starts_at, meeting.ends_at) != (plan.starts_at, plan.ends_at):
        return Change.TIME
    return Change.PLACE if plan.differs_from(meeting) else Change.WORDS


def plan_joint(uow: UnitOfWork, actor: Person, command: PlanJoint, review: JointReview) -> JointMeeting:
    """Call a joint meeting, and invite every contact of every partner; or change it.

    Another time or place raises SEQUENCE (RFC 5546, 2.1.4); another time asks everybody again.
    """
    if review.change is Change.CALLED:
        meeting = replace(review.planned.meeting, id=uow.ids.new())
        uow.add(meeting)
        for each in review.now.invited:
            uow.add(replace(each, id=uow.ids.new(), joint_id=meeting.id, uid=uow.ids.uid()))
    else:
        meeting = uow.change(review.now.meeting, **review.changes)
    if review.change is Change.TIME:
        for invitation in review.now.invited:
            uow.change(invitation, invited_at=uow.now, comes=None, answered_at=None)
    enqueue_joint_effects(uow, meeting.id, called=review.change is Change.CALLED)
    return meeting


PLAN_JOINT = ReviewedCommand(PlanJoint, review_joint, plan_joint)


def cancel_joint(uow: UnitOfWork, actor: Person, joint_id: str, sequence: int) -> None:
    """Call a joint meeting off: the people invited are told, and their calendar entries are removed."""
    found = enter_joint(uow, actor, Action.CANCEL_JOINT, joint_id)
    meeting, deletion = found.meeting, delete_on(found.team, uow.now)
    check_unmoved(meeting, sequence)
    uow.change(meeting, cancelled_at=uow.now, sequence=meeting.sequence + 1, delete_on=deletion)
    enqueue_joint_effects(uow, meeting.id)


def register_joint(uow: UnitOfWork, actor: Person, joint_id: str, *, came: tuple[str, ...]) -> None:
    """Keep how many of the people invited came (`came`: ids of invitations), not who."""
    found = enter_joint(uow, actor, Action.REGISTER_JOINT, joint_id)
    if not set(came) <= {i.id for i in found.invited}:
        raise Invalid(Problem("came", "invalid.attendance"))
    uow.change(found.meeting, registered_at=uow.now, number_came=len(set(came)))
    enqueue_joint_effects(uow, found.meeting.id)


# --- who comes


def answer_joint(uow: UnitOfWork, actor: Person, joint_id: str, asked: int, *, comes: bool) -> None:
    """Say that one comes, or stays away; it can be changed until the meeting begins.

    `asked` is the meeting's `asked_sequence` when they were asked: it tells which time they answer.
    """
    found = enter_joint(uow, actor, Action.ANSWER_JOINT, joint_id)
    if found.meeting.asked_sequence != asked:
        raise Refused(Refusal.MOVED)
    if found.meeting.starts_at <= uow.now:
        raise Refused(Refusal.TOO_LATE)
    invitation = found.invitation_of(actor.id) or refuse(Refusal.NOT_ALLOWED)
    uow.change(invitation, comes=comes, answered_at=uow.now)
    enqueue_joint_effects(uow, joint_id)


# --- by mail


def next_joint_invite(uow: UnitOfWork, of: Notification) -> Outgoing[JointEntry] | None:
    """`next_mail` for an invitation, the subject of `of`."""
    found = _invitation(uow, of.subject)
    return next_mail(uow, _item(*found)) if found is not None else None


def _invitation(uow: UnitOfWork, invitation_id: str) -> tuple[JointMeetingView, JointInvitation] | None:
    """An invitation with its joint meeting, which is locked until this transaction ends."""
    stored = uow.get(JointInvitation, invitation_id)
    if stored is None:
        return None
    now = joint_meeting_view(uow, stored.joint_id)
    invitation = now.invitation_of(stored.person_id) if now is not None else None
    return None if now is None or invitation is None else (now, invitation)


_ANSWERS: Mapping[bool | None, Answer | None] = {True: Answer.CONFIRMED, False: Answer.DECLINED, None: None}


def _item(now: JointMeetingView, invitation: JointInvitation) -> MailedItem[JointEntry]:
    meeting, person = now.meeting, now.persons.get(invitation.person_id)
    belongs = meeting.live and now.by_mail(invitation)
    held = Notification(Kind.JOINT_HELD, invitation.id, item=meeting.item)
    return MailedItem(
        invitation,
        meeting,
        now.team,
        now.entries_of(invitation),
        CalendarUpdate(
            belongs,
            person.work_mail if person is not None else None,
            meeting.sequence,
            meeting.starts_at,
            meeting.ends_at,
            meeting.registered_at is not None,
            wanted=invitation.comes is not False,
        ),
        partial(JointEntry, joint_id=meeting.id, invitation_id=invitation.id),
        Action.ANSWER_JOINT,
        lambda entry: rights_outside(invited=belongs and not entry.cancelled),
        [replace(held, recipient=to) for to in now.coordinators],
        sequence=meeting.asked_sequence,
        language=(person.language if person is not None else None) or now.team.language,
        alone=True,
        answer=_ANSWERS[invitation.comes],
        answered_at=invitation.answered_at,
    )


def joint_invite_concluded(
    uow: UnitOfWork, mail: Outgoing[JointEntry], post: Post, trouble: Trouble | None
) -> None:
    """Note the outcome of a mail, and show it to the coordinators, who ring people that are not reached."""
    entry = mark(uow, mail, post, trouble)
    now = joint_meeting_view(uow, entry.joint_id) if entry is not None else None
    if now is not None:
        uow.enqueue(*to_each(now.coordinators, Kind.JOINT_CALLED, now.meeting))


#: «Tentative» is not an answer, and takes an earlier one back.
_COMES = {PartStat.ACCEPTED: True, PartStat.DECLINED: False, PartStat.TENTATIVE: None}


def answer_joint_by_calendar(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Process one mail. Return False if it is not about a joint meeting."""
    entry = entry_answered(uow, JointEntry, arrival)
    if entry is None:
        return False
    found = _invitation(uow, entry.invitation_id)
    reply = reply_to_apply(uow, arrival, entry, _item(*found)) if found is not None else None
    if found is not None and reply is not None:
        comes = _COMES[reply.answer]
        uow.change(found[1], comes=comes, answered_at=None if comes is None else uow.now)
        enqueue_joint_effects(uow, entry.joint_id)
    return True
