"""The hard cases as exercises: each is played to its end, and looks at what has come of each step itself."""

from __future__ import annotations

import pytest

from bot.cli.rehearsal import rehearse
from sandbox.exercises import EXERCISES
from tests.play import kit


@pytest.mark.parametrize("name", ["soskenflokk", "askepott", "vil-ikke"])
async def test_it_is_played_to_its_end(sqlite_database_url: str, name: str) -> None:
    exercise = EXERCISES[name]
    async with rehearse(sqlite_database_url, starts=exercise.STARTS, sandbox=kit.quick()) as rehearsal:
        stage = rehearsal.stage
        await exercise.play(stage)
        assert len(stage.chapters) >= 5
        assert not [m for m in stage.box.moments if m.kind == "failed"]
        outside = stage.person("utenforstaende")
        assert not any(text for place in outside.channels() for text in outside.messages(place))
