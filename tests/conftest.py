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
from tests import watched
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

# With Python's threshold of 700, garbage collection takes a fifth of the time for collecting tests.
gc.set_threshold(20_000)

# Machines are shared: an example's duration is no property of the tested code.
hypothesis.settings.register_profile("shared", deadline=None)
hypothesis.settings.load_profile("shared")

#: For databases opened without an explicit key, here and in processes that tests start.
os.environ["TOT_SECRET_KEY"] = SECRET_KEY
#: Tests keep their files in memory.
os.environ["TOT_ACCEPT_EPHEMERAL_DISK"] = "yes"

#: In the reason of every skip for something that the machine lacks.
NOT_INSTALLED = "is not installed"


def pytest_configure() -> None:
    """Keep the tests' files in memory, unless a folder is given."""
    folder = fast_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first, so that nobody waits at the end for one that began late."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Freeze what has been loaded: garbage collection need not scan it again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """After all stories, name what none of them covers, and fail the run."""
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
    """Fail a test in which the bot has logged something forbidden."""
    report = yield
    if isinstance(report.longrepr, tuple) and NOT_INSTALLED in report.longrepr[2]:
        # A missing tool is reported on one line, however many tests are skipped for it.
        report.longrepr = (__file__, 1, report.longrepr[2])
    found = watched.leaks(report.capstdout + report.capstderr) if call.when == "teardown" else []
    if found and report.passed:
        report.outcome = "failed"
        report.longrepr = "in the log: " + "; ".join(dict.fromkeys(found))
    return report


@pytest.fixture(autouse=True)
def logs_end_with_the_test() -> Iterator[None]:
    """Keep the next test from writing to this test's log setup."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Run one server for this test process."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate.upgrade(sqlite_url(path))
    return path


@pytest.fixture
def clock() -> SettableClock:
    """Return a clock with real time, until the test moves it."""
    return SettableClock()


@pytest.fixture
def sqlite_database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh, migrated SQLite file."""
    return sqlite_url(Path(shutil.copy(migrated_sqlite, tmp_path / "tot.db")))


@pytest.fixture
def postgres_database_url(postgres: PostgresServer) -> Iterator[str]:
    """Yield the URL of a fresh, migrated PostgreSQL database."""
    with postgres.clone() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh, migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


@pytest.fixture
async def database(database_url: str, clock: SettableClock) -> AsyncIterator[SqlDatabase]:
    """Yield an open database of either kind, fresh and migrated."""
    async with opened(database_url, clock) as database:
        yield database
