"""`tot audit verify` after each attack on the log, and `tot restore --rehearse`, as an operator types it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import SqlDatabase
from tests.bot.cli.conftest import Archive, Env, Tot, beside
from tests.every import every

Attack = Callable[[Archive], None]


def _regrown(archive: Archive) -> None:
    archive.tamper("DELETE FROM audit WHERE number > 4")
    archive.by_the_bot(6)


def _spliced(archive: Archive) -> None:
    """Insert a valid row of the same number, whose successors follow upon another row."""
    archive.tamper(
        "CREATE TABLE kept AS SELECT * FROM audit WHERE number > 7", "DELETE FROM audit WHERE number > 6"
    )
    archive.by_the_bot(1)
    archive.tamper(
        "DELETE FROM audit WHERE number > 7", "INSERT INTO audit SELECT * FROM kept", "DROP TABLE kept"
    )


def _in_log(*statements: str) -> Attack:
    return lambda archive: archive.tamper(*statements)


def _both_emptied(archive: Archive) -> None:
    archive.tamper("DELETE FROM audit")
    archive.anchors.unlink()


def _not_to_be_read(archive: Archive) -> None:
    archive.anchors.unlink()
    archive.anchors.mkdir()


def _in_file(change: Callable[[list[str]], list[str]]) -> Attack:
    return lambda archive: archive.rewrite(change)


CHANGED = "row 4 has been changed, moved or inserted"
SWAP = (
    "UPDATE audit SET number = -4 WHERE number = 4",
    "UPDATE audit SET number = 4 WHERE number = 5",
    "UPDATE audit SET number = 5 WHERE number = -4",
)
COPY = "at, event, scope_ref, body, hash FROM audit WHERE number = 2"
ONCE = "the log has been cut; it once had 9 rows"
LOG: dict[str, tuple[Attack, str]] = {
    "cut": (_in_log("DELETE FROM audit WHERE number > 7"), f"row 8 is missing: {ONCE}"),
    "cut, and grown again": (_regrown, "row 5 is not the one that was anchored"),
    "emptied": (_in_log("DELETE FROM audit"), f"row 1 is missing: {ONCE}"),
    "emptied, and the anchors with it": (_both_emptied, "the log is empty, but its key has been used"),
    "another event": (_in_log("UPDATE audit SET event = 'left' WHERE number = 4"), CHANGED),
    "another time": (_in_log("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE number = 4"), CHANGED),
    "another body": (
        _in_log("UPDATE audit SET body = (SELECT body FROM audit a WHERE a.number = 2) WHERE number = 4"),
        CHANGED,
    ),
    "removed": (_in_log("DELETE FROM audit WHERE number = 4"), "row 4 is missing: row 5 follows"),
    "removed and closed up": (
        _in_log("DELETE FROM audit WHERE number = 9", "UPDATE audit SET number = 9 WHERE number = 8"),
        "row 8 is missing",
    ),
    "of another history": (_spliced, "row 8 has been changed, moved or inserted"),
    "reordered": (_in_log(*SWAP), CHANGED),
    "inserted": (_in_log(f"INSERT INTO audit SELECT 10, {COPY}"), "row 10 has been changed, moved or"),
}
FILE: dict[str, tuple[Attack, str]] = {
    "no anchors": (lambda archive: archive.anchors.unlink(), "there are no anchors in"),
    "anchors emptied": (_in_file(lambda lines: []), "there are no anchors in"),
    "an anchor of another number": (
        _in_file(lambda lines: [lines[0], lines[1].replace(" 9 ", " 8 ")]),
        "row 8 is not the one that was anchored",
    ),
    "anchors not to be read": (_not_to_be_read, "cannot be read: Is a directory"),
}


@every("how", LOG | FILE)
def test_what_was_done_to_the_log_or_its_anchors_is_found(on_sqlite: Archive, how: str) -> None:
    attack, found = (LOG | FILE)[how]
    with on_sqlite.put_back_afterwards():
        attack(on_sqlite)
        said = on_sqlite.verify()
    assert (said.code, said.out) == (1, "")
    assert found in said.err
    assert how in FILE or "Stop the bot, keep copies" in said.err.splitlines()[1], "what to do"


QUIET = "CREATE TRIGGER quiet BEFORE INSERT ON audit BEGIN SELECT RAISE(IGNORE); END"
QUIET_ON_POSTGRESQL = "CREATE RULE quiet AS ON INSERT TO audit DO INSTEAD NOTHING"


def test_where_the_log_swallows_rows_nothing_is_done(archive: Archive, tmp_path: Path) -> None:
    """Such rows leave no gap in the chain."""
    archive.sql(QUIET_ON_POSTGRESQL if archive.on_postgresql else QUIET)
    told = archive.tot.cannot("backup", str(tmp_path / "tot.backup"))
    assert "the log does not keep what is written to it" in told
    assert not (tmp_path / "tot.backup").exists()


def test_what_cannot_be_seen_here_is_seen_by_an_anchor_kept_elsewhere(on_sqlite: Archive) -> None:
    """The ends of the log and of the file are cut together: the log stream still has the anchor."""
    elsewhere = on_sqlite.anchors.read_text().splitlines()[1].split()[2]
    assert on_sqlite.verify("--anchor", elsewhere).code == 0
    on_sqlite.tamper("DELETE FROM audit WHERE number > 5")
    on_sqlite.rewrite(lambda lines: lines[:1])
    assert on_sqlite.verify().code == 0
    said = on_sqlite.verify("--anchor", elsewhere)
    assert said.code == 1
    assert f"no row has the hash {elsewhere}: the log was cut or rewritten" in said.err
    said = on_sqlite.verify("--anchor", "nine")
    assert said.code == 1
    assert said.err.startswith("nine is not the hash of an anchor")


def test_rows_that_wait_for_an_anchor_are_told(on_sqlite: Archive) -> None:
    """Nothing is wrong yet: it is reported, with exit code 0."""
    on_sqlite.by_the_bot(1, anchored=False)
    whole = "10 rows, all unchanged."
    on_sqlite.tells(0, whole, "rows after 9 have had no anchor since")


def test_a_line_that_a_crash_has_cut_off_is_no_anchor(on_sqlite: Archive) -> None:
    on_sqlite.rewrite(lambda lines: [lines[0], lines[1][:40]])
    on_sqlite.by_the_bot(1)
    assert on_sqlite.verify().code == 0
    assert [line.split()[1] for line in on_sqlite.anchors.read_text().splitlines()] == ["5", "9", "10"]


def test_after_a_backup_has_been_put_back_the_truth_is_told(archive: Archive, tmp_path: Path) -> None:
    backup = backed_up(archive, tmp_path)
    assert archive.anchors.read_text().splitlines()[-1].split()[1] == "10", "anchored before the backup"
    archive.by_the_bot(7)
    assert archive.verify().code == 0
    assert archive.tot("restore", str(backup), "--yes", "--replace").code == 0
    for rows in ("11 rows", "14 rows"):
        replaced = "The log that it replaced had at least 17 rows"
        archive.tells(0, rows, "a backup was restored at", replaced)
        archive.by_the_bot(3)
    archive.tamper("DELETE FROM audit WHERE number > 13")
    restored = archive.anchors.read_text().splitlines()[-3]
    assert restored.split()[1] == "11"
    # The restoration's own line, once more, hides nothing either.
    archive.rewrite(lambda lines: [*lines, f"{restored}\n"])
    archive.tells(1, "it once had 17 rows")


def test_an_older_copy_put_back_is_told(tot: Tot, sqlite_database_url: str, tmp_path: Path, env: Env) -> None:
    env(DATABASE_URL=sqlite_database_url)
    archive = Archive(tot, sqlite_database_url, tmp_path / "tot-audit.txt")
    archive.begin()
    file = Path(sqlite_database_url.removeprefix("sqlite:///"))
    copy = Path(shutil.copy(file, tmp_path / "copy.db"))
    archive.by_the_bot(3)
    copy.replace(file)
    put_back = "has put back an older copy without `tot restore`"
    archive.tells(1, "it once had 12 rows", put_back)


def backed_up(archive: Archive, tmp_path: Path) -> Path:
    backup = tmp_path / "tot.backup"
    archive.tot.does("backup", str(backup))
    return backup


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of temporary files."""
    (folder := tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_it_tells_what_would_come_back_and_takes_it_away(
    archive: Archive, tmp_path: Path, scratch: Path
) -> None:
    backup = backed_up(archive, tmp_path)
    archive.by_the_bot(3)
    said = archive.tot.does("restore", "--rehearse", str(backup))
    assert "cases: 1 open, 0 closed; 0 deleted since stay deleted" in said
    assert "log: 10 rows, all unchanged" in said
    assert [*scratch.iterdir()] == []
    archive.tells(0, "13 rows")  # the database in use is unchanged


def test_what_was_erased_since_stays_erased_and_a_lost_key_told(on_sqlite: Archive, tmp_path: Path) -> None:
    backup = backed_up(on_sqlite, tmp_path)

    async def erase(database: SqlDatabase) -> None:
        await database.unlock()
        database.keyring.destroy("case/case")

    async def lose(database: SqlDatabase) -> None:
        await database.unlock()
        with database.keyring.keystore.transaction() as connection:
            connection.execute(text("DELETE FROM keys WHERE scope = 'case/case'"))

    beside(on_sqlite.url, erase, on_sqlite.clock)
    said = on_sqlite.tot.does("restore", "--rehearse", str(backup))
    assert "cases: 0 open, 0 closed; 1 deleted since stay deleted" in said
    beside(on_sqlite.url, lose, on_sqlite.clock)
    lost = on_sqlite.tot("restore", "--rehearse", str(backup))
    assert lost.code == 1
    assert "cases that cannot be read: 1" in lost.out
    assert "would not restore everything" in lost.err
