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
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from handlers.delivery.calls import retry_after

_METHODS = frozenset({"views.open", "views.update", "users.info", "chat.postEphemeral"})
#: Seconds before the retry; a trigger lives three.
_PAUSE = 0.1
#: Seconds for which an answer is still of use to the person.
PATIENCE = 60.0


def busy_for(error: SlackApiError) -> float | None:
    """Return for how many seconds Slack accepts no such calls; None if the error is not a rate limit."""
    if getattr(error.response, "status_code", 0) != 429:
        return None
    return retry_after(error.response.headers)


async def when_open(call: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> None:
    """Make a call, as soon as Slack's rate limit allows it.

    Raises:
        SlackApiError: it is refused, or Slack is busy for longer than `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            await call()
            return
        except SlackApiError as error:
            wait = busy_for(error)
            if wait is None or time.monotonic() + wait > until:
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
