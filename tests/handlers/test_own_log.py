"""`/tot innsyn` in a log of many rows: it takes no longer, and tells of nobody else."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.cli.demo import rehearse
from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from storage import audit
from storage.database import SqlDatabase
from tests.e2e import kit
from tests.handlers.slack.test_bad_input import EntryPoints, text_of

ROWS = 500


@pytest.mark.long
@pytest.mark.parametrize("cases", [10, pytest.param(40, marks=pytest.mark.slow)])
async def test_the_log_of_others_costs_nobody_anything(
    sqlite_database_url: str, tmp_path: Path, cases: int
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        entry_points = EntryPoints(rehearsal, tmp_path / "tot.db")
        await entry_points.open_case()
        before, few = await _asks(entry_points)
        database = rehearsal.bot.database
        for number in range(cases):
            entry = AuditEntry(
                *(Action.INVITE_AGENCY, f"other-{number}", f"case-{number}", Right.CASE_COORDINATOR),
                subject=f"asked-{number}",
            )
            await database._transactions.write(partial(_append, database, [entry] * ROWS))
        after, many = await _asks(entry_points)
        assert ": sak opprettet" in after
        assert set(before.splitlines()) <= set(after.splitlines())
        assert len(after.splitlines()) - len(before.splitlines()) <= 3, "but for the askings themselves"
        assert many < 4 * few, f"{cases * ROWS:,} rows of others: {many:.3f} s, without them {few:.3f} s"


def _append(database: SqlDatabase, entries: list[AuditEntry], connection: Connection) -> None:
    audit.append(connection, database.keyring, datetime.now(UTC), entries)


async def _asks(entry_points: EntryPoints) -> tuple[str, float]:
    """The coordinator's answer, and the processor time that it takes all of us."""
    took = []
    read = ""
    for _ in range(3):
        began = time.process_time()
        read = text_of(await entry_points.coordinator.types("/tot innsyn", "#generelt"))
        took.append(time.process_time() - began)
    return read, min(took)
