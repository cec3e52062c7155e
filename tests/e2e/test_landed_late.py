"""Killed, or fenced out, with a message on its way to Slack, which lands when it has been posted already."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.model import Message
from tests.e2e import kit
from tests.e2e.killable_bot import PAST_THE_LEASE, Mortal, mortal_stage
from tests.e2e.test_killed import Where, to, to_a_room

POST, COMPLETE = "chat.postMessage", "files.completeUploadExternal"
ASKED = "trenger Politiet i en sak i TOT Bergen"
#: Longer than it is waited before it is looked again, in seconds.
A_WHILE = 30


def asked(runner: ExerciseRunner) -> list[Message]:
    """The questions that stand in the contact's direct messages."""
    user = runner.person("politi-exit")
    direct = runner.sandbox.workspace.direct(runner.sandbox.workspace.bot.id, user.id)
    return [m for m in direct.messages.values() if m.by_bot and ASKED in str(m.blocks)]


async def restarted(runner: ExerciseRunner, mortal: Mortal) -> None:
    """Killed, and started again at once; what Slack has in hand stays there."""
    await mortal.gone(signal.SIGKILL)
    await mortal.start()
    await runner.until_idle()


async def in_flight(runner: ExerciseRunner, mortal: Mortal, where: Where) -> None:
    """Kill the bot while Slack has a message in hand; the next one has done all when this returns."""
    held = runner.sandbox.faults.add(Fault("delayed", POST, where=where))
    await runner.sends(runner.person("koordinator"))
    assert await runner.sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await restarted(runner, mortal)


async def test_what_lands_after_the_next_one_has_posted_it_is_deleted(
    database_url: str, tmp_path: Path
) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        sandbox = runner.sandbox
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        await in_flight(runner, mortal, to(sandbox, "politi-exit"))
        (room,) = kit.rooms(sandbox)
        (first,) = asked(runner)
        sandbox.faults.release()
        assert await sandbox.workspace.changes.until(lambda: len(asked(runner)) == 2, kit.IN_TIME)
        # Who was to look is killed as well.
        await restarted(runner, mortal)
        await runner.later(seconds=A_WHILE)
        assert [m.ts for m in asked(runner)] == [first.ts], "the one that is remembered stays"
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        await runner.until_idle()
        assert "politi-exit" in kit.people_in(sandbox, room)


async def test_so_are_a_card_and_a_file(database_url: str, tmp_path: Path) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        sandbox = runner.sandbox
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        await in_flight(runner, mortal, to_a_room)
        (room,) = kit.rooms(sandbox)
        held = sandbox.faults.add(Fault("delayed", COMPLETE))
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
        await restarted(runner, mortal)

        def cards_and_files() -> tuple[int, int]:
            cards = [m for m in sandbox.person("koordinator").messages(room) if m.sender == "tot-bot"]
            shared = [f for f in sandbox.workspace.files.values() if f.channels and not f.deleted]
            return len(cards), len(shared)

        assert cards_and_files() == (1, 1)
        sandbox.faults.release()
        assert await sandbox.workspace.changes.until(lambda: cards_and_files() == (2, 2), kit.IN_TIME)
        await runner.later(seconds=A_WHILE)
        assert cards_and_files() == (1, 1)


async def test_so_is_what_is_withdrawn_meanwhile(database_url: str, tmp_path: Path) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        sandbox = runner.sandbox
        await kit.fill_in_case(runner, ["Politiet", "Helsetjenesten"], when="i overmorgen kl 10")
        await in_flight(runner, mortal, to(sandbox, "politi-exit"))
        (room,) = kit.rooms(sandbox)
        await kit.submit_form(runner, "koordinator", "/tot ut", room, Tjeneste="Politiet")
        await runner.until_idle()
        assert not asked(runner)
        sandbox.faults.release()
        assert await sandbox.workspace.changes.until(lambda: len(asked(runner)) == 1, kit.IN_TIME)
        await runner.later(seconds=A_WHILE)
        assert not asked(runner)


async def overtaken(runner: ExerciseRunner, mortal: Mortal, kind: Kind) -> None:
    """Let the lease end while Slack has a message in hand; whoever takes over posts it, and has looked."""
    sandbox = runner.sandbox
    await runner.until_idle()
    await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
    held = sandbox.faults.add(Fault(kind, POST, where=to(sandbox, "politi-exit")))
    await runner.sends(runner.person("koordinator"))
    assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    sandbox.clock.move(PAST_THE_LEASE)
    await mortal.clock_moved()
    assert await sandbox.workspace.changes.until(lambda: len(asked(runner)) == 1, kit.IN_TIME)
    await runner.later(seconds=A_WHILE)


async def test_a_lost_lease_is_noted_before_the_process_is_told_to_stop(
    database_url: str, tmp_path: Path
) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await overtaken(runner, mortal, "delayed_reset")
        runner.sandbox.faults.release()
        assert await runner.sandbox.workspace.changes.until(lambda: len(asked(runner)) == 2, kit.IN_TIME)
        # It waits for what may still land, for longer than it is given to end.
        await mortal.ended_by(signal.SIGTERM, within=kit.IN_TIME)
        await mortal.start()
        await runner.later(seconds=A_WHILE)
        assert len(asked(runner)) == 1


async def test_whether_the_lease_is_lost_is_asked_until_the_database_answers(
    postgres_database_url: str, tmp_path: Path
) -> None:
    async with mortal_stage(postgres_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await overtaken(runner, mortal, "delayed")
        with unreachable(postgres_database_url):
            runner.sandbox.faults.release()
            assert await runner.sandbox.workspace.changes.until(lambda: len(asked(runner)) == 2, kit.IN_TIME)
            # Nothing tells that it has tried to remember what it has posted, and to put it off.
            await asyncio.sleep(2)
        await kit.until(lambda: len(asked(runner)) == 1)


@contextlib.contextmanager
def unreachable(url: str) -> Iterator[None]:
    """Cut every connection to a database, and let nobody in."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
