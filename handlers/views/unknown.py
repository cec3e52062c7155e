"""A form of an older version, or a forged one."""

from __future__ import annotations

from handlers.encounters import Submitted
from handlers.payloads import Unreadable


async def unknown(submitted: Submitted) -> None:
    """Nothing can be done with it."""
    raise Unreadable
