"""Meetings as they stand in calendars: invitations, and answers that come back by mail."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.slack.declarations import Subject

CALENDAR = Subject("calendar", by_mail=(Action.ANSWER_BY_CALENDAR, Action.ANSWER_JOINT_BY_CALENDAR))
