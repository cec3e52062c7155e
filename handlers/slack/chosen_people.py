"""Check somebody who was chosen in a form: a human with an account that is in use."""

from __future__ import annotations

from typing import Any

from bot.domain.errors import Invalid, Problem
from handlers.slack.guest_middleware import Account, account
from handlers.slack.requests import SubmissionRequest


async def check_chosen(request: SubmissionRequest, field: str, slack_id: str) -> None:
    """Let a human with an active account in this workspace be chosen, guests too.

    Raises:
        Invalid: an app, a closed account, or one of another workspace, which is refused everything.
    """
    user = await _user(request, slack_id)
    _check_human(user, field)
    if account(user, request.services.workspace_id) is Account.OUTSIDE:
        raise Invalid(Problem(field, "invalid.from-outside"))


async def _user(request: SubmissionRequest, slack_id: str) -> dict[str, Any]:
    answer = await request.client.users_info(user=slack_id)
    return answer.get("user") or {}


def _check_human(user: dict[str, Any], field: str) -> None:
    if user.get("id") == "USLACKBOT" or user.get("is_bot") or user.get("deleted"):
        raise Invalid(Problem(field, "invalid.not-a-human"))
