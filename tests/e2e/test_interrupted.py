"""Work in progress is overtaken, and the bot is away, stopped, or unwell."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from signal import SIGTERM

import pytest

from bot import app
from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Meeting
from bot.usecases.ports import LANDS_WITHIN, UnitOfWork
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from sandbox.server import Sandbox
from tests.e2e import kit
from tests.e2e.killable_bot import killable_stage
from tests.e2e.ports import becomes, free_port, health_at
from tests.ledgers import waiting_in

POST = "chat.postMessage"
SOON = "Møtet i sak KODE begynner kl. 10"
NO_MEETING = (
    "Sak KODE er i akuttfasen uten møte de neste 3 virkedagene. Sett ett, eller skift fase med `/tot fase`."
)
SUMMARY = "Jeg var nede da du skulle ha fått en påminnelse"
#: Seconds of real time for `tot run` to end after SIGTERM: then platforms send SIGKILL.
DRAINED = 30.0


def reminders(sandbox: Sandbox, handle: str) -> list[str]:
    return [m.text for m in kit.direct(sandbox, handle) if kit.heading(m.text) == SOON]


async def moved(runner: ExerciseRunner, room: str) -> None:
    await kit.send_form(runner, "koordinator", "/tot flytt lørdag kl 10", room)


async def cancelled(runner: ExerciseRunner, room: str) -> None:
    await kit.send_form(runner, "koordinator", "/tot avlys", room)


async def closed(runner: ExerciseRunner, room: str) -> None:
    await kit.send_form(runner, "koordinator", "/tot lukk", room)


#: Each way with each act in slow tests, otherwise each of them once.
OVERTAKEN = [
    pytest.param(kind, act, marks=() if n % 3 == m else pytest.mark.slow)
    for n, kind in enumerate(("hang_before", "hang_after", "slow", "late"))
    for m, act in enumerate((moved, cancelled, closed))
]


@pytest.mark.parametrize(("kind", "act"), OVERTAKEN)
async def test_a_reminder_that_is_overtaken_while_it_is_claimed(
    rehearsal: Rehearsal, kind: Kind, act: Callable[[ExerciseRunner, str], Awaitable[None]]
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await kit.open_case(runner, "Politiet", when="fredag kl 10")
    await kit.confirm(runner, "politi-exit")
    await runner.person("politi-exit").presses("Jeg kommer", in_="tot-bot")
    an_hour_before = runner.day(3, "09:00")
    await runner.until(an_hour_before - timedelta(minutes=1))
    held = [sandbox.faults.add(Fault(kind, POST)) for _ in range(2)]
    sandbox.clock.move_to(an_hour_before + timedelta(seconds=1))
    await rehearsal.bot.clock_moved()
    assert await sandbox.workspace.changes.until(lambda: all(f.hits for f in held), kit.IN_TIME)
    await act(runner, room)
    sandbox.faults.release()
    await runner.later(minutes=3)
    for handle in ("koordinator", "politi-exit"):
        assert reminders(sandbox, handle) == []
    await runner.later(hours=24)
    again = 1 if act is moved else 0
    for handle in ("koordinator", "politi-exit"):
        assert len(reminders(sandbox, handle)) == again


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the bot give up sooner on an answer from Slack."""
    monkeypatch.setattr(app, "API_TIMEOUT", 1)


@pytest.mark.parametrize("method", [POST, "files.completeUploadExternal"])
async def test_a_message_that_lands_late_with_one_who_may_not_read_it_any_more_is_taken_away(
    hasty: None, rehearsal: Rehearsal, method: str
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "barnevern")
    to_police = {exit_id(sandbox), sandbox.workspace.direct(sandbox.workspace.bot.id, exit_id(sandbox)).id}
    held = Fault("delayed", method, where=lambda a: bool(to_police & {a.get("channel"), a.get("channel_id")}))
    if method == POST:
        # The first summons overwrites the question; a moved meeting's is a new message.
        await kit.confirm(runner, "politi-exit")
        sandbox.faults.add(held)
        await kit.send_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
    else:
        sandbox.faults.add(held)
        await runner.person("politi-exit").presses(kit.CONFIRM, in_="tot-bot")
    assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await kit.send_form(runner, "koordinator", "/tot ut", room, Tjeneste="Politiet")
    await runner.until_idle()
    await runner.later(seconds=LANDS_WITHIN.total_seconds() + 1)
    sandbox.faults.release()
    await asyncio.sleep(0.2)
    await runner.later(seconds=LANDS_WITHIN.total_seconds() + 1)
    texts = [m.text for m in kit.direct(sandbox, "politi-exit")]
    assert [
        text for text in texts if "Kommer du på møtet" in text or "En fil til kalenderen din" in text
    ] == []
    theirs = [f for f in sandbox.workspace.files.values() if not f.deleted and to_police & set(f.channels)]
    assert theirs == []


def put_in(uow: UnitOfWork, place: str) -> None:
    (meeting,) = uow.find(Meeting)
    uow.change(meeting, place=place)
    uow.case_changed(meeting.case_id)


async def test_a_change_that_is_undone_while_it_is_on_its_way_is_undone_in_slack(
    rehearsal: Rehearsal,
) -> None:
    runner, sandbox, database = rehearsal.runner, rehearsal.runner.sandbox, rehearsal.bot.database
    await kit.open_case(runner, "Politiet", when="fredag kl 10")
    await kit.confirm(runner, "politi-exit")
    direct = sandbox.workspace.direct(sandbox.workspace.bot.id, exit_id(sandbox))
    held = sandbox.faults.add(Fault("slow", "chat.update", where=lambda a: a["channel"] == direct.id))
    await database.write(partial(put_in, place="Feil sted"))
    assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
    await database.write(partial(put_in, place="Møterom Nord"))
    # Meanwhile posted messages are checked, which no event reports.
    await asyncio.sleep(1)
    sandbox.faults.release()
    await runner.until_idle()
    shown = [str(c.arguments) for c in sandbox.workspace.calls if c.method == "chat.update"]
    assert any("Feil sted" in each for each in shown)
    await kit.until(lambda: not kit.told(sandbox, "politi-exit", "Feil sted"))


def exit_id(sandbox: Sandbox) -> str:
    return sandbox.person("politi-exit").id


async def test_three_days_down_are_one_summary_instead_of_a_flood(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        sandbox = runner.sandbox
        await kit.open_case(runner, "Politiet", "Barneverntjenesten", "Sosialtjenesten")
        await kit.confirm(runner, "politi-exit", "barnevern")
        before = {
            u.handle: len(kit.direct(sandbox, u.handle))
            for u in sandbox.workspace.users.values()
            if not u.is_bot
        }
        await mortal.kill()
        # Meanwhile the windows end, and the meeting is a day away, an hour away, and over.
        sandbox.clock.move(timedelta(days=3))
        await mortal.start()
        await runner.until_idle()
        new = {
            handle: [kit.heading(m.text) for m in kit.direct(sandbox, handle)[count:]]
            for handle, count in before.items()
        }
        # What is still useful arrives: who came, and, the morning after, when they meet next.
        assert Counter(new["koordinator"]) == Counter([SUMMARY, "Hvem kom til møtet i sak KODE?", NO_MEETING])
        for handle in ("politi-exit", "barnevern"):
            assert new[handle] == [SUMMARY], handle
        # People who had not confirmed were asked about a meeting that is over: nothing is left to do.
        assert new["sosialtjenesten"] == new["vara-koordinator"] == new["utenforstaende"] == []


async def test_sigterm_lets_what_is_under_way_end(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        sandbox = runner.sandbox
        await runner.until_idle()
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        held = sandbox.faults.add(Fault("slow", POST, where=lambda a: a["channel"] == "U0POLITIEXIT"))
        await runner.sends(runner.person("koordinator"))
        assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
        ending = asyncio.create_task(mortal.ended_by(SIGTERM, within=DRAINED))
        await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == 0, kit.IN_TIME)
        sandbox.faults.release()
        await ending
        assert not any(row.attempts for row in await waiting_in(mortal.database))
        posts = [c for c in sandbox.workspace.calls if c.method == POST]
        await mortal.start()
        await runner.until_idle()
        late = [c for c in sandbox.workspace.calls if c.method == POST and c not in posts]
        assert [c for c in late if c.arguments["channel"] == "U0POLITIEXIT"] == []
        assert len(kit.direct(sandbox, "politi-exit")) == 1


async def test_sigterm_lets_whoever_waits_for_an_answer_have_it(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(sqlite_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        sandbox, koordinator = runner.sandbox, runner.person("koordinator")
        await runner.until_idle()
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        lock = sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///"), isolation_level=None)
        with contextlib.closing(lock):
            lock.execute("BEGIN IMMEDIATE")
            sending = asyncio.create_task(runner.sends(koordinator))
            # No event reports that the process has reached the lock.
            await asyncio.sleep(1.0)
            ending = asyncio.create_task(mortal.ended_by(SIGTERM, within=DRAINED))
            assert not await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == 0, 0.3)
            lock.execute("ROLLBACK")
        await sending
        await ending
        assert koordinator.modal is not None
        assert "*Sendt til én tjeneste.*" in koordinator.modal.text
        await mortal.start()
        await runner.until_idle()
        assert len(kit.rooms(sandbox)) == len(kit.direct(sandbox, "politi-exit")) == 1


async def test_sigterm_does_not_wait_for_ever(sqlite_database_url: str, tmp_path: Path) -> None:
    async with killable_stage(sqlite_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        sandbox = runner.sandbox
        await runner.until_idle()
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        held = sandbox.faults.add(Fault("hang_after", POST, where=lambda a: a["channel"] == "U0POLITIEXIT"))
        await runner.sends(runner.person("koordinator"))
        assert await sandbox.workspace.changes.until(lambda: held.hits, kit.IN_TIME)
        await mortal.ended_by(SIGTERM, within=DRAINED)
        sandbox.faults.clear()
        sandbox.clock.move(timedelta(seconds=61))
        await mortal.start()
        await runner.until_idle()
        assert len(kit.direct(sandbox, "politi-exit")) == 1


async def test_healthz_tells_what_is_not_well(rehearsal: Rehearsal) -> None:
    runner, sandbox, bot = rehearsal.runner, rehearsal.runner.sandbox, rehearsal.bot
    await runner.until_idle()
    port = free_port()
    await bot.health.start(port)
    parts = [
        "database",
        "deliveries",
        "slack",
        "socket",
        "backup",
        "mailbox",
        "erasing",
        "outbox",
        "task",
        "cases",
        "room",
    ]
    counts = {"oldest_due_seconds": 0.0, "dead": 0, "set_aside": 0, "leftovers": 0, "mails_set_aside": 0}
    notes = ["backup: TOT_BACKUP_DIR is not set, so the bot makes none"]
    well = {
        "ok": True,
        "reasons": [],
        "attention": [],
        "notes": notes,
        "clock": True,
        **dict.fromkeys(parts, True),
        **counts,
    }
    assert await health_at(port) == (200, well)
    # Slack answers nobody: eight deliveries wait for it, and the ninth for them.
    sandbox.faults.add(Fault("hang_before", POST, times=-1))
    await kit.fill_in_case(runner, kit.SIX, when="i overmorgen kl 10")
    await runner.sends(runner.person("koordinator"))
    assert await sandbox.workspace.changes.until(lambda: len(sandbox.workspace.calls) > 8, kit.IN_TIME)
    sandbox.clock.move(timedelta(seconds=310))
    assert await becomes(lambda: unwell(port, "deliveries"))
    _, told = await health_at(port)
    assert told["oldest_due_seconds"] >= 300
    assert (told["database"], told["socket"]) == (True, True)
    sandbox.faults.clear()
    await runner.later(minutes=2)
    assert await becomes(lambda: is_well(port))
    sandbox.faults.add(Fault("error", "apps.connections.open", times=-1))
    sandbox.sockets.drop()
    assert await becomes(lambda: unwell(port, "socket"))
    # Slack keeps events while nobody listens.
    await runner.person("helse").writes("hei")
    sandbox.faults.clear()
    await sandbox.connected(within=kit.IN_TIME)
    await runner.person("helse").sees("Dette venter på deg", in_="tot-bot")
    assert await becomes(lambda: is_well(port))
    await bot.database.close()
    assert await becomes(lambda: unwell(port, "database"))


async def is_well(port: int) -> bool:
    return (await health_at(port))[0] == 200


async def unwell(port: int, part: str) -> bool:
    status, told = await health_at(port)
    return status == 503 and told[part] is False and told["ok"] is False
