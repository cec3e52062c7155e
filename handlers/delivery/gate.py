"""Methods that Slack has closed for a while, known to all who call (docs/slack-facts.md 12).

Slack limits each method by itself, and says with a 429 for how long. Until then nobody else knocks: whoever
would is answered as Slack would answer, and told a moment of their own after the opening.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.usecases.ports import Clock
from handlers.delivery.calls import retry_after

#: Limited for each channel, not for all calls: `handlers.delivery.pace` sees to it.
BY_CHANNEL = frozenset({"chat.postMessage"})
MINUTE = timedelta(minutes=1)
#: Calls a minute of Slack's tier 3, and of the methods that have another one (docs/slack-facts.md 12).
PER_MINUTE = 50
_OTHER_TIERS = {
    "conversations.archive": 20,
    "conversations.create": 20,
    "views.open": 100,
    "views.publish": 100,
    "views.update": 100,
}


#: The method by which a message shows what has been pressed on it.
SHOWS = "chat.update"
#: A press that was so short a while ago may not have been shown yet.
JUST_NOW = timedelta(seconds=3)
Tell = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Closing:
    """Of one method: from when until when, and how many have been told to come later."""

    since: datetime
    until: datetime
    told: int = 0


class Gate:
    """Middleware of the HTTP session through which all calls go, of deliveries and of handlers.

    It is of one process: another one learns the same by itself.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed: dict[str, _Closing] = {}
        #: By channel and message, until that shows it.
        self._pressed: dict[tuple[str, str], tuple[datetime, Tell]] = {}

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Make one call.

        Raises:
            SlackApiError: the method is closed, as Slack itself says it.
        """
        _, api, method = request.url.path.rpartition("/api/")
        if not api or method in BY_CHANNEL:
            return await handler(request)
        self._check(method)
        response = await handler(request)
        if response.status == 429:
            self._close(method, retry_after(response.headers))
            response.release()
            if method == SHOWS:
                await self._tell_pressed()
            self._check(method)
        elif method == SHOWS and self._pressed and response.status == 200:
            shown = await response.json()
            self._pressed.pop((str(shown.get("channel")), str(shown.get("ts"))), None)
        return response

    async def tell_if_unseen(self, channel: str, ts: str, tell: Tell) -> None:
        """Have somebody told who has pressed a button of a message, where it cannot show it now, or soon."""
        now, closing = self._clock.now(), self._closed.get(SHOWS)
        self._pressed = {m: (at, each) for m, (at, each) in self._pressed.items() if now - at < JUST_NOW}
        self._pressed[channel, ts] = now, tell
        if closing is not None and closing.since <= now < closing.until:
            await self._tell_pressed()

    async def _tell_pressed(self) -> None:
        now, pressed = self._clock.now(), self._pressed.values()
        self._pressed = {}
        await asyncio.gather(*(tell() for at, tell in pressed if now - at < JUST_NOW))

    def _close(self, method: str, seconds: float) -> None:
        now = self._clock.now()
        until = now + timedelta(seconds=seconds)
        closing = self._closed.setdefault(method, _Closing(now, until))
        closing.until = max(closing.until, until)

    def _check(self, method: str) -> None:
        closing, now = self._closed.get(method), self._clock.now()
        if closing is None:
            return
        if not closing.since <= now < closing.until:  # a clock that was put back does not keep it closed
            del self._closed[method]
            return
        # Not all at once when it opens, or it closes again.
        after = closing.until - now + closing.told * MINUTE / _OTHER_TIERS.get(method, PER_MINUTE)
        closing.told += 1
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
