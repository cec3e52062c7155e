"""`tot doctor --standing`: what this version would delete in Slack although nothing has happened.

Run by an upgrade, so that a mistake in the new version is found before it deletes anything.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

from bot.app import Bot
from bot.cli.console import fail, say
from bot.domain.notifications import Kind
from bot.settings import Settings, load
from storage.database import NotInstalled


def check_unwanted() -> None:
    """Say what would be deleted of open cases; exit with 1 if anything would."""
    unwanted = asyncio.run(_unwanted(Bot(load(Settings))))
    if unwanted:
        kinds = ", ".join(f"{kind} ×{number}" for kind, number in sorted(unwanted.items()))
        raise fail(
            f"Though nothing has happened to their cases, this version would take away: {kinds}",
            "Go on with the version that was, and report it. If it is meant: `tot upgrade … --takes-away`.",
        )
    say("All that stands in Slack is to stand with this version too.")


async def _unwanted(bot: Bot) -> Counter[Kind]:
    try:
        with suppress(NotInstalled):
            await bot.database.check_schema(must_exist=True)
            return await bot.unwanted()
        return Counter()
    finally:
        await bot.database.close()
