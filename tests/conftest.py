"""Fixtures for every test. `database` runs a test twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from storage import migrate
from storage.database import SqlDatabase
from tests import compiled, watched
from tests.databases import (
    SECRET_KEY,
    PostgresServer,
    SettableClock,
    fast_folder,
    opened,
    postgres_server,
    sqlite_url,
)
from tests.stories import told

# With Python's 700, a fifth of the time in which tests are collected goes into looking for garbage.
gc.set_threshold(20_000)

# A quarter of the time of an opened case went into finding out the SQL of statements anew.
compiled.share()

# Machines are shared: how long an example takes is no property of what is tested.
hypothesis.settings.register_profile("shared", deadline=None)
hypothesis.settings.load_profile("shared")

#: For databases that are opened without saying so, here and in processes that tests start.
os.environ["TOT_SECRET_KEY"] = SECRET_KEY
#: Tests keep their files in memory.
os.environ["TOT_ACCEPT_EPHEMERAL_DISK"] = "yes"

#: In the reason of every skip for something that the machine lacks.
NOT_INSTALLED = "is not installed"


def pytest_configure() -> None:
    """Tests keep their files in memory, if they are not told where."""
    folder = fast_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests come first, one after the other: nobody waits at the end for one that began late."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What has been loaded by now stays: no collection of garbage need look through it again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """When all stories have been told, what is in none of them is named, and the run has failed."""
    asked, part = session.config.option, hasattr(session.config, "workerinput")
    whole = session.config.args in (["tests"], ["tests/stories"]) and asked.markexpr in ("not slow", "")
    if part or not whole or asked.keyword or asked.collectonly or session.testsfailed or session.shouldstop:
        return
    if missing := told.untold(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().line(f"\nin no story: {', '.join(missing)}", red=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test by which the bot has logged what may never stand in a log has failed."""
    report = yield
    if isinstance(report.longrepr, tuple) and NOT_INSTALLED in report.longrepr[2]:
        # The same want is told in one line, however many tests are skipped for it.
        report.longrepr = (__file__, 1, report.longrepr[2])
    found = watched.leaks(report.capstdout + report.capstderr) if call.when == "teardown" else []
    if found and report.passed:
        report.outcome = "failed"
        report.longrepr = "in the log: " + "; ".join(dict.fromkeys(found))
    return report


@pytest.fixture(autouse=True)
def logs_end_with_the_test() -> Iterator[None]:
    """What a test has set up for its logs must not be written to by the next one."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for this test process."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate.upgrade(sqlite_url(path))
    return path


@pytest.fixture
def clock() -> SettableClock:
    """Real time, until the test moves it."""
    return SettableClock()


@pytest.fixture
def sqlite_database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite file."""
    return sqlite_url(Path(shutil.copy(migrated_sqlite, tmp_path / "tot.db")))


@pytest.fixture
def postgres_database_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    with postgres.clone() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


@pytest.fixture
async def database(database_url: str, clock: SettableClock) -> AsyncIterator[SqlDatabase]:
    """A fresh, migrated database of either kind, opened."""
    async with opened(database_url, clock) as database:
        yield database
