"""`tot run`."""

from __future__ import annotations

import asyncio

from bot.app import run
from bot.logs import set_up
from bot.settings import LogFormat, load_settings


def run_bot() -> None:
    """Run until told to stop. What keeps it from starting is told in one line."""
    settings = load_settings()
    set_up(json=settings.log_format is LogFormat.JSON)
    asyncio.run(run(settings))
