"""Every block that the bot sends in an exercise can be drawn by the page; no browser is needed to know."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.demo import rehearse
from sandbox.block_kit.elements import ELEMENTS
from sandbox.block_kit.wording import EMOJI
from sandbox.exercises import EXERCISES
from sandbox.page.blocks import undrawable
from tests.e2e.drawable import all_can_be_drawn

ROOT = Path(__file__).parents[2]
#: Those that are looked at where they are played anyway, with mail (all of them) or without as here:
#: tests.e2e.recorded_case, test_at_rest, test_fredag_kveld, test_yearly.
ELSEWHERE = {
    "forste-sak",
    "kalendersvar",
    "fredag-kveld",
    "veiledning",
    "fellesmote",
    "plassering",
    "arsmelding",
    "kontaktprove",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(EXERCISES) - ELSEWHERE))
async def test_nothing_is_unknown_to_the_page(sqlite_database_url: str, name: str) -> None:
    exercise = EXERCISES[name]
    async with rehearse(sqlite_database_url, starts=exercise.STARTS) as rehearsal:
        await exercise.play(rehearsal.runner)
        all_can_be_drawn(rehearsal.runner.sandbox.workspace)


def test_every_element_that_the_workspace_takes_can_be_drawn() -> None:
    elements = [{"type": kind} for kind in ELEMENTS]
    assert list(undrawable([{"type": "actions", "elements": elements}])) == []


def test_every_emoji_of_the_bots_texts_is_shown() -> None:
    texts = "".join(file.read_text("utf-8") for file in (ROOT / "bot" / "texts").rglob("*.po"))
    named = set(re.findall(r":([a-z_]{3,}):", texts))
    assert named
    assert named <= EMOJI.keys()


def test_playing_as_text_needs_no_nicegui() -> None:
    told = "import sys, bot.cli.demo; sys.exit('nicegui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
