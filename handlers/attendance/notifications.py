"""What is told of a meeting that is held, and of who stays away."""

from __future__ import annotations

from bot.domain.notifications import Kind
from handlers.attendance import messages
from handlers.attendance.minutes import minutes
from handlers.delivery.declarations import CaseMessage

NOTIFICATIONS = (
    CaseMessage(Kind.ROLL_CALL, messages.roll_call),
    CaseMessage(Kind.QUORUM, messages.quorum),
    CaseMessage(Kind.MINUTES, minutes),
    CaseMessage(Kind.ABSENCE_REASON, messages.absence_reason),
    CaseMessage(Kind.ABSENCE_TOLD, messages.absence_told),
    CaseMessage(Kind.ABSENCE, messages.absence),
    CaseMessage(Kind.DIRECTOR_TEXT, messages.director_text),
    CaseMessage(Kind.REGISTER, messages.register),
)
