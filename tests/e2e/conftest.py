"""A bot and a sandbox, and a case to start from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import health
from bot.cli.demo import Rehearsal, rehearse
from handlers.case import requests
from sandbox.exercises.runner import ExerciseRunner
from tests.databases import SQLITE_FIRST
from tests.e2e import kit
from tests.e2e.room import CaseRoom
from tests.stories import Beginning
from tests.stories.conftest import played
from tests.stories.standing import Standing

IN_A_ROOM = Beginning(("Politiet", "Barneverntjenesten"), confirmed=("politi-exit", "barnevern"))


@pytest.fixture(params=SQLITE_FIRST)
def play_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh database for tests from the front door to the outbox.

    SQLite: the storage tests and the tests of kills and races check that PostgreSQL stores
    the same. Slow tests with this fixture also run on PostgreSQL.
    """
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


@pytest.fixture(autouse=True)
def health_looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable the health check's cache of seconds, which tests would wait for."""
    monkeypatch.setattr(health, "BELIEVED", 0.0)


@pytest.fixture
def rooms_may_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the real-time wait for a room's link after opening a case, where the room cannot be made."""
    monkeypatch.setattr(requests, "_FOLLOWED", 0.0)


@pytest.fixture
async def in_a_room(request: pytest.FixtureRequest) -> Standing:
    """Return a case with the police and child welfare in its room; each test copies it."""
    return await played(request, IN_A_ROOM)


@pytest.fixture
def begins(request: pytest.FixtureRequest) -> Standing | None:
    """Return the state that `rehearsal` begins with: none, or the one that a test uses."""
    return request.getfixturevalue("in_a_room") if "in_a_room" in request.fixturenames else None


@pytest.fixture
async def rehearsal(sqlite_database_url: str, begins: Standing | None) -> AsyncIterator[Rehearsal]:
    """Yield a bot and a sandbox, after the initial messages."""
    url, starts, furnish = sqlite_database_url, kit.STARTS, None
    if begins is not None:
        begins.copy_to(Path(url.removeprefix("sqlite:///")).parent)
        starts, furnish = begins.at, begins.furnish
    async with rehearse(url, starts=starts, sandbox=kit.quick(), furnish=furnish) as playing:
        await playing.runner.until_idle()
        yield playing


@pytest.fixture
def runner(rehearsal: Rehearsal) -> ExerciseRunner:
    return rehearsal.runner


@pytest.fixture
def room(in_a_room: Standing, rehearsal: Rehearsal) -> CaseRoom:
    """Return the room of the case with which `rehearsal` begins, for tests that request it."""
    return CaseRoom(rehearsal)
