"""One retry of calls that somebody waits for, when the connection drops or Slack's server fails.

Only those that may take effect twice: a trigger opens one form and no second one, the same form written
over itself changes nothing, nor does a question, and a sentence to one person alone is better read twice
than never. All else the outbox repeats, once it has looked (docs/slack-facts.md 4).
"""

from __future__ import annotations

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

_METHODS = frozenset({"views.open", "views.update", "users.info", "chat.postEphemeral"})
#: Seconds; a trigger lives three.
_PAUSE = 0.1


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
