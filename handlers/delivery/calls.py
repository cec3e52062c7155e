"""Calls to Slack for the outbox, and their errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.delivery.metrics import SLACK_ERRORS, SLACK_UNCERTAIN

#: Slack's codes for «something went wrong on our side»: the request may have had its effect.
UNCERTAIN_CODES = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
#: Codes about the whole app, for any method; some pass without action (a workspace joins an organisation).
OUT_OF_ORDER_CODES = frozenset(
    {
        "access_denied",
        "accesslimited",
        "app_access_restricted",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "team_added_to_org",
        "two_factor_setup_required",
    }
)
#: Codes about the whole app if a call posts; for another call in a room they are about that call only.
NO_POSTING_CODES = frozenset({"messages_tab_disabled", "restricted_action"})
UNUSABLE_CODES = OUT_OF_ORDER_CODES | frozenset(
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
#: Codes about one recipient or message: final. Any other is about the app if the next recipients meet it too.
OF_ONE_CODES = frozenset(
    {
        "cannot_dm_bot",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "not_in_channel",
        "method_not_supported_for_channel_type",
        "file_not_found",
        "message_not_found",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
    }
)


class Undelivered(Exception):
    """Something kept a delivery from being done; each of its subclasses says what is certain."""


class NotReady(Undelivered):
    """A prerequisite of the delivery is not there yet, such as its room; it is soon due again."""


class NotYet(Undelivered):
    """The message is not due yet, but after `after`."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("not yet")
        self.after = after


class RetryAfter(Undelivered):
    """Nothing is uncertain; to be tried again after `after`."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("later")
        self.after = after


class RateLimited(RetryAfter):
    """Slack asks to come back later."""


class OutcomeUnknown(Undelivered):
    """A time-out, a reset or a 5xx: the call may have had its effect. Slack is read back before the retry."""


class SlackRefused(Undelivered):
    """Slack says no: certain. Only `OF_ONE_CODES` are final; the dispatcher retries others."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unusable(SlackRefused):
    """Slack refuses the whole app, its token or its scopes: no entry is given up for that."""


class NotDeleted(Undelivered):
    """Slack does not delete what the bot posted; it is noted, and the next upkeep tries again."""


async def call(request: Awaitable[AsyncSlackResponse], *, posts: bool = False) -> dict[str, Any]:
    """Return the answer to a Web API call; `posts` tells that the call posts or updates a message.

    Raises:
        RateLimited, OutcomeUnknown, SlackRefused, Unusable.
    """
    try:
        response = await request
    except SlackApiError as error:
        raise _refusal(error.response, posts=posts) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, ConnectionError) as error:
        SLACK_UNCERTAIN.inc()
        raise OutcomeUnknown(type(error).__name__) from error
    data = response.data
    return data if isinstance(data, dict) else {}


async def refused(request: Awaitable[AsyncSlackResponse]) -> str:
    """Make a call. Return Slack's code if it refuses only this call; empty if it does not refuse.

    Raises:
        RateLimited, OutcomeUnknown, Unusable.
    """
    try:
        await call(request)
    except Unusable:
        raise
    except SlackRefused as refusal:
        return refusal.code
    return ""


async def pages(ask: Callable[..., Awaitable[AsyncSlackResponse]]) -> AsyncIterator[dict[str, Any]]:
    """Yield all pages of a call that Slack answers page by page.

    Raises:
        OutcomeUnknown: Slack leads back to the same page. The others are as in `call`.
    """
    cursor = None
    while True:
        answer = await call(ask(cursor=cursor))
        yield answer
        before, cursor = cursor, (answer.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return
        if cursor == before:
            raise OutcomeUnknown("the same page again")


def retry_after(headers: Mapping[str, str]) -> float:
    """Return for how many seconds Slack accepts no such calls.

    A minute if the header is not a number: a proxy may write it differently (RFC 9110, 10.2.3).
    """
    try:
        return max(float(headers.get("Retry-After", "1")), 0.1)
    except ValueError:
        return 60.0


def _refusal(response: Any, *, posts: bool) -> Undelivered:
    """Return the error for a refused call. A plain-text 5xx has a `str` for its data."""
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    SLACK_ERRORS.labels(code or str(status)).inc()
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return RateLimited(timedelta(seconds=retry_after(response.headers)))
    if status >= 500 or not code or code in UNCERTAIN_CODES:
        return OutcomeUnknown(code or str(status))
    unusable = code in UNUSABLE_CODES or (posts and code in NO_POSTING_CODES)
    return Unusable(code) if unusable else SlackRefused(code)
