"""Slack calls that a person waits for: one retry after a failure, and a wait while Slack is busy.

A call is retried when the connection drops or Slack's server fails.

Only calls that may take effect twice are retried: a trigger opens one form only, updating a form with itself
changes nothing, a query changes nothing, and an ephemeral message is better read twice than never. All other
calls are repeated by the outbox, after reading back (docs/slack-facts.md 4).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.delivery.calls import RateLimited, call

_METHODS = frozenset({"views.open", "views.update", "users.info", "chat.postEphemeral"})
#: Seconds before the retry; a trigger lives three.
_PAUSE = 0.1
#: Seconds for which an answer is still of use to the person.
PATIENCE = 60.0


async def when_open(
    request: Callable[[], Awaitable[AsyncSlackResponse]], patience: float = PATIENCE
) -> dict[str, Any]:
    """Make a call, as soon as Slack's rate limit allows it.

    Raises:
        As `call`; RateLimited if Slack is busy for longer than `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return await call(request())
        except RateLimited as limited:
            wait = limited.after.total_seconds()
            if time.monotonic() + wait > until:
                raise
        await asyncio.sleep(wait)


class RetryOnce(AsyncConnectionErrorRetryHandler):
    """Retry handler of the Slack client that answers people."""

    def __init__(self) -> None:
        super().__init__(
            interval_calculator=FixedValueRetryIntervalCalculator(_PAUSE),
            error_types=[aiohttp.ClientConnectionError, aiohttp.ClientPayloadError],
        )

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        # A call that timed out is not repeated: it may take as long again, and a person waits.
        if request.url.rpartition("/")[2] not in _METHODS or isinstance(error, TimeoutError):
            return False
        if response is not None and response.status_code >= 500:
            return True
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)
