"""Slack methods that are closed for a while by a rate limit, known to all callers (docs/slack-facts.md 12).

Slack limits each method separately, and says with a 429 for how long. Until then no call is made: each caller
gets the answer that Slack would give, with its own time to retry after the method opens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.usecases.ports import Clock
from handlers.delivery.calls import retry_after
from handlers.delivery.pace import Pace

#: Limited for each channel, not for all calls: `handlers.delivery.posting` handles that.
BY_CHANNEL = frozenset({"chat.postMessage"})
MINUTE = timedelta(minutes=1)
#: Calls a minute in Slack's tier 3, and for methods in other tiers (docs/slack-facts.md 12).
PER_MINUTE = 50
_OTHER_TIERS = {
    "conversations.archive": 20,
    "conversations.create": 20,
    "views.open": 100,
    "views.publish": 100,
    "views.update": 100,
}


#: The method that updates a message to show a press.
SHOWS = "chat.update"
#: Age up to which a press may not be shown yet.
JUST_NOW = timedelta(seconds=3)
Tell = Callable[[], Awaitable[None]]


class Gate:
    """Middleware of the HTTP session for all calls to Slack, of deliveries and of handlers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pace = Pace(clock)
        #: By channel and message, until the message shows the press.
        self._pressed: dict[tuple[str, str], tuple[datetime, Tell]] = {}

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Make one call.

        Raises:
            SlackApiError: the method is closed; it is the error that Slack would give.
        """
        _, api, method = request.url.path.rpartition("/api/")
        if not api or method in BY_CHANNEL:
            return await handler(request)
        self._check(method)
        response = await handler(request)
        if response.status == 429:
            self._pace.close(method, timedelta(seconds=retry_after(response.headers)))
            response.release()
            if method == SHOWS:
                await self._tell_pressed()
            self._check(method)
        elif method == SHOWS and self._pressed and response.status == 200:
            shown = await response.json()
            self._pressed.pop((str(shown.get("channel")), str(shown.get("ts"))), None)
        return response

    async def tell_if_unseen(self, channel: str, ts: str, tell: Tell) -> None:
        """Call `tell` for a press on a message, if the message cannot show the press now or soon."""
        now = self._clock.now()
        self._pressed = {m: (at, each) for m, (at, each) in self._pressed.items() if now - at < JUST_NOW}
        self._pressed[channel, ts] = now, tell
        if self._pace.is_closed(SHOWS):
            await self._tell_pressed()

    async def _tell_pressed(self) -> None:
        now, pressed = self._clock.now(), self._pressed.values()
        self._pressed = {}
        await asyncio.gather(*(tell() for at, tell in pressed if now - at < JUST_NOW))

    def _check(self, method: str) -> None:
        after = self._pace.wait(method, MINUTE / _OTHER_TIERS.get(method, PER_MINUTE))
        if after > timedelta(0):
            raise SlackApiError("ratelimited", _limited(method, after))  # type: ignore[no-untyped-call]


def _limited(method: str, after: timedelta) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url=method,
        req_args={},
        data={"ok": False, "error": "ratelimited"},
        headers={"Retry-After": f"{after.total_seconds():.3f}"},
        status_code=429,
    )
