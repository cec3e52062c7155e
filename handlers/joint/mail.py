"""Mail about a joint meeting: the entry in the calendar of somebody who is invited by mail alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from functools import partial

from bot.calendar.invite import PartStat
from bot.texts.words import words
from bot.usecases.joint.calendar import (
    OutgoingJointInvite,
    joint_invite_kept,
    joint_invite_refused,
    joint_invite_sent,
    next_joint_invite,
)
from bot.usecases.ports import Claim
from handlers.delivery.mail import MailDelivery, MailHandlers, place_of
from handlers.delivery.services import DeliveryServices

#: What a calendar is told of an answer: whether the person comes, None for not known.
_STANDS: Mapping[bool | None, PartStat] = {True: "ACCEPTED", False: "DECLINED", None: "NEEDS-ACTION"}


async def mail_joint_invites(services: DeliveryServices, claim: Claim) -> None:
    """Tell the calendar of somebody invited whatever it has not been told. Without a mail server, nothing."""
    if services.mail is None:
        return
    following = partial(next_joint_invite, invitation_id=claim.notification.subject)
    await services.mail.reconcile(
        MailHandlers(following, _invite, joint_invite_sent, joint_invite_kept, joint_invite_refused)
    )


def _invite(mails: MailDelivery, outgoing: OutgoingJointInvite) -> EmailMessage:
    """Word for word as a case's: neither topic nor agenda, since a mail cannot be taken back."""
    now, entry, meeting = outgoing.now, outgoing.entry, outgoing.now.meeting
    reader = words(now.persons[outgoing.invitation.person_id].language or now.team.language)
    comes = outgoing.invitation.comes
    invite = replace(
        mails.entry(reader, entry, now.team.time_zone),
        place=place_of(meeting) if not entry.cancelled else None,
        on_slack=False,
        answered=_STANDS[comes],
    )
    kind = "withdrawn" if entry.cancelled else "moved" if entry.sequence > 0 else "invited"
    if not entry.cancelled and comes is not None:
        kind = f"{kind}-confirmed" if comes else f"{kind}-unasked"
    return mails.invite(reader, entry, invite, reader(f"mail.{kind}"), now.team.rules)
