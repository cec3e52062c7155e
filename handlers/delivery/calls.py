"""Calling Slack for the outbox: what is certain, what is not, and what Slack refuses.

Undelivered
├── NotReady        what it needs is not there yet (no room); soon due again
├── RetryAfter      certain: nothing has happened; due again after a while
│   └── RateLimited     Slack says after how long
├── OutcomeUnknown     a time-out, a reset or a 5xx: it may have happened; read back before trying again
├── SlackRefused    `ok: false`: certain and final, but for what the caller knows to be harmless
│   └── Unusable    the token or a scope: nothing can be delivered until an operator mends it
└── NotDeleted      Slack lets what was to be deleted stand; it is noted, and tried again by the next upkeep
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.delivery.metrics import SLACK_ERRORS, SLACK_UNCERTAIN

#: Slack's codes for «something went wrong on our side»: the request may have had its effect.
UNCERTAIN_CODES = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
UNUSABLE_CODES = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)


#: After an uncertain call the message may land late; only then is Slack read back.
MARGIN_TO_MARK = timedelta(seconds=20)


class Undelivered(Exception):
    """Something kept a delivery from being done."""


class NotReady(Undelivered):
    """A prerequisite of the delivery is not there yet."""


class RetryAfter(Undelivered):
    """Nothing has happened; to be tried again after `after`."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("later")
        self.after = after


class RateLimited(RetryAfter):
    """Slack asks to come back later."""


class OutcomeUnknown(Undelivered):
    """The call may or may not have had its effect."""


class SlackRefused(Undelivered):
    """Slack says no, with one of its documented error codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unusable(SlackRefused):
    """The token or its scopes: for an operator to mend."""


class NotDeleted(Undelivered):
    """Something of the bot's stands in Slack that ought to be gone."""


async def call(request: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
    """The answer to a Web API call.

    Raises:
        RateLimited, OutcomeUnknown, SlackRefused, Unusable.
    """
    try:
        response = await request
    except SlackApiError as error:
        raise _refusal(error.response) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, ConnectionError) as error:
        SLACK_UNCERTAIN.inc()
        raise OutcomeUnknown(type(error).__name__) from error
    data = response.data
    return data if isinstance(data, dict) else {}


def _refusal(response: Any) -> Undelivered:
    """Return the error for a refused call. A plain-text 5xx has a `str` for its data."""
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    SLACK_ERRORS.labels(code or str(status)).inc()
    if status == 429 or code in ("ratelimited", "rate_limited"):
        seconds = float(response.headers.get("Retry-After", 1))
        return RateLimited(timedelta(seconds=max(seconds, 0.1)))
    if status >= 500 or not code or code in UNCERTAIN_CODES:
        return OutcomeUnknown(str(status))
    return Unusable(code) if code in UNUSABLE_CODES else SlackRefused(code)
