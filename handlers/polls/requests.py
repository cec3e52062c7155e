"""The review of a poll of times for one meeting, before anybody is asked."""

from __future__ import annotations

from bot.usecases.polls import PROPOSE_TIMES
from handlers.polls.modals import times_review
from handlers.slack.review import ReviewedForm

PROPOSE = ReviewedForm(PROPOSE_TIMES, times_review.id, times_review)
