"""After the first case has been played nothing at rest can be read: database, key store, backup."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

from bot.cli.rehearsal import PARTNERS, rehearse
from sandbox.exercises import EXERCISES
from storage.tables import metadata

EXERCISE = EXERCISES["forste-sak"]


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


async def test_nothing_to_read_after_an_exercise(database_url: str, tmp_path: Path) -> None:
    backup = tmp_path / "night.backup"
    async with rehearse(database_url, starts=EXERCISE.STARTS, mail=True) as rehearsal:
        await EXERCISE.play(rehearsal.stage)
        workspace = rehearsal.stage.box.workspace
        channels = list(workspace.channels.values())
        secrets = {*workspace.users, *(c.id for c in channels)}
        secrets |= {m.ts for c in channels for m in c.messages.values()} | set(workspace.files)
        while_running = at_rest(database_url)
        await rehearsal.bot.database.back_up(backup)
    secrets |= set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", PARTNERS.read_text("utf-8")))
    assert len(secrets) > 50
    for data in (while_running, at_rest(database_url), backup.read_bytes()):
        assert len(data) > 10_000
        assert [s for s in sorted(secrets) if s.encode() in data] == []
