"""A bot and a sandbox together: what `tot demo` and the tests play on. The bot is the one of `tot run`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from starlette.types import ASGIApp

from bot.app import Bot
from bot.domain.language import Language
from bot.settings import Settings
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from sandbox.box import Sandbox
from sandbox.clock import MovableClock
from sandbox.post.office import PostOffice
from sandbox.settings import Settings as SandboxSettings
from sandbox.stage import Stage
from storage import migrate
from storage.vault.secret import SETTING, new_secret

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "manifest.yaml"
PARTNERS = ROOT / "partners.example.toml"


@dataclass
class Rehearsal:
    """A stage, and the bot that plays on it."""

    stage: Stage
    bot: Bot


class _Playing:
    """The bot as the stage needs it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def idle(self) -> None:
        await self._bot.idle()

    async def clock_moved(self) -> None:
        await self._bot.clock_moved()

    async def next_due(self) -> datetime | None:
        due_in = await self._bot.database.outbox.next_due_in()
        return None if due_in is None else self._bot.clock.now() + due_in


@contextlib.asynccontextmanager
async def rehearse(
    database_url: str,
    *,
    starts: datetime | None = None,
    port: int = 0,
    partners: Path = PARTNERS,
    sandbox: SandboxSettings | None = None,
    manifest: str | os.PathLike[str] = MANIFEST,
    page: ASGIApp | None = None,
    mail: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> AsyncIterator[Rehearsal]:
    """Migrate the database, import the partners, start the sandbox and the bot; end both at the end.

    `starts` is the moved time at which it begins (aware), the real time without it; `page` is served at
    the sandbox's root. With `mail` there are mail servers too, and everybody has a mailbox and a calendar.
    `extra` are settings of the bot.
    """
    migrate.prepare(database_url)
    clock = MovableClock()
    if starts is not None:
        clock.move_to(starts)
    async with contextlib.AsyncExitStack() as stack:
        box = await stack.enter_async_context(
            Sandbox(manifest, clock=clock, port=port, settings=sandbox, page=page)
        )
        post = await stack.enter_async_context(PostOffice(clock)) if mail else None
        settings = Settings(
            slack_bot_token=SecretStr(box.bot_token),
            slack_app_token=SecretStr(box.app_token),
            slack_api_base_url=box.api_url,
            database_url=database_url,
            secret_key=SecretStr(os.environ.get(SETTING) or str(new_secret())),
            keystore=None,
            backup_dir=None,
            audit_anchor=None if database_url.startswith("sqlite") else os.devnull,
            language=Language.NB,
            health_port=None,
            **(_mail_settings(post) if post is not None else {}),
            **(extra or {}),
        )
        bot = Bot(settings, clock)
        await bot.database.write(lambda uow: import_partners(uow, read_partners(partners.read_text("utf-8"))))
        await bot.start()
        try:
            await box.connected()
            yield Rehearsal(Stage(box, _Playing(bot), post), bot)
        finally:
            await bot.stop()


def _mail_settings(post: PostOffice) -> dict[str, Any]:
    return {
        "mail_from": post.address,
        "smtp_url": SecretStr(post.smtp_url),
        "imap_url": SecretStr(post.imap_url),
        "mail_ca": post.authority,
    }
