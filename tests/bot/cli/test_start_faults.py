"""Faults that keep `tot run` from starting: one line and exit code 1, and `tot doctor` says the same."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.server import APP_TOKEN, BOT_TOKEN
from storage.crypto.keyring import INSTALLATION, Keyring
from storage.crypto.keystore import Keystore
from storage.crypto.master_key import read_secret
from tests.bot.cli.conftest import Env, Tot
from tests.databases import SECRET_KEY
from tests.docs.test_pages import faults


def keys_of(database: Path) -> Path:
    return database.with_name(f"{database.stem}-keys.db")


def make_folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def take_another(database: Path) -> None:
    """Use another installation's key store."""
    keys_of(database).unlink()
    with closing(Keyring(Keystore(f"sqlite:///{keys_of(database)}"), read_secret(SECRET_KEY))) as keyring:
        keyring.create(INSTALLATION)


#: Connections of another program, closed after the test.
_held: list[sqlite3.Connection] = []


def lock(database: Path) -> None:
    _held.append(sqlite3.connect(database, isolation_level=None))
    _held[-1].execute("BEGIN IMMEDIATE")


#: What causes each fault; what is read-only, a folder or empty goes the same way.
BREAKS: Mapping[str, Callable[[Path], object]] = {
    "the key store is gone, or empty": lambda database: keys_of(database).unlink(),
    "the key store is another installation's": take_another,
    "the database cannot be read": lambda database: database.write_bytes(b"not a database" * 100),
    "another program holds the write lock for more than 5 s": lock,
    # Root can write in any folder: a folder in place of the file prevents opening it.
    "the folder of the database is read-only": lambda database: make_folder(Path(f"{database}.lock")),
}
#: What the start and `tot doctor` say of the fault; docs/reliability.md has the rest.
TOLD = {
    "the key store is gone, or empty": "is empty or missing, but the database is not",
    "the key store is another installation's": "is another database's key store",
    "the database cannot be read": "the database does not work: file is not a database",
}


@pytest.fixture
def database(with_partners: str, env: Env, tmp_path: Path) -> Iterator[Path]:
    env(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_API_BASE_URL="http://127.0.0.1:9/")
    env(TOT_AUDIT_ANCHOR=tmp_path / "anchors.txt")
    yield Path(with_partners.removeprefix("sqlite:///"))
    while _held:
        _held.pop().close()


@pytest.mark.parametrize("fault", BREAKS)
def test_what_keeps_it_from_starting(tot: Tot, database: Path, fault: str) -> None:
    says = TOLD.get(fault) or dict(row[:2] for row in faults("At the start"))[fault]
    BREAKS[fault](database)
    # A bot that starts nevertheless is stopped, with exit code 0.
    told_to_stop = threading.Timer(30, os.kill, (os.getpid(), signal.SIGTERM))
    told_to_stop.start()
    try:
        run = tot("run")
    finally:
        told_to_stop.cancel()
    line = run.err.strip()
    assert run.code == 1
    said = says.removeprefix("«… ").partition("»")[0]
    assert said.replace("`", "") in line.replace("`", "")
    assert "\n" not in line
    if fault.startswith("the key store"):
        assert str(keys_of(database)) in line or "TOT_KEYSTORE" in line
    if fault in TOLD:
        doctor = tot("doctor")
        assert doctor.code == 1
        (found,) = (line for line in doctor.out.splitlines() if line.startswith("Database"))
        assert found.split()[1] == "wrong"
