"""Friday evening, as played: what rings, and the run that is kept."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest

from bot.cli.demo import rehearse
from sandbox.activity import Activity
from sandbox.exercises import EXERCISES
from sandbox.page.run_page import as_html
from sandbox.page.words import Words as PageWords
from tests.databases import sqlite_url
from tests.e2e import kit
from tests.e2e.drawable import all_can_be_drawn

#: New messages to the coordinator, in direct messages and rooms.
MOST_NEW = 8
EXERCISE = EXERCISES["fredag-kveld"]


@dataclass
class Evening:
    """The exercise as it was played."""

    code: str
    moments: list[Activity]
    kept: str


async def played(database_url: str) -> Evening:
    async with rehearse(database_url, starts=EXERCISE.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        await EXERCISE.play(rehearsal.runner)
        sandbox = rehearsal.runner.sandbox
        all_can_be_drawn(sandbox.workspace)
        assert await rehearsal.bot.database.outbox.given_up() == {}
        kept = as_html(rehearsal.runner, EXERCISE.TITLE, PageWords("nb"))
        code = kit.rooms(sandbox)[0].removeprefix("rom-")
        return Evening(code, list(sandbox.activity), kept)


@pytest.fixture(scope="module")
def evening(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Evening:
    path = Path(copy(migrated_sqlite, tmp_path_factory.mktemp("kveld") / "tot.db"))
    return asyncio.run(played(sqlite_url(path)))


def test_few_messages_ring_the_coordinators_phone(evening: Evening) -> None:
    """Every later change keeps this limit, or lowers it; rooms are counted, edits are not."""
    assert kit.new_messages(evening.moments)["koordinator"] <= MOST_NEW
    # Slack's line about the pinned card is added for people already in the room.
    assert kit.pin_lines(evening.moments) == {"koordinator": 1}


def test_the_kept_run_shows_each_what_they_saw_and_fetches_nothing(evening: Evening) -> None:
    kept, code = evening.kept, evening.code
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}"' in kept
    assert not re.search(r"<script|<link|<iframe|<[^>]*\son\w+=", kept)
    assert not re.search(r"<[^>]*\s(?:src|srcset|data)=", kept)
    assert "Fire minutter, og de kommer." in kept
    assert code in seen_by("koordinator", kept)
    assert code in seen_by("barnevernvakt", kept)
    assert seen_by("utenforstående", kept).split() == ["utenforstående:", "ingenting"]
    asked = seen_by("sosialtjenesten", kept)
    assert "TOT Bergen" in asked
    assert code not in asked


def seen_by(name: str, kept: str) -> str:
    """Return the text shown when the person of this name is chosen: each item says who sees it."""
    (key,) = re.findall(rf'id="w-(p\d+)"> {name}<', kept)
    _, *parts = re.split(r'<\w+ class="(?:[^"]* )?of ([^"]*)">', kept)
    shown = (text for whose, text in zip(parts[::2], parts[1::2], strict=True) if key in whose.split())
    return re.sub("<[^>]*>", "", "\n".join(shown))
