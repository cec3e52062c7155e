"""`tot demo`: a bot and a local Slack workspace, and an exercise played in it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bot.cli.console import fail
from bot.cli.rehearsal import rehearse
from bot.logs import set_up
from sandbox.activity import Activity
from sandbox.channels import SharedFiles
from sandbox.exercises import DEFAULT, EXERCISES, transcript
from sandbox.exercises.runner import ZONE, Chapter, ExerciseRunner
from sandbox.people.visibility import CouldNot


def play(name: str | None, *, out: Path | None, exit_after: bool, port: int, mail: bool) -> None:
    """Play an exercise and print its moments; unless `exit_after`, on a page that stays open."""
    if name is not None and name not in EXERCISES:
        raise fail(f"there is no exercise «{name}», only: {', '.join(EXERCISES)}")
    set_up(json=False, level="WARNING")
    with tempfile.TemporaryDirectory(prefix="tot-demo-") as folder:
        if exit_after:
            asyncio.run(_play(name or DEFAULT, f"sqlite:///{folder}/tot.db", out, port, mail))
        else:
            _keep_open(Path(folder), name or "", out, port, mail)


async def _play(name: str, database_url: str, out: Path | None, port: int, mail: bool) -> None:
    exercise = EXERCISES[name]
    console = Console(highlight=False, soft_wrap=True)
    async with rehearse(database_url, starts=exercise.STARTS, port=port, mail=mail) as rehearsal:
        runner = rehearsal.runner
        console.print(f"[bold]{escape(exercise.TITLE)}[/] – {escape(exercise.SENTENCE)}")
        _print_as_it_happens(console, runner)
        shared = SharedFiles(runner.sandbox.workspace)
        try:
            await exercise.play(runner)
        except CouldNot as failure:
            raise fail(f"the exercise stopped: {failure}") from failure
        finally:
            if out is not None:
                _write(runner, exercise.TITLE, shared, out)
        _print_end(console, runner, out)


def _keep_open(folder: Path, name: str, out: Path | None, port: int, mail: bool) -> None:
    # The page needs NiceGUI, which playing in the terminal does not.
    from bot.cli.staging import keep_open, open_browser
    from sandbox.page.session import Session

    console = Console(highlight=False, soft_wrap=True)
    shown: list[tuple[ExerciseRunner, SharedFiles]] = []

    def watch(show: Session) -> None:
        runner = show.player.runner
        _print_as_it_happens(console, runner)
        url = runner.sandbox.page_url
        console.print(f"\nArbeidsområdet er åpent på [bold]{url}[/] Ctrl-C avslutter.", soft_wrap=True)
        if not shown:
            console.print(
                "Der kan du prøve boten i hver rolle, og spille av øvelser. Bare denne maskinen når siden."
            )
            open_browser(url)
        shown[:] = [(runner, SharedFiles(runner.sandbox.workspace))]

    asyncio.run(keep_open(folder, name, port=port, mail=mail, watch=watch))
    if out is not None and shown:
        runner, shared = shown[0]
        _write(runner, EXERCISES[name or DEFAULT].TITLE, shared, out)


def _print_as_it_happens(console: Console, runner: ExerciseRunner) -> None:
    runner.on_chapter(lambda chapter: _print_chapter(console, chapter))
    runner.sandbox.activity.subscribe(lambda moment: _print_moment(console, moment))


def _print_chapter(console: Console, chapter: Chapter) -> None:
    console.print(f"\n[bold cyan]{escape(chapter.title)}[/]  [dim]{escape(chapter.text)}[/]")


def _print_moment(console: Console, moment: Activity) -> None:
    line = transcript.brief(moment, ZONE)
    if line is not None:
        console.print(escape(line))


def _print_end(console: Console, runner: ExerciseRunner, out: Path | None) -> None:
    outsider = runner.person("utenforstaende")
    seen = [m for place in outsider.channels() for m in outsider.messages(place) if not m.ephemeral]
    calls = len(runner.sandbox.workspace.calls)
    console.print(
        f"\n[bold]Ferdig.[/] {calls} kall til Slack. @utenforstaende ser {len(seen) or 'ingen'} meldinger."
    )
    if out is not None:
        console.print(f"Skrevet: {escape(str(out))}/transcript.md, calls.jsonl, invites/, mails/")


def _write(runner: ExerciseRunner, title: str, shared: SharedFiles, out: Path) -> None:
    """transcript.md, calls.jsonl, and every mail and calendar file that was sent."""
    sandbox = runner.sandbox
    everybody = [user.handle for user in sandbox.workspace.users.values() if not user.is_bot]
    invites = out / "invites"
    invites.mkdir(parents=True, exist_ok=True)
    text = transcript.markdown(runner, title, ZONE, everybody)
    (out / "transcript.md").write_text(text, "utf-8")
    sandbox.write_calls(out / "calls.jsonl")
    for name, content in shared.files.items():
        if name.endswith(".ics"):
            (invites / name).write_bytes(content)
    if runner.post is not None:
        runner.post.write_mails(out / "mails")
        runner.post.write_invites(invites)
