"""Methods and channels that Slack has closed for a while by a rate limit (docs/slack-facts.md 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.usecases.ports import Clock


@dataclass(slots=True)
class _Closing:
    """From when until when something is closed, and how many callers were told to come back."""

    since: datetime
    until: datetime
    told: int = 0
    urgent: int = 0


class Pace:
    """Closings by name, learnt from Slack's refusals. Each process learns them separately."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed: dict[str, _Closing] = {}

    def close(self, name: str, after: timedelta) -> None:
        """Note that Slack accepts nothing under this name for `after`."""
        now, closing = self._clock.now(), self._closed.get(name)
        if closing is None or not closing.since <= now < closing.until:
            closing = self._closed[name] = _Closing(now, now + after)
        closing.until = max(closing.until, now + after)

    def is_closed(self, name: str) -> bool:
        return self._opens_in(name, timedelta(0)) > timedelta(0)

    def wait(self, name: str, gap: timedelta, *, urgent: bool = False) -> timedelta:
        """Return after which delay to call; zero if the name is open.

        If all callers came back at once, it would close again: each comes `gap` after the one before. Urgent
        ones come as soon as it opens, before all others.
        """
        opens_in = self._opens_in(name, timedelta(0) if urgent else gap)
        if opens_in <= timedelta(0):
            return opens_in
        closing = self._closed[name]
        if urgent:
            closing.urgent += 1
            return opens_in + (closing.urgent - 1) * gap
        closing.told += 1
        return opens_in + (closing.told - 1) * gap

    def _opens_in(self, name: str, after_urgent: timedelta) -> timedelta:
        """Return when it opens, `after_urgent` later for each urgent caller who waits."""
        closing, now = self._closed.get(name), self._clock.now()
        # A clock that was put back does not keep it closed.
        if closing is None or now < closing.since:
            return timedelta(0)
        return max(closing.until + closing.urgent * after_urgent - now, timedelta(0))
