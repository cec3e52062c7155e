"""Rate tiers, in windows of real time whose length can be set."""

from __future__ import annotations

import math
import time
from collections import deque

from sandbox import limits
from sandbox.model import Json
from sandbox.settings import Settings

_MINUTE = 60.0
# Slack allows short bursts of posts and of new sockets above the documented rate.
_POST_PER_SECOND = 1
_CONNECTIONS_PER_MINUTE = 30


class Rates:
    """Counts calls; answers how long the caller must wait."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def wait(self, method: str, arguments: Json) -> int | None:
        """The Retry-After in whole seconds if this call is one too many, else None and the call counts."""
        if not self._settings.rate_limits:
            return None
        key, most, window = self._rule(method, arguments)
        if key is None:
            return None
        now = time.monotonic()
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(calls[0] + window - now))
        calls.append(now)
        return None

    def _rule(self, method: str, arguments: Json) -> tuple[tuple[str, str] | None, int, float]:
        window = self._settings.rate_window
        if method == "chat.postMessage":
            return (method, str(arguments.get("channel", ""))), _POST_PER_SECOND, window / _MINUTE
        if method == "apps.connections.open":
            return (method, ""), _CONNECTIONS_PER_MINUTE, window
        tier = limits.METHOD_TIER.get(method)
        if tier is None:
            return None, 0, window
        return (method, ""), limits.TIER_PER_MINUTE[tier], window
