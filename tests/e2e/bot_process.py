"""The bot in separate, killable processes: as in `tot run`, except for the clock.

A test moves the clock, and announces it by SIGUSR1.
"""

from __future__ import annotations

import asyncio
import signal
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import Bot
from bot.logs import set_up
from bot.settings import Settings
from sandbox.clock import MovableClock
from sandbox.server import APP_TOKEN, BOT_TOKEN
from storage import active
from storage.crypto.master_key import read_secret
from tests.databases import SECRET_KEY, keystore_of


class MachineClock(MovableClock):
    """The clock of the bot's machine: an offset in a file beside the clock's makes it wrong."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._wrong = Path(f"{path}-wrong")

    def now(self) -> datetime:
        try:
            return super().now() + timedelta(seconds=float(self._wrong.read_text("ascii")))
        except FileNotFoundError:
            return super().now()


async def work(settings: Settings, clock: MovableClock, slow: float) -> None:
    """Run a bot that tells people to wait after `slow` seconds."""
    bot = Bot(settings, clock, slack_waits=slow * 3 / 2)
    stopping, moved = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    loop.add_signal_handler(signal.SIGUSR1, moved.set)
    starting, stopped = asyncio.create_task(bot.start()), asyncio.create_task(stopping.wait())
    await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        return
    await starting
    lost = asyncio.create_task(bot.database.lock.lost.wait())
    follower = asyncio.create_task(_follow(bot, moved))
    await asyncio.wait({stopped, lost}, return_when=asyncio.FIRST_COMPLETED)
    follower.cancel()
    await bot.stop()


async def _follow(bot: Bot, moved: asyncio.Event) -> None:
    while True:
        await moved.wait()
        moved.clear()
        await bot.clock_moved()


def settings_of(api_url: str, database_url: str, clock_file: str, port: str = "0") -> Settings:
    return Settings(
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN),
        slack_api_base_url=api_url,
        database_url=database_url,
        secret_key=read_secret(SECRET_KEY),
        keystore=keystore_of(database_url),
        audit_anchor=str(Path(clock_file).with_name("anchors.txt")),
        health_port=int(port) or None,
    )


def run(
    api_url: str, database_url: str, clock_file: str, port: str = "0", slow: str = "15", silent: str = "20"
) -> None:
    """Run a process; another takes over after it has been `silent` for this many seconds."""
    set_up(json=True, level="DEBUG")
    active.SILENT = float(silent)
    active.HEARTBEAT, active.CONFIRMED = active.SILENT / 4, active.SILENT / 2
    settings = settings_of(api_url, database_url, clock_file, port)
    asyncio.run(work(settings, MachineClock(clock_file), float(slow)))
