"""What is under way is overtaken, and the bot is away, is stopped, or is not well."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM
from typing import Any

import aiohttp
import pytest

from bot.cli.rehearsal import Rehearsal, rehearse
from handlers.delivery import dispatcher
from sandbox.box import Sandbox
from sandbox.faults import Fault, Kind
from sandbox.stage import Stage
from tests.e2e import kit
from tests.e2e.killable_bot import PAST_THE_LEASE, mortal_stage

POST = "chat.postMessage"
SOON = "Husk møtet i sak KODE"
SUMMARY = "Boten var nede da du skulle ha fått en påminnelse"
#: Seconds of real time in which `tot run` has to be over after SIGTERM.
DRAINED = 10.0


def reminders(box: Sandbox, handle: str) -> list[str]:
    """The reminders of the meeting that stand with somebody."""
    return [m.text for m in kit.direct(box, handle) if kit.heading(m.text) == SOON]


async def moved(stage: Stage, room: str) -> None:
    """The coordinator moves the meeting by a day."""
    await overtake(stage, "/tot flytt lørdag kl 10", room)


async def cancelled(stage: Stage, room: str) -> None:
    """The coordinator calls it off."""
    await overtake(stage, "/tot avlys", room)


async def closed(stage: Stage, room: str) -> None:
    """The coordinator closes the case."""
    await overtake(stage, "/tot lukk", room)


async def overtake(stage: Stage, command: str, room: str) -> None:
    """Type, submit, and send what is looked over, without waiting for what follows."""
    koordinator = stage.person("koordinator")
    await koordinator.types(command, in_=room)
    await koordinator.sees_modal()
    await stage.sends(koordinator)
    if koordinator.modal is not None:
        await stage.sends(koordinator)


@pytest.mark.parametrize("act", [moved, cancelled, closed])
@pytest.mark.parametrize("kind", ["hang_before", "hang_after", "slow", "late"])
async def test_a_reminder_that_is_overtaken_while_it_is_claimed(
    sqlite_database_url: str, kind: Kind, act: Callable[[Stage, str], Awaitable[None]]
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        room = await kit.open_case(stage, "Politiet", when="fredag kl 10")
        await kit.confirm(stage, "politi-exit")
        await stage.person("politi-exit").presses("Bekreft", in_="tot-bot")
        a_day_before = stage.day(2, "10:00")
        await stage.until(a_day_before - timedelta(minutes=1))
        held = [box.faults.add(Fault(kind, POST)) for _ in range(2)]
        box.clock.move_to(a_day_before + timedelta(seconds=1))
        await rehearsal.bot.clock_moved()
        assert await box.workspace.pulse.until(lambda: all(f.hits for f in held), 5.0)
        await act(stage, room)
        box.faults.release()
        await stage.later(minutes=3)
        for handle in ("koordinator", "politi-exit"):
            assert reminders(box, handle) == []
        await stage.later(hours=24)
        again = 1 if act is moved else 0
        for handle in ("koordinator", "politi-exit"):
            assert len(reminders(box, handle)) == again


async def meet(stage: Stage, *held: Fault) -> None:
    """Wait until each of the faults has hit a call, and let the leases of those calls run out."""
    assert await stage.box.workspace.pulse.until(lambda: all(f.hits for f in held), 5.0)
    stage.box.clock.move(PAST_THE_LEASE)


async def thaw(stage: Stage, rehearsal: Rehearsal) -> None:
    """What has taken over is done; then the frozen calls take effect, and what follows is waited for."""
    await rehearsal.bot.clock_moved()
    await asyncio.sleep(0.5)
    stage.box.faults.release()
    await asyncio.sleep(0.2)
    stage.box.clock.move(dispatcher.MARGIN_TO_MARK)
    await stage.settle()


@pytest.mark.parametrize("kind", ["delayed", "delayed_reset"])
async def test_an_old_home_that_lands_late_is_written_over(sqlite_database_url: str, kind: Kind) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "politi-exit", "barnevern")
        await stage.person("politi-exit").opens_home()
        await stage.settle()
        code = room.removeprefix("rom-")
        assert code in stage.person("politi-exit").home
        held = box.faults.add(Fault(kind, "views.publish", where=lambda a: a["user_id"] == exit_id(box)))
        await stage.person("barnevern").presses("Bekreft", in_="tot-bot")
        await meet(stage, held)
        await send_release(stage, room)
        await thaw(stage, rehearsal)
        assert code not in stage.person("politi-exit").home


@pytest.mark.parametrize("kind", ["delayed", "delayed_reset"])
async def test_an_old_message_that_lands_late_is_written_over(sqlite_database_url: str, kind: Kind) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "politi-exit", "barnevern")
        card = box.faults.add(Fault(kind, "chat.update", where=lambda a: str(a["channel"]).startswith("C")))
        await stage.person("barnevern").presses("Bekreft", in_="tot-bot")
        await meet(stage, card)
        await stage.person("politi-exit").presses("Bekreft", in_="tot-bot")
        await thaw(stage, rehearsal)
        (seen,) = [s for s in stage.person("koordinator").messages(room) if s.sender == "tot-bot"]
        assert seen.text.count("Neste møte: kommer") == 2, seen.text


@pytest.mark.parametrize("kind", ["delayed", "delayed_reset"])
@pytest.mark.parametrize("method", [POST, "files.completeUploadExternal"])
async def test_a_message_that_lands_late_with_one_who_may_not_read_it_any_more_is_taken_away(
    sqlite_database_url: str, method: str, kind: Kind
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box = rehearsal.stage, rehearsal.stage.box
        room = await kit.open_case(stage, "Politiet", "Barneverntjenesten")
        await kit.confirm(stage, "barnevern")
        to_police = {exit_id(box), box.workspace.direct(box.workspace.bot.id, exit_id(box)).id}
        held = Fault(kind, method, where=lambda a: bool(to_police & {a.get("channel"), a.get("channel_id")}))
        box.faults.add(held)
        await stage.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
        await meet(stage, held)
        await send_release(stage, room)
        await thaw(stage, rehearsal)
        texts = [m.text for m in kit.direct(box, "politi-exit")]
        assert [text for text in texts if "Innkalling" in text or "Legg møtet i kalenderen" in text] == []
        theirs = [f for f in box.workspace.files.values() if not f.deleted and to_police & set(f.channels)]
        assert theirs == []


def exit_id(box: Sandbox) -> str:
    """The Slack id of the police's contact."""
    return box.person("politi-exit").id


async def send_release(stage: Stage, room: str) -> None:
    """The part of the police is over; what follows is not waited for."""
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot ut", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Politiet"})
    await stage.sends(koordinator)


async def test_three_days_down_are_one_summary_instead_of_a_flood(database_url: str, tmp_path: Path) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (stage, mortal):
        box = stage.box
        await kit.open_case(stage, "Politiet", "Barneverntjenesten", "Sosialtjenesten")
        await kit.confirm(stage, "politi-exit", "barnevern")
        before = {
            u.handle: len(kit.direct(box, u.handle)) for u in box.workspace.users.values() if not u.is_bot
        }
        await mortal.kill()
        # Meanwhile the windows end, the meeting is a day off, an hour off, and over.
        box.clock.move(timedelta(days=3))
        await mortal.start()
        await stage.settle()
        new = {
            handle: [kit.heading(m.text) for m in kit.direct(box, handle)[count:]]
            for handle, count in before.items()
        }
        # What is still of use comes all the same; it asks for the next meeting, too.
        assert Counter(new["koordinator"]) == Counter([SUMMARY, "Hvem kom til møtet i sak KODE?"])
        for handle in ("politi-exit", "barnevern"):
            assert new[handle] == [SUMMARY], handle
        # Who had not confirmed was asked about a meeting that is over: there is nothing left to do.
        assert new["sosialtjenesten"] == new["vara-koordinator"] == new["utenforstaende"] == []


async def test_sigterm_lets_what_is_under_way_end(database_url: str, tmp_path: Path) -> None:
    async with mortal_stage(database_url, tmp_path, kit.STARTS) as (stage, mortal):
        box = stage.box
        await stage.settle()
        await kit.fill_in_case(stage, ["Politiet"], when="i overmorgen kl 10")
        held = box.faults.add(Fault("slow", POST, where=lambda a: a["channel"] == "U0POLITIEXIT"))
        await stage.sends(stage.person("koordinator"))
        assert await box.workspace.pulse.until(lambda: held.hits, 5.0)
        ending = asyncio.create_task(mortal.ended_by(SIGTERM, within=DRAINED))
        await box.workspace.pulse.until(lambda: box.sockets.count == 0, 5.0)
        box.faults.release()
        await ending
        assert not any(row.claimed for row in await mortal.database.outbox.upcoming(200))
        posts = [c for c in box.workspace.calls if c.method == POST]
        await mortal.start()
        await stage.settle()
        late = [c for c in box.workspace.calls if c.method == POST and c not in posts]
        assert [c for c in late if c.arguments["channel"] == "U0POLITIEXIT"] == []
        assert len(kit.direct(box, "politi-exit")) == 1


async def test_sigterm_lets_whoever_waits_for_an_answer_have_it(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with mortal_stage(sqlite_database_url, tmp_path, kit.STARTS) as (stage, mortal):
        box, koordinator = stage.box, stage.person("koordinator")
        await stage.settle()
        await kit.fill_in_case(stage, ["Politiet"], when="i overmorgen kl 10")
        lock = sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///"), isolation_level=None)
        with contextlib.closing(lock):
            lock.execute("BEGIN IMMEDIATE")
            sending = asyncio.create_task(stage.sends(koordinator))
            # Nothing tells that the process has come to the lock.
            await asyncio.sleep(0.2)
            ending = asyncio.create_task(mortal.ended_by(SIGTERM, within=DRAINED))
            assert not await box.workspace.pulse.until(lambda: box.sockets.count == 0, 0.3)
            lock.execute("ROLLBACK")
        await sending
        await ending
        assert koordinator.modal is None
        await mortal.start()
        await stage.settle()
        assert len(kit.rooms(box)) == len(kit.direct(box, "politi-exit")) == 1


async def test_sigterm_does_not_wait_for_ever(sqlite_database_url: str, tmp_path: Path) -> None:
    async with mortal_stage(sqlite_database_url, tmp_path, kit.STARTS) as (stage, mortal):
        box = stage.box
        await stage.settle()
        await kit.fill_in_case(stage, ["Politiet"], when="i overmorgen kl 10")
        held = box.faults.add(Fault("hang_after", POST, where=lambda a: a["channel"] == "U0POLITIEXIT"))
        await stage.sends(stage.person("koordinator"))
        assert await box.workspace.pulse.until(lambda: held.hits, 5.0)
        await mortal.ended_by(SIGTERM, within=DRAINED)
        box.faults.clear()
        box.clock.move(timedelta(seconds=61))
        await mortal.start()
        await stage.settle()
        assert len(kit.direct(box, "politi-exit")) == 1


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


async def health(port: int) -> tuple[int, dict[str, Any]]:
    """What /healthz answers."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status, await answer.json()


async def test_healthz_tells_what_is_not_well(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        stage, box, bot = rehearsal.stage, rehearsal.stage.box, rehearsal.bot
        await stage.settle()
        port = free_port()
        await bot.health.start(port)
        parts = dict.fromkeys(("database", "socket", "backup", "mailbox"), True)
        well = {"ok": True, **parts, "oldest_due_seconds": 0.0}
        assert await health(port) == (200, well)
        # Slack answers nobody: eight deliveries wait for it, and the ninth for them.
        box.faults.add(Fault("hang_before", POST, times=-1))
        await kit.fill_in_case(stage, kit.SIX, when="i overmorgen kl 10")
        await stage.sends(stage.person("koordinator"))
        assert await box.workspace.pulse.until(lambda: len(box.workspace.calls) > 8, 5.0)
        box.clock.move(timedelta(seconds=310))
        status, told = await health(port)
        assert status == 503
        assert told["oldest_due_seconds"] >= 300
        assert (told["database"], told["socket"]) == (True, True)
        box.faults.clear()
        await stage.later(minutes=2)
        assert (await health(port))[0] == 200
        box.faults.add(Fault("error", "apps.connections.open", times=-1))
        box.sockets.drop()
        assert await until(lambda: unwell(port, "socket"))
        # Slack keeps what happens while nobody listens.
        await stage.person("helse").writes("hei")
        box.faults.clear()
        await box.connected(within=20.0)
        await stage.person("helse").sees("Dette venter på deg", in_="tot-bot")
        assert await until(lambda: is_well(port))
        await bot.database.close()
        assert await unwell(port, "database")


async def is_well(port: int) -> bool:
    """Whether all is well."""
    return (await health(port))[0] == 200


async def unwell(port: int, part: str) -> bool:
    """Whether this part is told not to be well."""
    status, told = await health(port)
    return status == 503 and told[part] is False and told["ok"] is False


async def until(probe: Callable[[], Awaitable[bool]]) -> bool:
    """Whether it becomes true, within ten seconds of real time: nobody tells when a socket is missed."""
    for _ in range(200):
        if await probe():
            return True
        await asyncio.sleep(0.05)
    return False
