"""The forms of a meeting that is called or moved: at one time, or several are proposed."""

from __future__ import annotations

from datetime import datetime

from bot.usecases.meeting import PLAN_MEETING
from bot.usecases.polls import PROPOSE_TIMES
from handlers.meeting import modals
from handlers.polls.modals import times_review
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm

#: The parameters of both commands that the metadata of a form fills: a new meeting has only its case.
_ABOUT = ("case_id", "meeting_id", "sequence")
CALLING = ReviewedForm(
    PLAN_MEETING,
    modals.meeting_review,
    about=_ABOUT,
    readers=modals.READS_MEETING,
)
PROPOSING = ReviewedForm(PROPOSE_TIMES, times_review, about=_ABOUT, readers=modals.READS_MEETING)


async def filled_in(request: SubmissionRequest) -> None:
    """Call the meeting at the one time, or move it there; or propose several."""
    several = any(request.fields.get(name, datetime) for name in ("second_time", "third_time"))
    await (PROPOSING if several else CALLING).filled_in(request)
