"""A file that has been moved away is written to all the same, and lost at the end: health says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.demo import Rehearsal
from storage.database import FileGone


async def test_a_file_that_is_gone_is_seen(rehearsal: Rehearsal, tmp_path: Path) -> None:
    bot = rehearsal.bot
    assert (await bot.health.state())["database"] is True
    for name in ("tot-keys.db", "tot.db"):
        file = tmp_path / name
        away = file.rename(tmp_path / "away")
        with pytest.raises(FileGone, match=name):
            await bot.stock()
        away.rename(file)
        await bot.stock()
    away = file.rename(tmp_path / "away")
    state = await bot.health.state()
    assert (state["ok"], state["database"]) == (False, False)
    assert state["reasons"] == [
        "database: cannot be written (FileGone): operator: bring the file back, or restore (docs/operate.md)"
    ]
    away.rename(file)
