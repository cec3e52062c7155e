"""Say whether one comes to a joint meeting; call it off, or register who came."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, MovedSince, NotAllowed, NotYetBegun, Problem, TooLate
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.outside import delete_on
from bot.usecases.authorization import enter_asked
from bot.usecases.joint.view import (
    JointMeetingView,
    enqueue_joint_effects,
    enter_joint,
    invite,
    joint_meeting_view,
    lock_joint,
)
from bot.usecases.ports import UnitOfWork


def answer_joint(uow: UnitOfWork, actor: Person, joint_id: str, asked: int, *, comes: bool) -> None:
    """Sign up, or say that one stays away; it can be changed until the meeting begins.

    `asked` is the meeting's `asked_sequence` when they were asked: which time they answer.
    """
    lock_joint(uow, joint_id)
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
    lock_joint(uow, joint_id)
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


def see_cancelling(uow: UnitOfWork, actor: Person, joint_id: str) -> JointMeetingView:
    return enter_joint(uow, actor, Action.CANCEL_JOINT, joint_id)


def cancel_joint(uow: UnitOfWork, actor: Person, joint_id: str) -> None:
    """Call it off: those who are invited are told, and the entry is taken away."""
    lock_joint(uow, joint_id)
    found = see_cancelling(uow, actor, joint_id)
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
    lock_joint(uow, joint_id)
    found = see_register(uow, actor, joint_id)
    if not set(came) <= {i.id for i in found.invited}:
        raise Invalid(Problem("came", "invalid.attendance"))
    for invitation in found.invited:
        uow.change(invitation, came=invitation.id in came)
    uow.change(found.meeting, registered_at=uow.now, number_came=len(set(came)))
    enqueue_joint_effects(uow, found.meeting.id)
