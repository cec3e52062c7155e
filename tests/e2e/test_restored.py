"""A backup is restored: nobody is told again what they were told after it was made."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sandbox.exercises.runner import ExerciseRunner
from tests import databases
from tests.databases import open_database, sqlite_first
from tests.e2e import kit
from tests.e2e.killable_bot import KillableBot, killable_stage

POSTS = ("chat.postMessage", "files.completeUploadExternal")


async def put_back(mortal: KillableBot, url: str, backup: Path) -> None:
    await mortal.kill(later=False)
    await mortal.database.close()
    await asyncio.to_thread(databases.put_back, url, backup, mortal.sandbox.clock.now())
    mortal.database = open_database(url, mortal.sandbox.clock)
    await mortal.start()


def posted(runner: ExerciseRunner) -> list[str]:
    """Return the channels that got new messages."""
    calls = [c for c in runner.sandbox.workspace.calls if c.method in POSTS]
    return [str(call.arguments.get("channel", call.arguments.get("channel_id"))) for call in calls]


@sqlite_first
async def test_nobody_is_told_twice(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await kit.open_case(runner, "Politiet", "Barneverntjenesten", when="i dag kl 15")
        await mortal.database.back_up(tmp_path / "before.backup")
        before = posted(runner)
        await runner.later(minutes=100)
        told = posted(runner)
        assert len(told) > len(before)
        await put_back(mortal, database_url, tmp_path / "before.backup")
        await runner.later(minutes=1)
        assert posted(runner) == told
        # They are as before, remembered again.
        assert await mortal.posted() >= len(told)
        # What has not been said yet is sent.
        await runner.later(hours=5)
        assert len(posted(runner)) > len(told)


@sqlite_first
async def test_a_reminder_ahead_does_not_keep_a_case_from_being_erased(
    database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        room = await kit.open_case(runner, "Politiet", when="om 20 dager kl 10")
        await mortal.database.back_up(tmp_path / "before.backup")
        await put_back(mortal, database_url, tmp_path / "before.backup")
        koordinator = runner.person("koordinator")
        await koordinator.presses("Valg", in_=room)
        await koordinator.presses("Flere valg")
        await koordinator.presses("Opprettet ved en feil: slett nå")
        await koordinator.sees_modal("Slett saken nå")
        await koordinator.submits()

        def archived() -> bool:
            channel = runner.sandbox.workspace.channel_named(room)
            return channel is not None and channel.archived

        await kit.until(archived)
