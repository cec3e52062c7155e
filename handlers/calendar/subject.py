"""Meetings as they stand in calendars: invitations, and answers that come back by mail."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.notifications import Kind
from handlers.calendar import invite, mail, messages
from handlers.delivery.declarations import CaseMessage, Job
from handlers.slack.declarations import Subject

CALENDAR = Subject(
    "calendar",
    by_mail=(Action.ANSWER_BY_CALENDAR, Action.ANSWER_JOINT_BY_CALENDAR),
    notifications=(
        CaseMessage(Kind.INVITE, invite.invite),
        Job(Kind.MAIL_INVITE, mail.mail_invites),
        Job(Kind.MAIL_CALL, mail.ask_to_ring),
        CaseMessage(Kind.CALENDAR_ANSWER, messages.calendar_answer),
        CaseMessage(Kind.HELD_REPLY, messages.held_reply),
        CaseMessage(Kind.MAIL_WAITS, messages.mail_waits),
    ),
)
