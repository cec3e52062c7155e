"""Call a joint meeting (fellesmøte), change it or call it off; say whether one comes; register who came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.calendar.entry import may_be_mailed
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.errors import AlreadyOver, Invalid, MovedSince, NotAllowed, NotYetBegun, Problem, TooLate
from bot.domain.guidance import Guidance
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.outside import delete_on
from bot.usecases.authorization import enter_asked, enter_team, enter_teams
from bot.usecases.joint.view import (
    JointMeetingView,
    enqueue_joint_effects,
    enter_joint,
    invite,
    joint_meeting_view,
)
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import FreeText, MeetingPlan, Warn, check_meeting, warnings

TOPIC = FreeText("a joint meeting's topic", 120)
#: So many themes are proposed.
MOST_PROPOSED = 5


@dataclass(frozen=True, slots=True)
class CallJoint:
    """A joint meeting as filled in; the plan's note is the agenda. `theme` is that of closed guidance."""

    team_id: str
    topic: str
    plan: MeetingPlan
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who would be invited for an agency.

    `written` tells whether the bot writes to them in Slack, `mailed` whether a mail is all that reaches them.
    """

    agency: Agency
    contact: Contact
    person: Person
    written: bool
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class JointReview:
    """The joint meeting as shown before anybody is told, and what to think of."""

    meeting: JointMeeting
    team: Team
    plan: MeetingPlan
    invitees: tuple[Invitee, ...]
    warnings: tuple[Warn, ...]


def see_joint(uow: UnitOfWork, actor: Person) -> list[tuple[Team, list[tuple[str, int]]]]:
    """The teams for which the person can call, each with the themes of guidance closed since it last met."""
    return [(team, proposed_themes(uow, team)) for team in enter_teams(uow, actor, Action.CALL_JOINT)]


def proposed_themes(uow: UnitOfWork, team: Team) -> list[tuple[str, int]]:
    """Themes of guidance that was closed after the last joint meeting began, the most frequent first."""
    called = [m for m in uow.find(JointMeeting, team_id=team.id) if m.cancelled_at is None]
    since: datetime | None = max((m.starts_at for m in called if m.starts_at <= uow.now), default=None)
    closed = [g for g in uow.find(Guidance, team_id=team.id) if g.closed_at is not None]
    counted = Counter(g.theme for g in closed if since is None or (g.closed_at or uow.now) > since)
    return counted.most_common(MOST_PROPOSED)


def review_joint(uow: UnitOfWork, actor: Person, command: CallJoint) -> JointReview:
    """Check what is filled in and name the humans who would be invited. Changes nothing."""
    team = enter_team(uow, actor, Action.CALL_JOINT, command.team_id)
    unknown = command.theme is not None and command.theme not in dict(proposed_themes(uow, team))
    wrong = [Problem("theme", "invalid.theme")] if unknown else []
    topic, plan = check_joint(uow, team, command.topic, command.theme, command.plan, *wrong)
    meeting = JointMeeting(
        id="",
        team_id=team.id,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        called_at=uow.now,
        called_by=actor.id,
        topic=topic,
        agenda=plan.note,
        place=plan.place,
        link=plan.link,
        theme=command.theme,
        delete_on=delete_on(team, plan.ends_at),
    )
    pointed_out = warnings(uow, team, plan, coordinator_id=actor.id)
    return JointReview(meeting, team, plan, tuple(_invitees(uow, team, actor)), pointed_out)


def check_joint(
    uow: UnitOfWork, team: Team, topic: str, theme: str | None, plan: MeetingPlan, *wrong: Problem
) -> tuple[str, MeetingPlan]:
    """Topic and plan, checked: a topic or a theme, and what every meeting must pass."""
    problems: list[Problem] = []
    topic = TOPIC.checked("topic", topic, uow.now, problems)
    if not problems and not topic and theme is None:
        problems.append(Problem("topic", "invalid.no-topic"))
    return topic, check_meeting(team, plan, uow.now, *wrong, *problems)


def call_joint(uow: UnitOfWork, actor: Person, command: CallJoint, review: JointReview) -> JointMeeting:
    """Call it, and invite every contact of every partner."""
    meeting = replace(review.meeting, id=uow.ids.new())
    uow.add(meeting)
    for each in review.invitees:
        invite(uow, meeting.id, each.agency.id, each.person.id)
    enqueue_joint_effects(uow, meeting.id, called=True)
    return meeting


def _invitees(uow: UnitOfWork, team: Team, actor: Person) -> list[Invitee]:
    """Every contact of every agency, each human once, but for the one who calls."""
    found: dict[str, Invitee] = {}
    agencies = {a.id: a for a in uow.find(Agency, team_id=team.id)}
    everybody = uow.find(Contact, agency_id=sorted(agencies)) if agencies else []
    for agency in uow.agencies(team.id):
        contacts = [c for c in uow.contacts(agency.id) if not c.waits]
        persons = {p.id: p for p in uow.find(Person, id=[c.person_id for c in contacts])} if contacts else {}
        for contact in contacts:
            person = persons.get(contact.person_id)
            if person is None or person.id == actor.id or person.id in found:
                continue
            if person.can_be_asked:
                written = person.on_slack and not agency.reached_by_coordinator
                mailed = not written and may_be_mailed(person, everybody, agencies)
                found[person.id] = Invitee(agency, contact, person, written, mailed)
    return list(found.values())


CALL_JOINT = ReviewedCommand(CallJoint, review_joint, call_joint)


@dataclass(frozen=True, slots=True)
class MoveJoint:
    """The joint meeting as it should be; the plan's note is the agenda."""

    joint_id: str
    topic: str
    plan: MeetingPlan


class Change(StrEnum):
    """The weightiest difference from before: it decides who is told, and how."""

    TIME = "time"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class MoveJointReview:
    """The change as shown before anything is sent. `now` is the meeting as it is now."""

    now: JointMeetingView
    topic: str
    plan: MeetingPlan
    change: Change
    warnings: tuple[Warn, ...]


def see_move(uow: UnitOfWork, actor: Person, joint_id: str) -> JointMeetingView:
    found = enter_joint(uow, actor, Action.MOVE_JOINT, joint_id)
    if found.meeting.ends_at <= uow.now:
        raise AlreadyOver
    return found


def review_move_joint(uow: UnitOfWork, actor: Person, command: MoveJoint) -> MoveJointReview:
    """Check what is filled in and name those who would be told. Changes nothing."""
    found = see_move(uow, actor, command.joint_id)
    topic, plan = check_joint(uow, found.team, command.topic, found.meeting.theme, command.plan)
    pointed_out = warnings(uow, found.team, plan, coordinator_id=actor.id, moved=found.meeting.id)
    return MoveJointReview(found, topic, plan, _change(found.meeting, plan), pointed_out)


def _change(meeting: JointMeeting, plan: MeetingPlan) -> Change:
    if (meeting.starts_at, meeting.ends_at) != (plan.starts_at, plan.ends_at):
        return Change.TIME
    return Change.PLACE if plan.differs_from(meeting) else Change.WORDS


def move_joint(uow: UnitOfWork, actor: Person, command: MoveJoint, review: MoveJointReview) -> JointMeeting:
    """Change it. Another time or place raises SEQUENCE (RFC 5546, 2.1.4); another time asks anew."""
    meeting, plan = review.now.meeting, review.plan
    sequence = meeting.sequence + (review.change is not Change.WORDS)
    moved = uow.change(
        meeting,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        link=plan.link,
        topic=review.topic,
        agenda=plan.note,
        sequence=sequence,
        asked_sequence=sequence if review.change is Change.TIME else meeting.asked_sequence,
        delete_on=delete_on(review.now.team, plan.ends_at),
    )
    if review.change is Change.TIME:
        for invitation in review.now.invited:
            uow.change(invitation, invited_at=uow.now, comes=None, answered_at=None)
    enqueue_joint_effects(uow, meeting.id)
    return moved


MOVE_JOINT = ReviewedCommand(MoveJoint, review_move_joint, move_joint)


def answer_joint(uow: UnitOfWork, actor: Person, joint_id: str, asked: int, *, comes: bool) -> None:
    """Sign up, or say that one stays away; it can be changed until the meeting begins.

    `asked` is the meeting's `asked_sequence` when they were asked: which time they answer.
    """
    found = enter_joint(uow, actor, Action.ANSWER_JOINT, joint_id)
    _give_answer(uow, found, found.invitation_of(actor.id), asked, comes=comes)


def _give_answer(
    uow: UnitOfWork,
    found: JointMeetingView,
    invitation: JointInvitation | None,
    asked: int,
    *,
    comes: bool,
) -> None:
    """Record an answer to the time that was asked about, until the meeting begins."""
    if invitation is None:
        raise NotAllowed
    if found.meeting.asked_sequence != asked:
        raise MovedSince
    if found.meeting.starts_at <= uow.now:
        raise TooLate
    uow.change(invitation, comes=comes, answered_at=uow.now)
    enqueue_joint_effects(uow, found.meeting.id)


def coming_joint(uow: UnitOfWork, actor: Person) -> list[JointMeetingView]:
    """The joint meetings ahead of the teams whose partner the person is a contact of, soonest first.

    To anybody else there are none, nor to whom the bot does not write for a sheltering agency.
    """
    enter_asked(uow, actor, Action.SEE_JOINT)
    ahead = (m for m in uow.find(JointMeeting, purged_at=None) if m.live and m.starts_at > uow.now)
    found = (joint_meeting_view(uow, m.id) for m in sorted(ahead, key=lambda m: (m.starts_at, m.id)))
    return [now for now in found if now is not None and agency_to_join(now, actor.id) is not None]


def agency_to_join(now: JointMeetingView, person_id: str) -> str | None:
    """Return for which agency a person can come: the one they are invited for, else the first of theirs."""
    own = now.invitation_of(person_id)
    theirs = [
        c.agency_id
        for c in now.contacts
        if c.person_id == person_id
        and not (c.retired or c.waits)
        and not now.agencies[c.agency_id].retired
        and not now.agencies[c.agency_id].reached_by_coordinator
    ]
    return own.agency_id if own is not None and own.agency_id in theirs else next(iter(theirs), None)


def join_joint(uow: UnitOfWork, actor: Person, joint_id: str, asked: int) -> None:
    """Sign up without having been invited: whoever is a contact of a partner by now."""
    found = enter_joint(uow, actor, Action.JOIN_JOINT, joint_id, is_theirs=_may_join)
    _give_answer(uow, found, _invited(uow, actor, found), asked, comes=True)


def _invited(uow: UnitOfWork, actor: Person, found: JointMeetingView) -> JointInvitation | None:
    """Their own invitation, if need be a new one for an agency of theirs."""
    known, agency_id = found.invitation_of(actor.id), agency_to_join(found, actor.id)
    if known is not None or agency_id is None:
        return known
    return invite(uow, found.meeting.id, agency_id, actor.id)


def _may_join(now: JointMeetingView, person_id: str) -> bool:
    return agency_to_join(now, person_id) is not None


def cancel_joint(uow: UnitOfWork, actor: Person, joint_id: str) -> None:
    """Call it off: those who are invited are told, and the entry is taken away."""
    found = enter_joint(uow, actor, Action.CANCEL_JOINT, joint_id)
    meeting = found.meeting
    uow.change(
        meeting,
        cancelled_at=uow.now,
        sequence=meeting.sequence + 1,
        delete_on=delete_on(found.team, uow.now),
    )
    enqueue_joint_effects(uow, meeting.id)


def see_register(uow: UnitOfWork, actor: Person, joint_id: str) -> JointMeetingView:
    found = enter_joint(uow, actor, Action.REGISTER_JOINT, joint_id)
    if found.meeting.starts_at > uow.now:
        raise NotYetBegun
    return found


def register_joint(uow: UnitOfWork, actor: Person, joint_id: str, *, came: tuple[str, ...]) -> None:
    """Keep who came (ids of invitations): who they were until the meeting is deleted, how many for good."""
    found = see_register(uow, actor, joint_id)
    if not set(came) <= {i.id for i in found.invited}:
        raise Invalid(Problem("came", "invalid.attendance"))
    for invitation in found.invited:
        uow.change(invitation, came=invitation.id in came)
    uow.change(found.meeting, registered_at=uow.now, number_came=len(set(came)))
    enqueue_joint_effects(uow, found.meeting.id)
