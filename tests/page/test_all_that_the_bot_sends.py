"""Every block that the bot sends in an exercise can be drawn by the page; no browser is needed to know."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from bot.cli.rehearsal import rehearse
from sandbox.exercises import EXERCISES, WITH_MAIL
from sandbox.page.blocks import undrawable

Json = dict[str, Any]


def _blocks(value: Any) -> list[Json]:
    """The blocks in a call's arguments or an acknowledgement, messages' and views'."""
    if not isinstance(value, dict):
        return []
    found: list[Json] = []
    for key in ("blocks", "view"):
        held = value.get(key) or []
        held = json.loads(held) if isinstance(held, str) else held
        found += _blocks(held) if isinstance(held, dict) else held
    return found


@pytest.mark.parametrize("name", EXERCISES)
async def test_nothing_is_unknown_to_the_page(sqlite_database_url: str, name: str) -> None:
    exercise = EXERCISES[name]
    async with rehearse(sqlite_database_url, starts=exercise.STARTS, mail=name in WITH_MAIL) as rehearsal:
        await exercise.play(rehearsal.stage)
        workspace = rehearsal.stage.box.workspace
        sent = [block for call in workspace.calls for block in _blocks(call.arguments)]
        sent += [block for delivery in workspace.deliveries for block in _blocks(delivery.answer)]
    assert len({block["type"] for block in sent}) > 4
    assert sorted(set(undrawable(sent))) == []


def test_playing_as_text_needs_no_nicegui() -> None:
    told = "import sys, bot.cli.demo, bot.cli.rehearsal; sys.exit('nicegui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
