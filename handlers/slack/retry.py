"""Calls that somebody waits for: one retry of what fails, and a wait where Slack is busy.

A retry is for the connection that drops and for Slack's server that fails.

Only those that may take effect twice: a trigger opens one form and no second one, the same form written
over itself changes nothing, nor does a question, and a sentence to one person alone is better read twice
than never. All else the outbox repeats, once it has looked (docs/slack-facts.md 4).
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
#: Seconds; a trigger lives three.
_PAUSE = 0.1
#: Seconds in which what is told to a person is still of use to them.
PATIENCE = 60.0


def busy_for(error: SlackApiError) -> float | None:
    """Return for how many seconds Slack takes no more such calls; None if that is not why it refused."""
    if getattr(error.response, "status_code", 0) != 429:
        return None
    return retry_after(error.response.headers)


async def when_open(call: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> None:
    """Make a call, at once or when Slack takes it.

    Raises:
        SlackApiError: it is refused, or Slack is busy for longer than `patience`, in seconds.
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
    """For `retry_handlers` of the client with which people are answered."""

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
        # What has taken too long once may not take as long again: somebody waits.
        if request.url.rpartition("/")[2] not in _METHODS or isinstance(error, TimeoutError):
            return False
        if response is not None and response.status_code >= 500:
            return True
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)
