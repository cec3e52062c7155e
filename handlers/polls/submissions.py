"""Forms of several times for one meeting: the review that asks, and what an agency said outside Slack."""

from __future__ import annotations

from bot.usecases.polls.answers import RecordTimes, record_times
from bot.usecases.polls.proposing import PROPOSE_TIMES
from handlers.involvement.submissions import way_outside_slack
from handlers.polls.modals import times_review
from handlers.slack.payloads import moment
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm

PROPOSE = ReviewedForm(
    PROPOSE_TIMES,
    lambda request, metadata, reviewed: times_review(request.words, metadata, reviewed.review, request.now),
)


async def recorded(request: SubmissionRequest) -> None:
    fields = request.fields
    command = RecordTimes(
        request.metadata,
        fields.needed("agency"),
        way_outside_slack(request),
        tuple(moment(seconds) for seconds in fields.options("suits")),
        tuple(moment(seconds) for seconds in fields.options("with_deputy")),
    )
    await request.act_and_close(record_times, command)
