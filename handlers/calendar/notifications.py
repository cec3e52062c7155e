"""What goes to calendars, as a file or by mail, and what is told of what came back."""

from __future__ import annotations

from bot.domain.notifications import Kind
from handlers.calendar import messages
from handlers.calendar.invite import invite
from handlers.calendar.mail import ask_to_ring, mail_invites
from handlers.delivery.declarations import CaseMessage, Job

NOTIFICATIONS = (
    CaseMessage(Kind.INVITE, invite),
    Job(Kind.MAIL_INVITE, mail_invites),
    Job(Kind.MAIL_CALL, ask_to_ring),
    CaseMessage(Kind.CALENDAR_ANSWER, messages.calendar_answer),
    CaseMessage(Kind.HELD_REPLY, messages.held_reply),
    CaseMessage(Kind.MAIL_WAITS, messages.mail_waits),
)
