"""Joint meetings by mail: what leaves, and the sign-ups that come back from calendars."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.calendar.entry import CalendarStep, about_to_leave, noted_trouble, step_of
from bot.domain.calendar.reply import (
    Bounced,
    Doubt,
    HeldReply,
    IncomingMail,
    PartStat,
    Reply,
    held_answer,
    not_from_them,
    not_of_now,
)
from bot.domain.case.calendar import Post, Trouble
from bot.domain.errors import NotAllowed
from bot.domain.joint import JointEntry, JointInvitation
from bot.domain.notifications import Kind, Notification
from bot.usecases.authorization import enter_joint_by_calendar
from bot.usecases.calendar.delivery import TOKEN_LENGTH, uid_of_new
from bot.usecases.joint.view import JointMeetingView, enqueue_joint_effects, joint_meeting_view, lock_joint
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class OutgoingJointInvite:
    """One mail that has to leave now: the entry as it will be told, and what it is about.

    `fresh` is false when an earlier attempt may have got through.
    """

    now: JointMeetingView
    invitation: JointInvitation
    entry: JointEntry
    fresh: bool


def next_joint_invite(uow: UnitOfWork, invitation_id: str) -> OutgoingJointInvite | None:
    """Write down what is about to be sent to somebody invited, and hand it out; None when nothing is.

    What is handed out may have left from here on, whatever happens to this process.
    """
    found = invited(uow, invitation_id)
    while found is not None:
        now, invitation = found
        step = step_of(
            now.entries_of(invitation), now.due(invitation), uow.now, wanted=invitation.comes is not False
        )
        if step is None:
            return None
        what, entry = step
        if what is CalendarStep.DROP and entry is not None:
            uow.remove(entry)
            found = invited(uow, invitation_id)
            continue
        fresh = what is not CalendarStep.SEND or entry is None or entry.post is Post.WAITING
        return OutgoingJointInvite(now, invitation, _written(uow, now, invitation, what, entry), fresh)
    return None


def invited(uow: UnitOfWork, invitation_id: str) -> tuple[JointMeetingView, JointInvitation] | None:
    """An invitation in its joint meeting, which nobody else changes until this transaction ends."""
    stored = uow.get(JointInvitation, invitation_id)
    if stored is None:
        return None
    lock_joint(uow, stored.joint_id)
    now = joint_meeting_view(uow, stored.joint_id)
    invitation = next((i for i in now.invited if i.id == invitation_id), None) if now is not None else None
    return None if now is None or invitation is None else (now, invitation)


def _written(
    uow: UnitOfWork,
    now: JointMeetingView,
    invitation: JointInvitation,
    step: CalendarStep,
    entry: JointEntry | None,
) -> JointEntry:
    meeting = now.meeting
    if entry is not None:
        told = meeting.sequence, meeting.starts_at, meeting.ends_at
        asks_again = (
            step is CalendarStep.CANCEL or (entry.replied_at or entry.made_at) < invitation.invited_at
        )
        return uow.change(entry, **about_to_leave(entry, step, *told, uow.now, asks_again=asks_again))
    entry = JointEntry(
        id=uow.ids.new(),
        joint_id=meeting.id,
        invitation_id=invitation.id,
        address=now.persons[invitation.person_id].work_mail or "",
        uid=uid_of_new(
            uow, invitation, first=not now.entries_of(invitation), sequence=meeting.asked_sequence
        ),
        token=uow.ids.uid()[:TOKEN_LENGTH],
        made_at=uow.now,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        stamped_at=uow.now,
        ask_sequence=meeting.sequence,
        post=Post.LEAVING,
    )
    uow.add(entry)
    return entry


def joint_invite_sent(uow: UnitOfWork, letter: OutgoingJointInvite) -> None:
    """The mail server has taken it."""
    entry = _as_it_was(uow, letter.entry.id, letter.entry.sequence)
    if entry is not None:
        uow.change(entry, post=Post.SENT, trouble=None)
        _tell(uow, letter.now, about_post=entry.trouble is not None)


def joint_invite_kept(uow: UnitOfWork, letter: OutgoingJointInvite, trouble: Trouble) -> None:
    """This attempt has surely not left, and is to be made again; told, unless it may be a passing matter."""
    entry = _as_it_was(uow, letter.entry.id, letter.entry.sequence)
    if entry is None:
        return
    noted = noted_trouble(entry, trouble, uow.now)
    uow.change(entry, post=Post.WAITING if letter.fresh else Post.LEAVING, trouble=noted)
    if noted is not entry.trouble:
        _tell(uow, letter.now, about_post=True)


def joint_invite_refused(uow: UnitOfWork, entry_id: str, sequence: int) -> None:
    """The address is refused for good: the person has to be rung, and the coordinators are told."""
    entry = _as_it_was(uow, entry_id, sequence)
    now = joint_meeting_view(uow, entry.joint_id) if entry is not None else None
    if entry is None or now is None or entry.post is Post.REFUSED:
        return
    uow.change(entry, post=Post.REFUSED, trouble=None)
    _tell(uow, now, about_post=True)


def _as_it_was(uow: UnitOfWork, entry_id: str, sequence: int) -> JointEntry | None:
    entry = uow.get(JointEntry, entry_id)
    return entry if entry is not None and entry.sequence == sequence else None


def _tell(uow: UnitOfWork, now: JointMeetingView, *, about_post: bool) -> None:
    kinds = (Kind.JOINT_CALLED, Kind.JOINT_POST) if about_post else (Kind.JOINT_CALLED,)
    meeting = now.meeting
    uow.enqueue(
        *(
            Notification(kind, meeting.id, recipient=person_id, item=meeting.item)
            for kind in kinds
            for person_id in now.coordinators
        )
    )


#: «Tentative» is no answer, and takes an earlier one back.
_COMES = {PartStat.ACCEPTED: True, PartStat.DECLINED: False, PartStat.TENTATIVE: None}


def answer_joint_by_calendar(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Do what one mail asks for. False: it is about no joint meeting."""
    entry = _entry(uow, arrival)
    if entry is None:
        return False
    found = invited(uow, entry.invitation_id)
    content = arrival.content
    if found is None:
        return True
    now, invitation = found
    if isinstance(content, Bounced):
        joint_invite_refused(uow, entry.id, entry.sequence)
    elif isinstance(content, HeldReply):
        theirs = arrival.sender == entry.address.lower()
        _hold(uow, now, invitation, content if theirs else replace(content, start=None))
    elif isinstance(content, Reply):
        doubt = _doubt(uow, now, invitation, entry, arrival, content)
        if doubt is not None:
            _hold(uow, now, invitation, HeldReply(doubt, content.answer, uid=content.uid))
        else:
            _apply(uow, now, invitation, entry, content)
    return True


def _entry(uow: UnitOfWork, arrival: IncomingMail) -> JointEntry | None:
    """By the address that the mail came to, else by the entry that it names."""
    if arrival.token is not None:
        found = uow.find(JointEntry, token=arrival.token)
        if found:
            return found[0]
    return next(iter(uow.find(JointEntry, uid=arrival.uid)), None) if arrival.uid is not None else None


def _doubt(
    uow: UnitOfWork,
    now: JointMeetingView,
    invitation: JointInvitation,
    entry: JointEntry,
    arrival: IncomingMail,
    reply: Reply,
) -> Doubt | None:
    """Why this answer cannot be applied by itself."""
    doubt = not_from_them(arrival, reply, entry)
    stands = now.stands(invitation, entry)
    if doubt is None and not enter_joint_by_calendar(uow, invitation.person_id, stands=stands, acts=False):
        doubt = Doubt.NO_LONGER_ASKED
    return doubt or not_of_now(
        reply,
        entry,
        asked=now.meeting.sequence,
        starts_at=now.meeting.starts_at,
        answered_at=invitation.answered_at,
        now=uow.now,
    )


def _apply(
    uow: UnitOfWork, now: JointMeetingView, invitation: JointInvitation, entry: JointEntry, reply: Reply
) -> None:
    stands = now.stands(invitation, entry)
    if not enter_joint_by_calendar(uow, invitation.person_id, stands=stands, acts=True):
        raise NotAllowed
    comes = _COMES[reply.answer]
    uow.change(
        entry,
        reply_sequence=reply.sequence,
        reply_stamp=reply.stamp,
        replied_at=uow.now,
        tentative=reply.answer is PartStat.TENTATIVE,
    )
    uow.change(invitation, comes=comes, answered_at=None if comes is None else uow.now)
    enqueue_joint_effects(uow, now.meeting.id)


def _hold(uow: UnitOfWork, now: JointMeetingView, invitation: JointInvitation, held: HeldReply) -> None:
    """Tell the coordinators what was proposed and why it was not applied; the same only once an hour."""
    params = held_answer(held, now.meeting.asked_sequence, uow.now)
    uow.enqueue(
        *(
            Notification(Kind.JOINT_HELD, invitation.id, recipient=to, params=params, item=now.meeting.item)
            for to in now.coordinators
        )
    )
