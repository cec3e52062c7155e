"""Each exercise is played to its end, and nothing at rest can be read: database, key store, backup."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from bot.cli.rehearsal import PARTNERS, rehearse
from sandbox.exercises import EXERCISES
from storage.tables import metadata
from tests.play import kit
from tests.play.drawing import all_can_be_drawn


def at_rest(url: str) -> bytes:
    """All bytes of the database and of what lies beside it."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in sorted(path.parent.glob("tot*")))
    with psycopg.connect(url) as connection:
        parts: list[bytes] = []
        for table in (*metadata.tables, "tot_keys.keys"):
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                parts.extend(bytes(part) for part in copy)
    return b"".join(parts)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """The first case on both databases, the others on SQLite."""
    found: str = request.getfixturevalue(f"{request.param}_database_url")
    return found


PLAYED = [*((name, "sqlite") for name in EXERCISES), ("forste-sak", "postgres")]


@pytest.mark.parametrize(("name", "url"), PLAYED, indirect=["url"])
async def test_an_exercise_is_played_and_leaves_nothing_to_read(name: str, url: str, tmp_path: Path) -> None:
    exercise = EXERCISES[name]
    backup = tmp_path / "night.backup"
    async with rehearse(url, starts=exercise.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        stage = rehearsal.stage
        await exercise.play(stage)
        workspace = stage.box.workspace
        all_can_be_drawn(workspace)
        channels = list(workspace.channels.values())
        secrets = {*workspace.users, *(c.id for c in channels)}
        secrets |= {m.ts for c in channels for m in c.messages.values()} | set(workspace.files)
        while_running = at_rest(url)
        await rehearsal.bot.database.back_up(backup)
        count, fault = await rehearsal.bot.database.log.verify()
        assert (count > 5, fault) == (True, None)
        outside = stage.person("utenforstaende")
        seen = [m for place in outside.channels() for m in outside.messages(place) if not m.ephemeral]
        assert name == "veiledning" or seen == []
    secrets |= set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", PARTNERS.read_text("utf-8")))
    assert len(secrets) > 30
    for data in (while_running, at_rest(url), backup.read_bytes()):
        assert len(data) > 10_000
        assert [s for s in sorted(secrets) if s.encode() in data] == []
