"""The clock of production: real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """Real time, with no offset."""

    offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC)
