"""The first case is played once on each database for all tests that look at what it left."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest

from tests.databases import PostgresServer, sqlite_url
from tests.play.played import Played, play

FirstCase = Callable[[str], Played]


@pytest.fixture(scope="session")
def first_case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> FirstCase:
    """The first case as it was played on «sqlite» or «postgres», by this or another worker of this run."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def played_on(kind: str) -> Played:
        if kind == "sqlite":
            return play(sqlite_url(Path(copy(migrated_sqlite, tmp_path_factory.mktemp("play") / "tot.db"))))
        postgres: PostgresServer = request.getfixturevalue("postgres")
        with postgres.clone() as url:
            return play(url)

    def found(kind: str) -> Played:
        kept = folder / f"first-case-{kind}.pickle"
        with (folder / f"first-case-{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_bytes(pickle.dumps(played_on(kind)))
            played: Played = pickle.loads(kept.read_bytes())  # noqa: S301
            return played

    return found
