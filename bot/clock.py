"""The clock of production: real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC)
