"""Slack calls that a person waits for: one retry after a failure, and a wait while Slack is busy.

Only calls that may take effect twice are made so: a trigger opens one form only, updating a form with itself
changes nothing, a query changes nothing, and an ephemeral message is better read twice than never. All other
calls are repeated by the outbox, after reading back (docs/slack-facts.md 4).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.delivery.calls import OutcomeUnknown, RateLimited, Undelivered, call

log = structlog.get_logger("handlers")
#: Seconds before the retry; a trigger lives three.
_PAUSE = 0.1
#: Seconds for which an answer is still of use to the person.
PATIENCE = 60.0


async def when_open(
    request: Callable[[], Awaitable[AsyncSlackResponse]], patience: float = PATIENCE
) -> dict[str, Any]:
    """Make a call as soon as Slack's rate limit allows it, and once more if connection or server fails.

    Raises:
        As `call`; RateLimited if Slack is busy for longer than `patience` seconds.
    """
    until, has_failed = time.monotonic() + patience, False
    while True:
        try:
            return await call(request())
        except RateLimited as limited:
            wait = limited.after.total_seconds()
            if time.monotonic() + wait > until:
                raise
        except OutcomeUnknown as failed:
            # A call that timed out is not repeated: it may take as long again, and a person waits.
            if has_failed or isinstance(failed.__cause__, TimeoutError):
                raise
            wait, has_failed = _PAUSE, True
        await asyncio.sleep(wait)


async def show_if_open(client: AsyncWebClient, window: str | None, view: dict[str, Any]) -> None:
    """Show a view in a window, if that is still open. A failure is not told: nobody waits for it."""
    try:
        await when_open(lambda: client.views_update(view_id=window, view=view), 0)
    except Undelivered as error:
        log.info("views.not_updated", error=type(error).__name__)
