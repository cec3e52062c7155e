"""Check that a person chosen in a form is a human with an active account."""

from __future__ import annotations

from bot.domain.errors import Invalid, Problem
from handlers.delivery.calls import RateLimited
from handlers.slack.accounts import Account, account
from handlers.slack.requests import SubmissionRequest
from handlers.slack.retry import when_open


async def check_chosen(request: SubmissionRequest, field: str, *, guests: bool = True) -> None:
    """Allow only a human with an active account in this workspace, or nobody; a guest only with `guests`."""
    slack_id = request.fields.get(field, str)
    if slack_id is None:
        return
    try:
        answer = await when_open(lambda: request.services.client.users_info(user=slack_id), 0)
    except RateLimited:
        # As a field error, so that the form keeps its values.
        raise Invalid(Problem(field, "invalid.slack-busy")) from None
    user = answer.get("user") or {}
    if user.get("id") == "USLACKBOT" or user.get("is_bot") or user.get("deleted"):
        raise Invalid(Problem(field, "invalid.not-a-human"))
    kind = account(user, request.services.workspace_id)
    if kind is not Account.MEMBER and not guests:
        raise Invalid(Problem(field, "invalid.a-guest"))
    if kind is Account.OUTSIDE:
        raise Invalid(Problem(field, "invalid.from-outside"))
