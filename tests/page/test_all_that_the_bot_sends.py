"""Every message and form that the bot sends can be drawn by the page; no browser is needed to know."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from bot.cli.doctor_blocks import SAMPLES
from sandbox.block_kit.elements import ELEMENTS
from sandbox.block_kit.wording import EMOJI
from sandbox.page.blocks import undrawable

ROOT = Path(__file__).parents[2]


def test_nothing_is_unknown_to_the_page() -> None:
    """One sample of each kind, the largest; those that exercises send are tried where they are played."""
    for line in SAMPLES.read_text("utf-8").splitlines():
        _, name, sample = json.loads(line)
        assert list(undrawable(sample["blocks"])) == [], name


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
