"""Take a sign-up that was given in a calendar: apply it, or hold it for the coordinators.

What is applied, and what is held, is decided as for a case's meeting (`bot.usecases.answer_by_calendar`).
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.calendar_reply import (
    Arrival,
    Bounced,
    Doubt,
    Held,
    PartStat,
    Reply,
    held_mark,
    not_from_them,
    not_of_now,
)
from bot.domain.errors import NotAllowed
from bot.domain.intents import Intent, Kind
from bot.domain.joint_meeting import JointEntry, JointInvitation
from bot.usecases.door import enter_joint_by_calendar
from bot.usecases.joint.joint_post import invited, joint_letter_refused
from bot.usecases.joint.standing import Gathering, settle
from bot.usecases.ports import UnitOfWork

#: «Tentative» is no answer, and takes an earlier one back.
_COMES = {PartStat.ACCEPTED: True, PartStat.DECLINED: False, PartStat.TENTATIVE: None}


def answer_joint_by_calendar(uow: UnitOfWork, arrival: Arrival) -> bool:
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
        joint_letter_refused(uow, entry.id, entry.sequence)
    elif isinstance(content, Held):
        theirs = arrival.sender == entry.address.lower()
        _hold(uow, now, invitation, content if theirs else replace(content, start=None))
    elif isinstance(content, Reply):
        doubt = _doubt(uow, now, invitation, entry, arrival, content)
        if doubt is not None:
            _hold(uow, now, invitation, Held(doubt, content.answer, uid=content.uid))
        else:
            _apply(uow, now, invitation, entry, content)
    return True


def _entry(uow: UnitOfWork, arrival: Arrival) -> JointEntry | None:
    """By the address that the mail came to, else by the entry that it names."""
    if arrival.token is not None:
        found = uow.find(JointEntry, token=arrival.token)
        if found:
            return found[0]
    return next(iter(uow.find(JointEntry, uid=arrival.uid)), None) if arrival.uid is not None else None


def _doubt(
    uow: UnitOfWork,
    now: Gathering,
    invitation: JointInvitation,
    entry: JointEntry,
    arrival: Arrival,
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
    uow: UnitOfWork, now: Gathering, invitation: JointInvitation, entry: JointEntry, reply: Reply
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
    settle(uow, now.meeting.id)


def _hold(uow: UnitOfWork, now: Gathering, invitation: JointInvitation, held: Held) -> None:
    """Tell the coordinators what was proposed and why it was not applied; the same only once an hour."""
    mark, matter = f"{held_mark(held, uow.now)}.{now.meeting.asked_sequence}", now.meeting.matter
    uow.enqueue(
        *(
            Intent(Kind.JOINT_HELD, invitation.id, recipient=to, once=True, mark=mark, matter=matter)
            for to in now.coordinators
        )
    )
