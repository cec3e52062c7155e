"""The cost of upkeep: the audit log, an idle bot, a backup and its restore."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from sqlalchemy import Connection

from bench.apps import (
    BARE,
    DATABASES,
    MANIFEST,
    SECRET,
    TOT_RUN,
    database_with_partners,
    keystore,
    running,
    sqlite,
)
from bench.cases import confirm, copy_case
from bench.figures import Aim, Finding, Part, Sizes, ms, times
from bot.clock import SystemClock
from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.case.entities import Case
from bot.domain.directory.entities import Person
from bot.usecases.ports import UnitOfWork
from sandbox import Sandbox
from storage.audit import append
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import Keystore, keystore_url
from storage.database import SqlDatabase

WRITE = Aim("≤", 2.5, "×")
#: For ten times the entries: linear, with some margin.
VERIFY = Aim("≤", 15, "×")


async def audit(sizes: Sizes) -> Part:
    """Measure the audit log on SQLite and on PostgreSQL, in this process."""
    findings: list[Finding] = []
    for name, opened in DATABASES.items():
        with opened() as url:
            async with database_with_partners(url) as database:
                await database.write(lambda uow: confirm(uow, [SystemClock().now()]))
                (case,) = await database.read(lambda uow: uow.find(Case))
                entry = AuditEntry(Action.INVITE_AGENCY, case.opened_by, case.id, Right.CASE_COORDINATOR)
                findings += [
                    await _write(name, database, entry, sizes.audited),
                    await _verify(name, database, entry, sizes.entries),
                ]
    return Part("8. The audit log", findings)


async def _write(name: str, database: SqlDatabase, entry: AuditEntry, writes: int) -> Finding:
    plain: list[float] = []
    audited: list[float] = []
    for number in range(writes):
        for took, entries in ((plain, ()), (audited, (entry,))):
            person = Person(f"bench-{number}-{len(entries)}", slack_id=f"U0{number}{len(entries)}")

            def work(
                uow: UnitOfWork, person: Person = person, entries: Sequence[AuditEntry] = entries
            ) -> None:
                uow.add(person)
                uow.audit(*entries)

            began = time.perf_counter()
            await database.write(work)
            took.append(time.perf_counter() - began)
    return times(
        median(audited) / median(plain),
        WRITE,
        f"{name}: a write with an entry, against one without",
        f"p50 {ms(median(audited))} · {ms(median(plain))}",
    )


async def _verify(name: str, database: SqlDatabase, entry: AuditEntry, sizes: tuple[int, int]) -> Finding:
    took = []
    for rows in sizes:
        have = (await database.log.verify())[0]

        def fill(connection: Connection, missing: int = rows - have) -> None:
            append(connection, database.keyring, SystemClock().now(), [entry] * missing)

        await database._transactions.write(fill)
        began = time.process_time()
        found = await database.log.verify()
        took.append(time.process_time() - began)
        assert found == (rows, None)
    few, many = took
    return times(
        many / few,
        VERIFY,
        f"{name}: verify {sizes[1]:,} entries, against {sizes[0]:,}",
        f"{ms(many)} · {ms(few)}",
    )


MB = 1024 * 1024
RESTING = Aim("≤", 2, "×")
#: Percent of one core.
BUSY = Aim("≤", 1, " %")


async def idle(sizes: Sizes) -> Part:
    """Measure the idle bot and the bare app at once, each in its own workspace without activity."""
    with sqlite() as url:
        async with (
            database_with_partners(url),
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
    """Measure backup and restore of many cases against SQLite's own copy of the file."""
    with sqlite() as url, tempfile.TemporaryDirectory(prefix="tot-bench-") as folder:
        to = Path(folder)
        async with database_with_partners(url) as database:
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
