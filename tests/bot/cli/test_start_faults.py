"""Faults that keep `tot run` from starting: one line and exit code 1, and `tot doctor` says the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.server import APP_TOKEN, BOT_TOKEN
from tests.bot.cli.conftest import ROOT, Tot
from tests.faults import STARTS, UNSEEN

PARTNERS = str(ROOT / "partners.example.toml")


def keys_of(database: Path) -> Path:
    return database.with_name(f"{database.stem}-keys.db")


def fill(file: Path, content: bytes) -> None:
    for end in ("-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    file.write_bytes(content)


def make_read_only(file: Path) -> None:
    """By its own header, which root heeds as well as everybody: «written by a newer version»."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    content = bytearray(file.read_bytes())
    content[18] = 3
    fill(file, bytes(content))


def make_folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def take_another(database: Path) -> None:
    """Another installation's store, made in a process of the same kind."""
    fill(keys_of(database), keys_of(database.with_name("other.db")).read_bytes())


#: Connections of another program, closed after the test.
_held: list[sqlite3.Connection] = []


def lock(database: Path) -> None:
    _held.append(sqlite3.connect(database, isolation_level=None))
    _held[-1].execute("BEGIN IMMEDIATE")


BREAKS: Mapping[str, Callable[[Path], None]] = {
    "store_gone": lambda database: keys_of(database).unlink(),
    "store_of_another": take_another,
    "store_unreadable": lambda database: fill(keys_of(database), b"not a key store" * 100),
    "store_is_a_folder": lambda database: make_folder(keys_of(database)),
    "store_read_only": lambda database: make_read_only(keys_of(database)),
    "database_read_only": make_read_only,
    "database_unreadable": lambda database: fill(database, b"not a database" * 100),
    "database_empty": lambda database: fill(database, b""),
    "database_locked": lock,
    # Root may write in any folder: what is in the place of the file keeps it from being opened.
    "no_lock": lambda database: make_folder(Path(f"{database}.lock")),
}


@pytest.fixture
def database(
    tot: Tot, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Path]:
    for name, value in (
        ("SLACK_BOT_TOKEN", BOT_TOKEN),
        ("SLACK_APP_TOKEN", APP_TOKEN),
        ("SLACK_API_BASE_URL", "http://127.0.0.1:9/"),
        ("TOT_AUDIT_ANCHOR", str(tmp_path / "anchors.txt")),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", sqlite_database_url)
    assert tot("partners", "import", PARTNERS).code == 0
    yield Path(sqlite_database_url.removeprefix("sqlite:///"))
    while _held:
        _held.pop().close()


@pytest.mark.parametrize("fault", STARTS)
def test_what_keeps_it_from_starting(
    tot: Tot, database: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    how, said = STARTS[fault]
    if how == "store_of_another":
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("DATABASE_URL", f"sqlite:///{database.with_name('other.db')}")
            assert tot("migrate").code == 0
            assert tot("partners", "import", PARTNERS).code == 0
    BREAKS[how](database)
    run = tot("run")
    line = run.err.strip()
    assert run.code == 1
    assert said in line
    assert "\n" not in line
    if how.startswith("store"):
        assert str(keys_of(database)) in line or "TOT_KEYSTORE" in line
    if how not in UNSEEN:
        doctor = tot("doctor")
        assert doctor.code == 1
        assert "│ Database " in doctor.out
        assert "│ wrong " in next(each for each in doctor.out.splitlines() if "│ Database " in each)
