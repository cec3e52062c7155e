"""`tot restore --rehearse`, as an operator types it, beside what it must not touch; on both databases."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from sqlalchemy import create_engine, text

from storage.transactions import database_url as with_driver
from tests.bot.cli.conftest import Archive
from tests.databases import open_database


def backed_up(archive: Archive, tmp_path: Path) -> Path:
    backup = tmp_path / "tot.backup"
    assert archive.tot("backup", str(backup)).code == 0
    return backup


def databases(archive: Archive) -> set[str]:
    if not archive.on_postgresql:
        return {path.name for path in Path(tempfile.gettempdir()).glob("tot-rehearsal-*")}
    engine = create_engine(with_driver(archive.url))
    with engine.connect() as connection:
        found = set(connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'tot_reh%'")))
    engine.dispose()
    return found


def test_it_tells_what_would_come_back_and_takes_it_away(archive: Archive, tmp_path: Path) -> None:
    backup = backed_up(archive, tmp_path)
    archive.by_the_bot(3)
    before = databases(archive)
    said = archive.tot("restore", "--rehearse", str(backup))
    assert said.code == 0, said.err
    assert "cases: 1 open, 0 closed; 0 deleted since stay deleted" in said.out
    assert "log: 10 rows, all as they were written" in said.out
    assert databases(archive) == before
    archive.tells(0, "13 rows")  # the database that is in use is as it was


def test_what_was_erased_since_stays_erased_and_a_case_whose_key_is_lost_is_told(
    on_sqlite: Archive, tmp_path: Path
) -> None:
    backup = backed_up(on_sqlite, tmp_path)

    async def erase(*, lost: bool) -> None:
        database = open_database(on_sqlite.url, on_sqlite.clock)
        await database.unlock()
        database.keyring.destroy("case/case")
        if lost:
            with database.keyring.keystore.changing() as connection:
                connection.execute(text("DELETE FROM keys WHERE scope = 'case/case'"))
        await database.close()

    asyncio.run(erase(lost=False))
    said = on_sqlite.tot("restore", "--rehearse", str(backup))
    assert said.code == 0, said.out + said.err
    assert "cases: 0 open, 0 closed; 1 deleted since stay deleted" in said.out
    asyncio.run(erase(lost=True))
    said = on_sqlite.tot("restore", "--rehearse", str(backup))
    assert said.code == 1
    assert "cases that cannot be read: 1" in said.out
    assert "would not bring everything back" in said.err


def test_a_damaged_backup_is_told_and_nothing_is_left(archive: Archive, tmp_path: Path) -> None:
    backup = backed_up(archive, tmp_path)
    before, whole = databases(archive), backup.read_bytes()
    for cut in (10, 1000):
        backup.write_bytes(whole[:-cut])
        said = archive.tot("restore", "--rehearse", str(backup))
        assert said.code == 1
        assert said.err == "the backup is damaged, or another installation's\n"
        assert databases(archive) == before
