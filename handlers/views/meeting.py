"""The forms that call, move and call off a meeting, and their reviews."""

from __future__ import annotations

from bot.texts import Words
from bot.usecases.drafts import CALLING, MOVING, Reviewed
from bot.usecases.meetings import CallMeeting, CancelMeeting, MeetingReview, MoveMeeting, cancel_meeting
from handlers.blocks.modals.meetings import meeting_review
from handlers.blocks.modals.parts import View
from handlers.encounters import Submitted
from handlers.ids import ViewId
from handlers.views.meeting_fields import read_meeting
from handlers.views.reviewing import review, send


async def call_filled_in(submitted: Submitted) -> None:
    """Check the time and place, and show whom it would tell."""
    command = CallMeeting(submitted.metadata, read_meeting(submitted.fields), submitted.fields.user("chair"))
    await review(submitted, CALLING, command, _shown_call)


async def call_sent(submitted: Submitted) -> None:
    """«Send»."""
    await send(submitted, CALLING, _shown_call)


async def move_filled_in(submitted: Submitted) -> None:
    """Check the time and place, and show whom it would ask again."""
    command = MoveMeeting(submitted.metadata, read_meeting(submitted.fields), submitted.fields.user("chair"))
    await review(submitted, MOVING, command, _shown_move)


async def move_sent(submitted: Submitted) -> None:
    """«Send»."""
    await send(submitted, MOVING, _shown_move)


async def cancelled(submitted: Submitted) -> None:
    """Call off the meeting that was chosen; what happens stood in the form."""
    meeting_id, _, _ = submitted.fields.needed("meeting").partition("|")
    await submitted.act(cancel_meeting, CancelMeeting(meeting_id))
    await submitted.done()


def _shown_call(words: Words, metadata: str, reviewed: Reviewed[CallMeeting, MeetingReview]) -> View:
    return meeting_review(words, ViewId.MEETING_REVIEW, metadata, reviewed.review)


def _shown_move(words: Words, metadata: str, reviewed: Reviewed[MoveMeeting, MeetingReview]) -> View:
    return meeting_review(words, ViewId.MOVE_REVIEW, metadata, reviewed.review)
