"""`tot demo`: the bot of `tot run` with a local Slack workspace, an exercise, and a page that stays open.

The tests use the same pair of bot and workspace.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from starlette.types import ASGIApp

from bot.app import Bot, told_to_stop
from bot.cli.console import fail, say
from bot.cli.manifest import MANIFEST
from bot.logs import set_up
from bot.settings import Settings
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from sandbox.clock import MovableClock
from sandbox.exercises import DEFAULT, EXERCISES, WITH_MAIL
from sandbox.exercises.runner import ExerciseRunner
from sandbox.mail.servers import MailServers
from sandbox.page.session import Session
from sandbox.people.visibility import CouldNot
from sandbox.server import Sandbox
from sandbox.settings import Settings as SandboxSettings
from storage import migrate
from storage.crypto.master_key import SETTING, new_secret, read_secret

if TYPE_CHECKING:
    from sandbox.page.window import Page


def play(name: str | None, *, exit_after: bool, port: int, mail: bool) -> None:
    """Open a workspace as a page, with an exercise; with `exit_after` only play it, without a page."""
    if name is not None and name not in EXERCISES:
        raise fail(f"there is no exercise «{name}», only: {', '.join(EXERCISES)}")
    set_up(json=False, level="WARNING")
    with tempfile.TemporaryDirectory(prefix="tot-demo-") as folder:
        if exit_after:
            asyncio.run(_play(name or DEFAULT, f"sqlite:///{folder}/tot.db", port, mail))
        else:
            _keep_open(Path(folder), name or "", port, mail)


async def _play(name: str, database_url: str, port: int, mail: bool) -> None:
    exercise = EXERCISES[name]
    async with rehearse(database_url, starts=exercise.STARTS, port=port, mail=mail) as rehearsal:
        runner = rehearsal.runner
        try:
            await exercise.play(runner)
        except CouldNot as failure:
            raise fail(f"the exercise stopped: {failure}") from failure
        outsider = runner.person("utenforstaende")
        seen = [m for place in outsider.channels() for m in outsider.messages(place) if not m.ephemeral]
        calls = len(runner.sandbox.workspace.calls)
        say(
            f"{exercise.TITLE} er spilt: {calls} kall til Slack. "
            f"@utenforstaende ser {len(seen) or 'ingen'} meldinger."
        )


def _keep_open(folder: Path, name: str, port: int, mail: bool) -> None:
    opened: list[str] = []

    def watch(show: Session) -> None:
        url = show.player.runner.sandbox.page_url
        say("", f"Arbeidsområdet er åpent på {url} Ctrl-C avslutter.")
        if not opened:
            say("Der kan du prøve boten i hver rolle, og spille av øvelser. Bare denne maskinen når siden.")
            open_browser(url)
        opened.append(url)

    asyncio.run(keep_open(folder, name, port=port, mail=mail, watch=watch))


Watch = Callable[[Session], None]


async def keep_open(
    folder: Path,
    exercise: str,
    *,
    port: int,
    mail: bool,
    watch: Watch,
    sandbox: SandboxSettings | None = None,
) -> None:
    """Show workspaces on a page until told to stop (SIGTERM, Ctrl-C). The first plays this exercise.

    Without an exercise it waits for the user. `watch` is called with every workspace when it is ready.
    """
    # Imported here: the page needs NiceGUI, but playing in the terminal does not.
    from sandbox.page.window import opened

    told = told_to_stop()
    async with opened() as page:
        number = 0
        while not told.is_set():
            number += 1
            url = f"sqlite:///{folder / f'tot-{number}.db'}"
            starts = EXERCISES[exercise or DEFAULT].STARTS
            playing = rehearse(url, starts=starts, port=port, page=page.app, mail=mail, sandbox=sandbox)
            async with playing as rehearsal:
                port = rehearsal.runner.sandbox.port
                exercise = await _show(page, rehearsal, exercise, told, watch)


async def _show(page: Page, rehearsal: Rehearsal, exercise: str, told: asyncio.Event, watch: Watch) -> str:
    """Show one workspace until it is to be replaced; return the exercise of the next."""
    wanted: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def restart_workspace(name: str) -> None:
        if not wanted.done():
            wanted.set_result(name)

    with_mail = rehearsal.runner.mail is not None
    playable = {key: each for key, each in EXERCISES.items() if with_mail or key not in WITH_MAIL}
    show = Session(rehearsal.runner, playable, restart_workspace)
    page.show(show)
    watch(show)
    if exercise:
        show.player.step_gate.play()
        show.player.begin(exercise, EXERCISES[exercise])
    # What is loaded stays: scanning it for garbage would halt the page for 0.2 s at a time.
    gc.freeze()
    ending = asyncio.create_task(told.wait())
    ending.add_done_callback(lambda _: restart_workspace(""))
    try:
        return await wanted
    finally:
        ending.cancel()
        await show.player.end()


def open_browser(url: str) -> None:
    """Open the page in a browser if there is a terminal and a display."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.stdout.isatty() and (has_display or sys.platform == "darwin"):
        webbrowser.open(url)


PARTNERS = Path(__file__).parents[2] / "data" / "partners.example.toml"


class Rehearsal:
    """A bot, its local Slack workspace and the exercise runner."""

    def __init__(self, make: Callable[[], Bot], sandbox: Sandbox, mail: MailServers | None) -> None:
        self._make, self._sandbox = make, sandbox
        self.bot = make()
        self.runner = ExerciseRunner(sandbox, self, mail)

    async def restart(self) -> None:
        """Stop the bot in an orderly way, and start another on the same database."""
        await self.bot.stop()
        self.bot = self._make()
        await self.bot.start()
        await self._sandbox.connected()

    async def reads_in(self, partners: Path) -> None:
        """Import a partners file, as `tot partners import` does."""
        await self.bot.database.write(
            lambda uow: import_partners(uow, read_partners(partners.read_text("utf-8")))
        )

    async def idle(self) -> None:
        await self.bot.idle()

    async def clock_moved(self) -> None:
        await self.bot.clock_moved()

    async def next_due(self) -> datetime | None:
        due_in = await self.bot.database.outbox.next_due_in()
        return None if due_in is None else self.bot.clock.now() + due_in


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
    furnish: Callable[[Sandbox], object] | None = None,
    slack_waits: float | None = None,
) -> AsyncIterator[Rehearsal]:
    """Migrate the database, start the sandbox, import the partners and start the bot; stop both at the end.

    `starts` is the moved time at which it begins (aware; by default the real time). `page` is served at
    the sandbox's root. With `mail` there are mail servers too, and everybody has a mailbox and a calendar.
    `extra` are settings of the bot. `furnish` prepares the workspace before the bot starts.
    `slack_waits` is how many seconds the bot believes Slack waits for an answer; by default the true value.
    """
    migrate.upgrade(database_url)
    clock = MovableClock()
    if starts is not None:
        clock.move_to(starts)
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(
            Sandbox(manifest, clock=clock, port=port, settings=sandbox, page=page)
        )
        if furnish is not None:
            furnish(server)
        mail_servers = await stack.enter_async_context(MailServers(clock)) if mail else None
        by_mail: dict[str, Any] = {}
        if mail_servers is not None:
            by_mail = {
                "mail_from": mail_servers.address,
                "smtp_url": mail_servers.smtp_url,
                "imap_url": mail_servers.imap_url,
                "mail_authserv_id": mail_servers.authserv_id,
                "mail_ca": mail_servers.authority,
            }
        settings = Settings(
            slack_bot_token=SecretStr(server.bot_token),
            slack_app_token=SecretStr(server.app_token),
            slack_api_base_url=server.api_url,
            database_url=database_url,
            secret_key=read_secret(key) if (key := os.environ.get(SETTING)) else new_secret(),
            keystore=None if database_url.startswith("sqlite") else os.environ.get("TOT_KEYSTORE"),
            backup_dir=None,
            audit_anchor=None if database_url.startswith("sqlite") else os.devnull,
            health_port=None,
            **(by_mail | dict(extra or {})),
        )
        waits = server.settings.ack_seconds if slack_waits is None else slack_waits
        rehearsal = Rehearsal(partial(Bot, settings, clock, waits), server, mail_servers)
        await rehearsal.reads_in(partners)
        await rehearsal.bot.start()
        try:
            await server.connected()
            yield rehearsal
        finally:
            await rehearsal.bot.stop()
