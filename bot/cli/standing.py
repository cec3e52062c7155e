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
            f"This version would delete messages in Slack although their cases have not changed: {kinds}",
            "Keep the old version, and report this. If it is intended: `tot upgrade … --takes-away`.",
        )
    say("This version would delete no message in Slack.")


async def _unwanted(bot: Bot) -> Counter[Kind]:
    try:
        with suppress(NotInstalled):
            await bot.database.check_schema(must_exist=True)
            return await bot.unwanted()
        return Counter()
    finally:
        await bot.database.close()
