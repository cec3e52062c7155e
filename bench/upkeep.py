"""The cost of a bot to which nothing happens, and a night's work: a backup, and putting it back."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.apps import BARE, MANIFEST, SECRET, TOT_RUN, keystore, partners_known, running, sqlite
from bench.cases import confirm, copy_case
from bench.figures import Aim, Finding, Part, Sizes, times
from bot.clock import SystemClock
from sandbox import Sandbox
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import Keystore, keystore_url

MB = 1024 * 1024
RESTING = Aim("≤", 2, "×")
#: Of one core.
BUSY = Aim("≤", 1, " %")


async def idle(sizes: Sizes) -> Part:
    """Both at once, each with a workspace of its own in which nobody does anything."""
    with sqlite() as url:
        async with (
            partners_known(url),
            Sandbox(MANIFEST) as of_bot,
            Sandbox(MANIFEST) as of_bare,
            running(of_bot, TOT_RUN, DATABASE_URL=url) as ours,
            running(of_bare, BARE) as bare,
        ):
            await asyncio.sleep(sizes.settle)
            before = ours.cpu_seconds(), bare.cpu_seconds()
            await asyncio.sleep(sizes.idle)
            used, least = (
                (app.cpu_seconds() - then) / sizes.idle * 100
                for app, then in zip((ours, bare), before, strict=True)
            )
            memory, smallest = ours.memory(), bare.memory()
    return Part(
        f"9. Idle for {sizes.idle:.0f} s, {sizes.settle:.0f} s after the start",
        [
            times(
                memory / smallest,
                RESTING,
                "resident memory",
                f"{memory / MB:.0f} MB · bare {smallest / MB:.0f} MB",
            ),
            Finding("processor time, of one core", f"bare {least:.2f} %", used, " %", BUSY),
        ],
    )


async def backup(sizes: Sizes) -> Part:
    """A backup of many cases against a copy of the file that SQLite makes itself; and putting it back."""
    with sqlite() as url, tempfile.TemporaryDirectory(prefix="tot-bench-") as folder:
        to = Path(folder)
        async with partners_known(url) as database:
            await database.write(lambda uow: confirm(uow, [SystemClock().now()]))
            await asyncio.to_thread(copy_case, url, sizes.backed_up - 1)
            began = time.perf_counter()
            await database.back_up(to / "night.backup")
            backed_up = time.perf_counter() - began
            began = time.perf_counter()
            await asyncio.to_thread(_copy, url, to / "copy.db")
            copied = time.perf_counter() - began
        began = time.perf_counter()
        with closing(Keyring(Keystore(keystore_url(url, keystore(url))), SECRET)) as keyring:
            await asyncio.to_thread(restore, f"sqlite:///{to}/back.db", keyring, to / "night.backup")
        restored = time.perf_counter() - began
        size = (to / "night.backup").stat().st_size
    return Part(
        f"10. A backup of {sizes.backed_up:,} cases on SQLite, {size / MB:.1f} MB",
        [
            Finding("backup, against SQLite's own copy", f"{backed_up:.2f} s", backed_up / copied, "×"),
            Finding("restore, against SQLite's own copy", f"{restored:.2f} s", restored / copied, "×"),
        ],
    )


def _copy(url: str, to: Path) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
