"""The audit log: a write with an entry against one without, and checking the chain as it grows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import median

from sqlalchemy import Connection

from bench.apps import partners_known, postgresql, sqlite
from bench.cases import confirm
from bench.figures import Aim, Finding, Part, Sizes, ms, times
from bot.clock import SystemClock
from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.case.entities import Case
from bot.domain.directory.entities import Person
from bot.usecases.ports import UnitOfWork
from storage.audit import append
from storage.database import SqlDatabase

WRITE = Aim("≤", 2.5, "×")
#: Ten times the entries: linear, with some room.
VERIFY = Aim("≤", 15, "×")


async def costs(sizes: Sizes) -> Part:
    """On SQLite and on PostgreSQL, in this process."""
    findings: list[Finding] = []
    for name, opened in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with opened() as url:
            async with partners_known(url) as database:
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
