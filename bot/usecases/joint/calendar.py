"""Joint meetings by mail: what leaves, and the sign-ups that come back from calendars."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.domain.access import Action, rights_by_mail
from bot.domain.calendar.reply import (
    Doubt,
    HeldReply,
    IncomingMail,
    PartStat,
    Reply,
    Trust,
    judged,
    not_of_now,
    not_vouched,
    replied,
)
from bot.domain.case.calendar import Trouble
from bot.domain.errors import NotAllowed
from bot.domain.joint import JointEntry, JointInvitation
from bot.domain.notifications import Kind, Notification
from bot.usecases.authorization import may_by_calendar
from bot.usecases.calendar import (
    MailedItem,
    Outgoing,
    entry_answered,
    hold,
    mark_kept,
    mark_refused,
    mark_sent,
    next_mail,
)
from bot.usecases.joint.view import JointMeetingView, enqueue_joint_effects, joint_meeting_view
from bot.usecases.outside import to_each
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class OutgoingJointInvite(Outgoing[JointEntry]):
    now: JointMeetingView
    invitation: JointInvitation


def next_joint_invite(uow: UnitOfWork, invitation_id: str) -> OutgoingJointInvite | None:
    """`next_mail` for somebody invited. Another place does not ask them anew."""
    found = invited(uow, invitation_id)
    if found is None:
        return None
    now, invitation = found
    item = MailedItem(
        invitation,
        now.entries_of(invitation),
        now.due(invitation),
        partial(JointEntry, joint_id=now.meeting.id, invitation_id=invitation.id),
        file_sequence=now.meeting.asked_sequence,
        asked_at=invitation.invited_at,
    )
    mail = next_mail(uow, item)
    return OutgoingJointInvite(*mail, now, invitation) if mail is not None else None


def invited(uow: UnitOfWork, invitation_id: str) -> tuple[JointMeetingView, JointInvitation] | None:
    """An invitation in its joint meeting, which nobody else changes until this transaction ends."""
    stored = uow.get(JointInvitation, invitation_id)
    if stored is None:
        return None
    now = joint_meeting_view(uow, stored.joint_id)
    invitation = next((i for i in now.invited if i.id == invitation_id), None) if now is not None else None
    return None if now is None or invitation is None else (now, invitation)


def joint_invite_sent(uow: UnitOfWork, mail: OutgoingJointInvite) -> None:
    entry = mark_sent(uow, mail.entry)
    if entry is not None:
        _tell(uow, mail.now, about_mail=entry.trouble is not None)


def joint_invite_kept(uow: UnitOfWork, mail: OutgoingJointInvite, trouble: Trouble) -> None:
    if mark_kept(uow, mail, trouble) is not None:
        _tell(uow, mail.now, about_mail=True)


def joint_invite_refused(uow: UnitOfWork, entry_id: str, sequence: int) -> None:
    """The address is refused for good: the person has to be rung, and the coordinators are told."""
    entry = mark_refused(uow, JointEntry, entry_id, sequence)
    now = joint_meeting_view(uow, entry.joint_id) if entry is not None else None
    if now is not None:
        _tell(uow, now, about_mail=True)


def _tell(uow: UnitOfWork, now: JointMeetingView, *, about_mail: bool) -> None:
    kinds = (Kind.JOINT_CALLED, Kind.JOINT_POST) if about_mail else (Kind.JOINT_CALLED,)
    for kind in kinds:
        uow.enqueue(*to_each(now.coordinators, kind, now.meeting))


#: «Tentative» is no answer, and takes an earlier one back.
_COMES = {PartStat.ACCEPTED: True, PartStat.DECLINED: False, PartStat.TENTATIVE: None}


def answer_joint_by_calendar(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Do what one mail asks for. False: it is about no joint meeting."""
    entry = entry_answered(uow, JointEntry, arrival)
    if entry is None:
        return False
    found = invited(uow, entry.invitation_id)
    if found is not None:
        now, invitation = found
        content = judged(arrival, entry, partial(_doubt, uow, now, invitation, entry, arrival.trust))
        if isinstance(content, HeldReply):
            told = (
                Notification(Kind.JOINT_HELD, invitation.id, recipient=to, item=now.meeting.item)
                for to in now.coordinators
            )
            hold(uow, entry, content, now.meeting.asked_sequence, told)
        elif isinstance(content, Reply):
            _apply(uow, now, invitation, entry, content)
    return True


def _doubt(
    uow: UnitOfWork,
    now: JointMeetingView,
    invitation: JointInvitation,
    entry: JointEntry,
    trust: Trust,
    reply: Reply,
) -> Doubt | None:
    """Return why this answer, which says it is theirs, cannot be applied by itself."""
    unsure = not_vouched(trust)
    if unsure is not None:
        return unsure
    if not _may(uow, now, invitation, entry, acts=False):
        return Doubt.NO_LONGER_ASKED
    return not_of_now(reply, entry, now.due(invitation), invitation.answered_at, uow.now)


def _may(
    uow: UnitOfWork, now: JointMeetingView, invitation: JointInvitation, entry: JointEntry, *, acts: bool
) -> bool:
    rights = rights_by_mail(stands=now.stands(invitation, entry))
    owner = invitation.person_id
    return may_by_calendar(uow, Action.ANSWER_JOINT_BY_CALENDAR, rights, owner, None, acts=acts)


def _apply(
    uow: UnitOfWork, now: JointMeetingView, invitation: JointInvitation, entry: JointEntry, reply: Reply
) -> None:
    if not _may(uow, now, invitation, entry, acts=True):
        raise NotAllowed
    comes = _COMES[reply.answer]
    uow.change(entry, **replied(reply, uow.now))
    uow.change(invitation, comes=comes, answered_at=None if comes is None else uow.now)
    enqueue_joint_effects(uow, now.meeting.id)
