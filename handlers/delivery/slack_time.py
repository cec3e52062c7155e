"""Slack's time, from the Date header of its answers, used to check our clock and to read Slack back."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from bot.usecases.ports import Clock

log = structlog.get_logger(__name__)
#: A clock that differs by more from Slack's is wrong.
WRONG_BY = timedelta(seconds=30)
#: An answer that took longer, in seconds, does not tell when it was made.
LONGEST_ANSWER = 5.0
#: How long before an entry's creation the read-back begins: a clock may have been corrected meanwhile. It
#: costs nothing unless that much was written in the channel.
MARGIN = timedelta(hours=2)


class SlackTime:
    """Middleware of the HTTP session that reads the time of each Web API answer.

    The token is checked every two minutes, so the time is no older than that while Slack answers.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: What Slack said last, and when by monotonic time.
        self._heard: tuple[datetime, float] | None = None
        self._told = False

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Make one call."""
        began = time.monotonic()
        response = await handler(request)
        if "/api/" in request.url.path and time.monotonic() - began < LONGEST_ANSWER:
            self._note(response.headers.get("Date", ""))
        return response

    def _note(self, date: str) -> None:
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            return
        self._heard = theirs, time.monotonic()
        if self.wrong is not self._told and self.ahead is not None:
            self._told = not self._told
            (log.error if self._told else log.info)(
                "clock.wrong" if self._told else "clock.right", seconds=round(self.ahead.total_seconds())
            )

    @property
    def ahead(self) -> timedelta | None:
        """By how much our clock is ahead of Slack's, also after a step; None before the first answer."""
        if self._heard is None:
            return None
        theirs, at = self._heard
        return self._clock.now() - self._clock.offset - theirs - timedelta(seconds=time.monotonic() - at)

    @property
    def wrong(self) -> bool:
        """Return whether our clock differs from Slack's by more than `WRONG_BY`."""
        return self.ahead is not None and abs(self.ahead) > WRONG_BY

    @property
    def offset(self) -> timedelta:
        return self._clock.offset

    def now(self) -> datetime:
        """Return the time by our clock, or by Slack's if ours is wrong: the `Clock` of deliveries."""
        return self._clock.now() - (self.ahead or timedelta(0) if self.wrong else timedelta(0))

    def since(self, at: datetime) -> datetime:
        """Return from which time of Slack's to look for a message caused at `at`, by our clock then or now.

        The result is early enough whichever of the two clocks was wrong, and whenever.
        """
        now, ahead = self._clock.now(), self.ahead
        theirs = now - ahead if ahead is not None else now
        return min(at, theirs - abs(now - at)) - MARGIN
