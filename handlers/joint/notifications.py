"""Notifications of a joint meeting: to the coordinators, to those invited, to calendars."""

from __future__ import annotations

from bot.domain.joint import JointInvitation
from bot.domain.notifications import HeldAnswer, Kind, Revision
from bot.usecases.joint.view import JointMeetingView, joint_meeting_view, reminders
from handlers.blocks.context import File, Message, PersonRenderContext
from handlers.delivery.declarations import ItemMessage, Job, PersonMessage
from handlers.joint import messages
from handlers.joint.mail import mail_joint_invites


def _invited(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """The one that stands; those from before a move go."""
    stands = ctx.notification.params == Revision(now.meeting.sequence)
    return messages.invited(ctx.words, now, ctx.person.id) if stands else None


def _entry(ctx: PersonRenderContext, now: JointMeetingView) -> File | None:
    return messages.entry(ctx.words, now, ctx.person.id, ctx.notification.params, ctx.organizer)


def _held(ctx: PersonRenderContext) -> Message | None:
    invitation = ctx.uow.get(JointInvitation, ctx.notification.subject)
    now = joint_meeting_view(ctx.uow, invitation.joint_id) if invitation is not None else None
    if invitation is None or now is None:
        return None
    held = ctx.notification.params_as(HeldAnswer)
    return messages.held(ctx.words, now, invitation, ctx.person.id, held)


def _soon(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """The last that has fallen due, and none that was planned for another time."""
    due = [r for r in reminders(now) if r.due_at is not None and r.due_at <= ctx.now]
    own = [r for r in due if r.recipient == ctx.person.id and r.kind is Kind.JOINT_SOON]
    last = max(own, key=lambda r: r.due_at or ctx.now, default=None)
    stands = last is not None and last.key == ctx.notification.key
    return messages.soon(ctx.words, now, ctx.person.id) if stands else None


def _register(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """None that was planned for another morning."""
    if all(r.key != ctx.notification.key for r in reminders(now)):
        return None
    return messages.register(ctx.words, now, ctx.person.id)


NOTIFICATIONS = (
    ItemMessage(
        Kind.JOINT_CALLED, joint_meeting_view, lambda ctx, now: messages.called(ctx.words, now, ctx.person.id)
    ),
    ItemMessage(Kind.JOINT_INVITED, joint_meeting_view, _invited),
    ItemMessage(Kind.JOINT_ENTRY, joint_meeting_view, _entry),
    Job(Kind.JOINT_MAIL, mail_joint_invites),
    ItemMessage(
        Kind.JOINT_POST,
        joint_meeting_view,
        lambda ctx, now: messages.undelivered(ctx.words, now, ctx.person.id),
    ),
    PersonMessage(Kind.JOINT_HELD, _held),
    ItemMessage(Kind.JOINT_SOON, joint_meeting_view, _soon),
    ItemMessage(Kind.JOINT_REGISTER, joint_meeting_view, _register),
)
