"""The case in which doors are tried, opened once; each trial goes on with a copy."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bot.cli.demo import rehearse
from tests.databases import sqlite_url
from tests.e2e import kit
from tests.handlers.access.workspace import Court
from tests.stories.standing import Standing, left

Opened = Callable[[bool], Standing]


@pytest.fixture(scope="session")
def opened(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The case, with or without that the police have confirmed."""

    @cache
    def standing(confirmed: bool) -> Standing:
        folder = tmp_path_factory.mktemp("court")
        return asyncio.run(_opened(Path(shutil.copy(migrated_sqlite, folder / "tot.db")), confirmed))

    return standing


async def _opened(database: Path, confirmed: bool) -> Standing:
    async with rehearse(sqlite_url(database), starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        await Court(rehearsal, database).opens(confirmed=confirmed)
        sandbox = rehearsal.runner.sandbox
        workspace, now = left(sandbox), sandbox.clock.now()
    return Standing(database.parent, workspace, now)
