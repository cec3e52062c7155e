"""`tot demo`: a bot and a local Slack workspace, and an exercise played in it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.cli.console import fail
from bot.cli.rehearsal import Rehearsal, rehearse
from bot.logs import set_up
from sandbox import transcript
from sandbox.exercises import EXERCISES
from sandbox.moments import Moment
from sandbox.seeing import CouldNot
from sandbox.stage import ZONE, Chapter
from sandbox.uploads import Shared


def play(name: str, *, out: Path | None, exit_after: bool, port: int) -> None:
    """Play an exercise, print its moments, and leave the workspace open unless `exit_after`."""
    if name not in EXERCISES:
        raise fail(f"there is no exercise «{name}», only: {', '.join(EXERCISES)}")
    set_up(json=False, level="WARNING")
    with tempfile.TemporaryDirectory(prefix="tot-demo-") as folder:
        asyncio.run(_play(name, f"sqlite:///{folder}/tot.db", out, exit_after, port))


async def _play(name: str, database_url: str, out: Path | None, exit_after: bool, port: int) -> None:
    exercise = EXERCISES[name]
    console = Console(highlight=False, soft_wrap=True)
    async with rehearse(database_url, starts=exercise.STARTS, port=port) as rehearsal:
        stage = rehearsal.stage
        console.print(f"[bold]{escape(exercise.TITLE)}[/] – {escape(exercise.SENTENCE)}")
        stage.on_chapter(lambda chapter: _print_chapter(console, chapter))
        stage.box.moments.subscribe(lambda moment: _print_moment(console, moment))
        shared = Shared(stage.box.workspace)
        try:
            await exercise.play(stage)
        except CouldNot as failure:
            raise fail(f"the exercise stopped: {failure}") from failure
        finally:
            if out is not None:
                _write(rehearsal, exercise.TITLE, shared, out)
        _print_end(console, rehearsal, out)
        if not exit_after:
            console.print(
                f"\nArbeidsområdet er åpent på {stage.box.api_url} (Slack Web API). Ctrl-C avslutter."
            )
            await _until_told()


def _print_chapter(console: Console, chapter: Chapter) -> None:
    console.print(f"\n[bold cyan]{escape(chapter.title)}[/]  [dim]{escape(chapter.text)}[/]")


def _print_moment(console: Console, moment: Moment) -> None:
    line = transcript.brief(moment, ZONE)
    if line is not None:
        console.print(escape(line))


def _print_end(console: Console, rehearsal: Rehearsal, out: Path | None) -> None:
    stage = rehearsal.stage
    outsider = stage.person("utenforstaende")
    seen = [m for place in outsider.channels() for m in outsider.messages(place) if not m.ephemeral]
    calls = len(stage.box.workspace.calls)
    console.print(
        f"\n[bold]Ferdig.[/] {calls} kall til Slack. @utenforstaende ser {len(seen) or 'ingen'} meldinger."
    )
    if out is not None:
        console.print(f"Skrevet: {escape(str(out))}/transcript.md, calls.jsonl, invites/")


def _write(rehearsal: Rehearsal, title: str, shared: Shared, out: Path) -> None:
    """transcript.md, calls.jsonl and every calendar file that was sent."""
    box = rehearsal.stage.box
    everybody = [user.handle for user in box.workspace.users.values() if not user.is_bot]
    invites = out / "invites"
    invites.mkdir(parents=True, exist_ok=True)
    text = transcript.markdown(rehearsal.stage, title, ZONE, everybody)
    (out / "transcript.md").write_text(text, "utf-8")
    box.write_calls(out / "calls.jsonl")
    for name, content in shared.files.items():
        if name.endswith(".ics"):
            (invites / name).write_bytes(content)


async def _until_told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, told.set)
    await told.wait()
