"""The door of the calendar to a joint meeting: an answer that comes by mail counts, or it does not."""

from __future__ import annotations

from bot.domain import access
from bot.domain.access import Action
from bot.domain.audit import Entry, Event, done
from bot.domain.joint_meeting import JointEntry, JointInvitation
from bot.usecases.joint.standing import Gathering
from bot.usecases.ports import UnitOfWork


def may_joint_by_calendar(
    uow: UnitOfWork, now: Gathering, invitation: JointInvitation, entry: JointEntry
) -> bool:
    """Whether an answer to this entry counts. If not, that is logged."""
    if access.allows(Action.ANSWER_JOINT_BY_CALENDAR, _rights(now, invitation, entry)):
        return True
    uow.audit(Entry(Event.REFUSED, invitation.person_id))
    return False


def enter_joint_by_calendar(
    uow: UnitOfWork, now: Gathering, invitation: JointInvitation, entry: JointEntry
) -> None:
    """Let whoever is invited answer so, of which `may_joint_by_calendar` has said that it counts."""
    action = Action.ANSWER_JOINT_BY_CALENDAR
    right = access.under(action, _rights(now, invitation, entry))
    uow.audit(Entry(done(action), invitation.person_id, right=right))


def _rights(now: Gathering, invitation: JointInvitation, entry: JointEntry) -> frozenset[access.Right]:
    stands = now.meeting.live and not entry.cancelled and now.by_mail(invitation)
    return access.rights_by_joint_calendar(stands=stands)
