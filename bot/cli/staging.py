"""`tot demo` with its page: a workspace that is kept open, and begun anew when someone asks for it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.cli.rehearsal import Rehearsal, rehearse
from bot.domain.directory.entities import Person
from sandbox.exercises import DEFAULT, EXERCISES, WITH_MAIL
from sandbox.page.opening import Page, opened
from sandbox.page.show import Due, Show, Upcoming

Watch = Callable[[Show], None]


async def keep_open(folder: Path, exercise: str, *, port: int, mail: bool, watch: Watch) -> None:
    """Show workspaces on a page until told to stop (SIGTERM, Ctrl-C), the first one playing this exercise.

    Without one it waits for a human to do something. `watch` hears of every workspace when it is ready.
    """
    told = _until_told()
    async with opened() as page:
        number = 0
        while not told.is_set():
            number += 1
            url = f"sqlite:///{folder / f'tot-{number}.db'}"
            port, exercise = await _one(page, url, exercise, port, mail, told, watch)


async def _one(
    page: Page, url: str, exercise: str, port: int, mail: bool, told: asyncio.Event, watch: Watch
) -> tuple[int, str]:
    """One workspace, until it is to begin anew; the port it had, and the exercise of the next."""
    wanted: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    starts = EXERCISES[exercise or DEFAULT].STARTS
    async with rehearse(url, starts=starts, port=port, page=page.app, mail=mail) as rehearsal:

        def begin_anew(name: str) -> None:
            if not wanted.done():
                wanted.set_result(name)

        playable = {key: each for key, each in EXERCISES.items() if mail or key not in WITH_MAIL}
        show = Show(rehearsal.stage, playable, _upcoming(rehearsal), begin_anew)
        page.show(show)
        watch(show)
        if exercise:
            show.player.gate.play()
            show.player.begin(exercise, EXERCISES[exercise])
        # What is loaded stays: looking through it for garbage would halt the page for 0.2 s at a time.
        gc.freeze()
        ending = asyncio.create_task(told.wait())
        ending.add_done_callback(lambda _: begin_anew(""))
        try:
            await wanted
        finally:
            ending.cancel()
            await show.player.end()
        return rehearsal.stage.box.port, wanted.result()


def _upcoming(rehearsal: Rehearsal) -> Upcoming:
    database = rehearsal.bot.database

    async def upcoming(limit: int) -> Sequence[Due]:
        rows = await database.outbox.upcoming(limit)
        people = await database.read(lambda uow: {p.id: p.slack_id or "" for p in uow.find(Person)})
        return [
            Due(
                row.notification.kind.value,
                people.get(row.notification.recipient or "", ""),
                row.next_at,
                row.claimed,
            )
            for row in rows
        ]

    return upcoming


def open_browser(url: str) -> None:
    """Opens the page if there are eyes for it: a terminal and a display."""
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or sys.platform in (
        "darwin",
        "win32",
    )
    if sys.stdout.isatty() and has_display:
        webbrowser.open(url)


def _until_told() -> asyncio.Event:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, told.set)
    return told
