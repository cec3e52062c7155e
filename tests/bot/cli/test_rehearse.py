"""`tot restore --rehearse`, as an operator types it, beside what it must not touch; on both databases."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import text

from storage.database import SqlDatabase
from tests.bot.cli.conftest import Archive, beside


def backed_up(archive: Archive, tmp_path: Path) -> Path:
    backup = tmp_path / "tot.backup"
    archive.tot.does("backup", str(backup))
    return backup


def databases(archive: Archive) -> set[str]:
    if not archive.on_postgresql:
        return {path.name for path in Path(tempfile.gettempdir()).glob("tot-rehearsal-*")}
    return set(archive.sql("SELECT datname FROM pg_database WHERE datname LIKE 'tot_reh%%'"))


def test_it_tells_what_would_come_back_and_takes_it_away(archive: Archive, tmp_path: Path) -> None:
    backup = backed_up(archive, tmp_path)
    archive.by_the_bot(3)
    before = databases(archive)
    said = archive.tot.does("restore", "--rehearse", str(backup))
    assert "cases: 1 open, 0 closed; 0 deleted since stay deleted" in said
    assert "log: 10 rows, all as they were written" in said
    assert databases(archive) == before
    archive.tells(0, "13 rows")  # the database that is in use is as it was


def test_what_was_erased_since_stays_erased_and_a_lost_key_told(on_sqlite: Archive, tmp_path: Path) -> None:
    backup = backed_up(on_sqlite, tmp_path)

    async def erase(database: SqlDatabase) -> None:
        await database.unlock()
        database.keyring.destroy("case/case")

    async def lose(database: SqlDatabase) -> None:
        await database.unlock()
        with database.keyring.keystore.changing() as connection:
            connection.execute(text("DELETE FROM keys WHERE scope = 'case/case'"))

    beside(on_sqlite.url, erase, on_sqlite.clock)
    said = on_sqlite.tot.does("restore", "--rehearse", str(backup))
    assert "cases: 0 open, 0 closed; 1 deleted since stay deleted" in said
    beside(on_sqlite.url, lose, on_sqlite.clock)
    lost = on_sqlite.tot("restore", "--rehearse", str(backup))
    assert lost.code == 1
    assert "cases that cannot be read: 1" in lost.out
    assert "would not bring everything back" in lost.err


def test_a_damaged_backup_is_told_and_nothing_is_left(archive: Archive, tmp_path: Path) -> None:
    backup = backed_up(archive, tmp_path)
    before, whole = databases(archive), backup.read_bytes()
    for cut in (10, 1000):
        backup.write_bytes(whole[:-cut])
        said = archive.tot("restore", "--rehearse", str(backup))
        assert said.code == 1
        assert said.err == "the backup is damaged, or another installation's\n"
        assert databases(archive) == before
