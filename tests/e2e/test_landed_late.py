"""A killed or frozen bot's message lands in Slack after it has already been posted again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.model import Message
from tests.e2e import kit
from tests.e2e.killable_bot import KillableBot, is_alive, killable_stage
from tests.e2e.test_killed import LANDS_WITHIN, Where, to, to_a_room

POST, UPDATE, COMPLETE = "chat.postMessage", "chat.update", "files.completeUploadExternal"
ASKED = "trenger Politiet i en sak i TOT Bergen"
#: Longer than the wait before it is looked for again, in seconds.
A_WHILE = 30


def asked(runner: ExerciseRunner) -> list[Message]:
    """Return the questions posted in the contact's direct messages."""
    user = runner.person("politi-exit")
    direct = runner.sandbox.workspace.direct(runner.sandbox.workspace.bot.id, user.id)
    return [m for m in direct.messages.values() if m.by_bot and ASKED in str(m.blocks)]


async def restarted(runner: ExerciseRunner, mortal: KillableBot) -> None:
    """Kill the bot and restart it at once; calls in progress at Slack stay there."""
    await mortal.gone(signal.SIGKILL)
    await mortal.start()
    await runner.until_idle()


async def in_flight(runner: ExerciseRunner, mortal: KillableBot, where: Where) -> None:
    """Kill the bot while Slack processes a message; its successor has done everything that it may yet."""
    held = runner.sandbox.faults.add(Fault("delayed", POST, where=where))
    await runner.sends(runner.person("koordinator"))
    assert await runner.sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await restarted(runner, mortal)


async def test_what_lands_before_the_next_one_posts_it_is_the_only_one(
    database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        held = runner.sandbox.faults.add(Fault("delayed", POST, where=to(runner.sandbox, "politi-exit")))
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        await runner.sends(runner.person("koordinator"))
        assert await runner.sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
        await restarted(runner, mortal)
        # The waiting process is killed as well; its successor knows how long to wait.
        await restarted(runner, mortal)
        assert not asked(runner)
        runner.sandbox.faults.release()
        assert await runner.sandbox.workspace.changes.until(lambda: len(asked(runner)) == 1, kit.IN_TIME)
        for _ in range(2):
            await runner.later(seconds=A_WHILE)
            assert len(asked(runner)) == 1
        heard = [m for m in runner.sandbox.activity if m.kind == "message" and "politi-exit" in m.seen_by]
        assert len(heard) == 1


async def test_what_lands_after_the_next_one_has_posted_it_is_deleted(
    database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        sandbox = runner.sandbox
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        await in_flight(runner, mortal, to(sandbox, "politi-exit"))
        await runner.later(seconds=LANDS_WITHIN)
        (room,) = kit.rooms(sandbox)
        (first,) = asked(runner)
        sandbox.faults.release()
        assert await sandbox.workspace.changes.until(lambda: len(asked(runner)) == 2, kit.IN_TIME)
        # The process that was to check is killed as well.
        await restarted(runner, mortal)
        await runner.later(seconds=A_WHILE)
        assert [m.ts for m in asked(runner)] == [first.ts], "the one that is remembered stays"
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        await runner.until_idle()
        assert "politi-exit" in kit.people_in(sandbox, room)


async def test_so_are_a_card_and_a_file(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
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

        assert cards_and_files() == (1, 0), "a file is waited for, a room is not"
        sandbox.faults.release()
        assert await sandbox.workspace.changes.until(lambda: cards_and_files() == (2, 1), kit.IN_TIME)
        # Where the room is being reconciled just then, as after a start, the card is looked for again.
        for _ in range(2):
            await runner.later(seconds=A_WHILE)
        assert cards_and_files() == (1, 1)


async def test_an_older_version_that_lands_on_a_newer_one_is_written_over(
    database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        sandbox = runner.sandbox
        room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
        held = sandbox.faults.add(Fault("delayed", UPDATE, where=to_a_room))
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
        await restarted(runner, mortal)

        def waited_for() -> bool:
            card = next(
                seen for seen in sandbox.person("koordinator").messages(room) if seen.sender == "tot-bot"
            )
            return "har ikke bekreftet taushetsplikten" in card.text

        await runner.person("barnevern").presses(kit.CONFIRM, in_="tot-bot")
        await runner.until_idle()
        assert not waited_for()
        (late,) = (call for call in sandbox.workspace.calls if call.fault == "delayed")
        sandbox.faults.release()
        await kit.until(lambda: late.answer is not None)
        assert waited_for()
        await runner.later(seconds=A_WHILE)
        assert not waited_for()


async def test_so_is_what_is_withdrawn_meanwhile(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
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


@pytest.mark.parametrize("kind", ["delayed", "slow"])
async def test_a_frozen_process_is_taken_over_from_and_what_it_shows_late_is_put_right(
    postgres_database_url: str, tmp_path: Path, kind: Kind
) -> None:
    """It has a question and a card on their way; it hears Slack's answers or waits for them in vain."""
    async with killable_stage(postgres_database_url, tmp_path, kit.STARTS, silent=2.0) as (runner, mortal):
        sandbox = runner.sandbox
        room = await kit.open_case(runner, "Barneverntjenesten")
        koordinator = runner.person("koordinator")
        await koordinator.types("/tot inviter politiet", in_=room)
        await koordinator.sees_modal()
        await runner.sends(koordinator)
        held = [
            sandbox.faults.add(Fault(kind, POST, where=to(sandbox, "politi-exit"))),
            sandbox.faults.add(Fault(kind, "chat.update", where=to_a_room)),
        ]
        await runner.sends(koordinator)
        assert await sandbox.workspace.changes.until(lambda: all(f.hits for f in held), kit.IN_TIME)
        frozen = mortal.pid
        assert frozen is not None
        os.kill(frozen, signal.SIGSTOP)
        await mortal.start()
        async with asyncio.timeout(kit.IN_TIME):
            while not await sandbox.workspace.changes.until(lambda: len(asked(runner)) == 1, 1.0):
                # It is not posted: the successor waits for it.
                sandbox.clock.move(timedelta(seconds=LANDS_WITHIN))
        await mortal.idle()
        sandbox.faults.release()
        stood = 2 if kind == "delayed" else 1
        assert await sandbox.workspace.changes.until(lambda: len(asked(runner)) == stood, kit.IN_TIME)
        os.kill(frozen, signal.SIGCONT)
        await kit.until(lambda: not is_alive(frozen))
        await runner.later(seconds=A_WHILE)
        assert len(asked(runner)) == 1
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        await runner.until_idle()
        (card,) = [m for m in runner.person("koordinator").messages(room) if m.sender == "tot-bot"]
        assert "Politiet" in card.text


async def test_what_it_had_in_hand_it_remembers_when_the_database_answers_again(
    postgres_database_url: str, tmp_path: Path
) -> None:
    """Nobody has taken over meanwhile: it continues, though its lock was lost."""
    async with killable_stage(postgres_database_url, tmp_path, kit.STARTS, silent=2.0) as (runner, _):
        sandbox = runner.sandbox
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        held = sandbox.faults.add(Fault("slow", POST, where=to(sandbox, "politi-exit")))
        await runner.sends(runner.person("koordinator"))
        assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
        with unreachable(postgres_database_url):
            sandbox.faults.release()
            assert await sandbox.workspace.changes.until(lambda: len(asked(runner)) == 1, kit.IN_TIME)
            # No event reports that it has tried to remember its post, and to postpone it.
            await asyncio.sleep(2)
        await runner.later(seconds=A_WHILE)
        await runner.later(seconds=A_WHILE)
        assert len(asked(runner)) == 1
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        await runner.until_idle()
        assert "politi-exit" in kit.people_in(sandbox, kit.rooms(sandbox)[0])


@contextlib.contextmanager
def unreachable(url: str) -> Iterator[None]:
    """Cut every connection to a database, and refuse new ones."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
