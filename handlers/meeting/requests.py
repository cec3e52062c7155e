"""The forms of a meeting that is called or moved: at one time, or several are proposed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.usecases.meeting import PLAN_MEETING
from handlers.meeting import modals
from handlers.polls.modals import PROPOSE
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm

CALLING = ReviewedForm(
    PLAN_MEETING,
    modals.meeting_review,
    about=("case_id",),
    readers=modals.READS_MEETING,
)


#: What a form that moves a meeting is about.
_MOVED = ("meeting_id", "sequence")
MOVING = replace(CALLING, show=modals.move_review, about=_MOVED)
PROPOSING = replace(PROPOSE, about=("case_id",), readers=modals.READS_MEETING)


async def call_filled_in(request: SubmissionRequest) -> None:
    """Call the meeting at the one time, or propose several."""
    await (PROPOSING if _are_several(request) else CALLING).filled_in(request)


async def move_filled_in(request: SubmissionRequest) -> None:
    """Move the meeting to the one time, or propose several."""
    proposing = replace(PROPOSING, about=_MOVED)
    await (proposing if _are_several(request) else MOVING).filled_in(request)


def _are_several(request: SubmissionRequest) -> bool:
    more = (request.fields.get(name, datetime) for name in ("second_time", "third_time"))
    return any(more)
