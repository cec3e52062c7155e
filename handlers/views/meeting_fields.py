"""The fields of a meeting, as every form with a meeting has them."""

from __future__ import annotations

from datetime import timedelta

from bot.usecases.guarded import MeetingPlan
from handlers.payloads import Fields


def read_meeting(fields: Fields) -> MeetingPlan:
    """When and where, as the form says it.

    Raises:
        Unreadable: the form is not the bot's.
    """
    starts_at = fields.moment("starts_at")
    return MeetingPlan(
        starts_at,
        starts_at + timedelta(minutes=fields.minutes("minutes")),
        place=fields.option("place"),
        link=fields.text("link") or None,
        note=fields.text("note"),
    )
