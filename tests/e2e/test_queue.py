"""Failures that harm only themselves: the database after an outage of Slack, an unreadable entry."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.notifications import Kind
from sandbox.faults import Fault
from storage.crypto.master_key import new_secret
from storage.ledgers.ledger import Entry, State
from tests.databases import SECRET_KEY
from tests.e2e import kit
from tests.e2e.killable_bot import killable_stage
from tests.e2e.ports import free_port, health_at
from tests.e2e.test_killed import to
from tests.forks import Tot
from tests.ledgers import change_entries, entries_in, waiting_in

POST = "chat.postMessage"
ASKED = "trenger Politiet i en sak i TOT Bergen"
NOT_COME = "kom ikke fram"
ASIDE = "Jeg får ikke lest hva det var"


async def test_after_an_outage_of_slack_a_locked_database_makes_no_message_dead(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    """It was posted in Slack but not remembered, while the coordinators were told that it had not come."""
    runner, database = rehearsal.runner, rehearsal.bot.database
    faults, asked = runner.sandbox.faults, to(runner.sandbox, "politi-exit")
    outage = faults.add(Fault("5xx_before", POST, where=asked, times=-1))
    await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
    await runner.sends(runner.person("koordinator"))
    while max(row.attempts for row in await waiting_in(database)) < 8:
        await runner.later(seconds=25)
    faults.remove(outage)
    held = faults.add(Fault("slow", POST, where=asked, seconds=60))
    ninth = asyncio.create_task(runner.later(seconds=25))
    assert await runner.sandbox.workspace.changes.until(lambda: held.hits > 0, kit.IN_TIME)
    with closing(sqlite3.connect(Path(sqlite_database_url.removeprefix("sqlite:///")))) as other:
        other.execute("BEGIN IMMEDIATE")
        faults.release()
        await asyncio.sleep(7)  # longer than the bot waits for a lock
        other.rollback()
    await ninth
    for _ in range(3):
        await runner.later(seconds=60)
    assert len(kit.told(runner.sandbox, "politi-exit", ASKED)) == 1
    assert kit.told(runner.sandbox, "koordinator", NOT_COME) == []


async def test_what_cannot_be_read_stops_nothing_and_is_told(rehearsal: Rehearsal) -> None:
    """A kind, and parameters, of another version: each stopped every delivery for good."""
    runner, bot = rehearsal.runner, rehearsal.bot
    await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")

    def soon(entry: Entry) -> bool:
        return entry.kind == Kind.MEETING_SOON and entry.unfinished

    first, *_, last = sorted(e.id for e in await bot.database.read(entries_in) if soon(e))
    kept = {}

    def spoil(entry: Entry) -> bool:
        if entry.id in (first, last):
            kept[entry.id] = (entry.kind, entry.params)
            entry.next_at = entry.enqueued_at
            if entry.id == first:
                entry.kind = "window_over"
            else:
                entry.params = "{}"
        return entry.id in kept

    assert await change_entries(bot.database, spoil) == 2
    await kit.open_case(runner, "Barneverntjenesten", when="fredag kl 10")
    assert len(kit.told(runner.sandbox, "barnevern", "trenger Barneverntjenesten i en sak i TOT Bergen")) == 1
    assert len(kit.told(runner.sandbox, "koordinator", ASIDE)) == 1
    state = await bot.health.state()
    assert (state["ok"], state["outbox"], state["set_aside"]) == (False, False, 2)
    # As at the next start, by then with the right version.
    aside = [(e.id, e.reason) for e in await bot.database.read(entries_in) if e.state is State.SET_ASIDE]
    assert sorted(aside) == [(first, "ValueError"), (last, "ValidationError")]

    def mend(entry: Entry) -> bool:
        if entry.id in kept:
            entry.kind, entry.params = kept[entry.id]
        return entry.id in kept

    assert await change_entries(bot.database, mend) == 2
    await bot.database.outbox.start()
    bot.dispatcher.notify()
    await runner.until_idle()
    assert await bot.database.outbox.set_aside_count() == 0
    assert len(kit.told(runner.sandbox, "koordinator", ASIDE)) == 1


async def test_a_ledger_that_does_not_open_costs_its_case_alone(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    """A flipped byte: nothing of that case is told until it is repaired; every other case continues."""
    runner, bot = rehearsal.runner, rehearsal.bot
    await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    await kit.press(runner, "politi-exit", "Jeg kommer")
    flip = "UPDATE ledgers SET version = version + ? WHERE scope LIKE 'case/%'"
    with closing(sqlite3.connect(Path(sqlite_database_url.removeprefix("sqlite:///")))) as other, other:
        assert other.execute(flip, (1,)).rowcount == 1
    await kit.open_case(runner, "Barneverntjenesten", when="fredag kl 10")
    assert len(kit.told(runner.sandbox, "barnevern", "trenger Barneverntjenesten i en sak i TOT Bergen")) == 1
    runner.sandbox.clock.move_to(runner.day(2, "09:00") + timedelta(seconds=1))
    await runner.until_idle()
    assert kit.told(runner.sandbox, "politi-exit", "Møtet i sak") == []
    state = await bot.health.state()
    assert (state["ok"], state["cases"], state["outbox"]) == (False, False, False)
    ((lost,),) = [await bot.database.unreadable()]
    assert lost.startswith("case/")
    with closing(sqlite3.connect(Path(sqlite_database_url.removeprefix("sqlite:///")))) as other, other:
        other.execute(flip.replace("LIKE 'case/%'", "= ?"), (-1, lost))
    await bot.database.outbox.start()
    bot.dispatcher.notify()
    await runner.until_idle()
    assert len(kit.told(runner.sandbox, "politi-exit", "Møtet i sak")) == 1
    assert await bot.database.unreadable() == []


async def test_a_case_that_is_put_back_from_yesterday_is_told(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    """Somebody released since would be in the case again, unnoticed."""
    runner, bot = rehearsal.runner, rehearsal.bot
    file = Path(sqlite_database_url.removeprefix("sqlite:///"))
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    with closing(sqlite3.connect(file)) as other:
        (yesterday,) = other.execute("SELECT version, sealed, id FROM documents WHERE kind = 'case'")
    await kit.press(runner, "politi-exit", "Jeg kommer")
    assert await bot.database.put_back() == []
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE documents SET version = ?, sealed = ? WHERE id = ?", yesterday)
    state = await bot.health.state()
    assert (state["ok"], state["cases"]) == (False, False)
    _, said = await tot(sqlite_database_url, "doctor")
    assert "than the bot left them in:" in said
    assert f"case/{yesterday[2]}" in said
    await kit.open_case(runner, "Barneverntjenesten", when="fredag kl 10")
    assert len(kit.told(runner.sandbox, "barnevern", "trenger Barneverntjenesten i en sak i TOT Bergen")) == 1
    # Changes made from here on are kept.
    await kit.submit_form(runner, "koordinator", "/tot fase", room, Fase="Arbeidsfase")
    assert await bot.database.put_back() == []


def cases_of(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {id for (id,) in database.execute("SELECT id FROM documents WHERE kind = 'case'")}


KEYS = {"TOT_SECRET_KEY": SECRET_KEY, "TOT_SECRET_KEY_NEW": str(new_secret())}


async def tot(url: str, *arguments: str) -> tuple[int | None, str]:
    """Run `tot` beside the bot; return its exit code and output."""
    anchors = {"TOT_AUDIT_ANCHOR": f"{Path(url.removeprefix('sqlite:///')).parent}/anchors.txt"}
    process = Tot(*arguments, environment=os.environ | {"DATABASE_URL": url, **KEYS, **anchors})
    said = b"".join(await process.communicate()).decode()
    return process.returncode, said


async def test_a_case_whose_key_is_lost_costs_itself_until_it_is_written_off(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    """It ended every planning round: nobody's reminders were planned any more."""
    file = Path(sqlite_database_url.removeprefix("sqlite:///"))
    async with killable_stage(sqlite_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        await kit.open_case(runner, "Politiet")
        (lost,) = cases_of(file)
        await kit.open_case(runner, "Barneverntjenesten")
        (kept,) = cases_of(file) - {lost}
        await kit.confirm(runner, "barnevern")
        await kit.press(runner, "barnevern", "Jeg kommer")
        await mortal.kill()
        with closing(sqlite3.connect(file.with_name(f"{file.stem}-keys.db"))) as store, store:
            assert store.execute("DELETE FROM keys WHERE scope = ?", (f"case/{lost}",)).rowcount == 1
        await mortal.reopen_database()
        await mortal.start()
        async with asyncio.timeout(kit.IN_TIME):
            while not any(entry.kind == Kind.MEETING_SOON for entry in await waiting_in(mortal.database)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        _, said = await tot(sqlite_database_url, "doctor")
        assert f"do not open: case/{lost}" in " ".join(re.sub("[^ -~]", " ", said).split())
        runner.sandbox.clock.move_to(runner.day(2, "09:00") + timedelta(seconds=1))
        await mortal.clock_moved()
        await runner.until_idle()
        assert len(kit.told(runner.sandbox, "barnevern", "Møtet i sak")) == 1
        assert (await tot(sqlite_database_url, "keys", "rotate"))[0] == 0
        assert await tot(sqlite_database_url, "purge", "--lost", kept, "--yes") == (
            1,
            f"No unreadable case has the id {kept}. Close a readable case in Slack.\n",
        )
        code, said = await tot(sqlite_database_url, "purge", "--lost", lost, "--yes")
        assert (code, said.splitlines()[-1]) == (0, f"Case {lost} is written off.")
        assert "cannot delete its messages in Slack" in " ".join(said.split())
        with closing(sqlite3.connect(file)) as database:
            left = database.execute("SELECT count(*) FROM ledgers WHERE scope = ?", (f"case/{lost}",))
            assert left.fetchone() == (0,)
            row = database.execute("SELECT erased, sealed FROM documents WHERE id = ?", (lost,))
            assert row.fetchall() == [(1, None)]
        _, said = await tot(sqlite_database_url, "audit", "export", "--case", lost)
        assert "purge_ordered,,operator" in said
        # By the machine's clock the log may be of any age: it has no anchors yet.
        assert "broken" not in (await tot(sqlite_database_url, "audit", "verify"))[1]


@pytest.mark.long
async def test_a_key_store_from_before_a_case_costs_that_case_alone(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    """For instance after a disk failure: today's database with yesterday's export of the keys."""
    file = Path(sqlite_database_url.removeprefix("sqlite:///"))
    store = file.with_name(f"{file.stem}-keys.db")
    async with killable_stage(sqlite_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        await kit.open_case(runner, "Barneverntjenesten")
        older = tmp_path / "older.db"
        with closing(sqlite3.connect(store)) as now, closing(sqlite3.connect(older)) as copy:
            now.backup(copy)
        await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        await kit.press(runner, "politi-exit", "Jeg kommer")
        await mortal.kill()
        newest = tmp_path / "newest.db"
        with closing(sqlite3.connect(store)) as now, closing(sqlite3.connect(newest)) as copy:
            now.backup(copy)
        with closing(sqlite3.connect(older)) as copy, closing(sqlite3.connect(store)) as now:
            copy.backup(now)
        await mortal.reopen_database()
        port = free_port()
        await mortal.start(port)
        await runner.until_idle()
        # The older case continues, and new ones can be opened.
        await kit.confirm(runner, "barnevern")
        await kit.press(runner, "barnevern", "Jeg kommer")
        await kit.open_case(runner, "Helsetjenesten", when="fredag kl 10")
        assert len(kit.told(runner.sandbox, "helse", "trenger Helsetjenesten i en sak i TOT Bergen")) == 1
        _, said = await tot(sqlite_database_url, "doctor")
        assert "do not open: case/" in " ".join(re.sub("[^ -~]", " ", said).split())
        runner.sandbox.clock.move_to(runner.day(2, "09:00") + timedelta(seconds=1))
        await mortal.clock_moved()
        await runner.until_idle()
        assert len(kit.told(runner.sandbox, "barnevern", "Møtet i sak")) == 1
        assert kit.told(runner.sandbox, "politi-exit", "Møtet i sak") == []
        _, state = await health_at(port)
        told_of = ("ok", "outbox", "cases", "database")
        assert [state[part] for part in told_of] == [False, False, False, True]
        # The export that has its key is found after all.
        await mortal.kill()
        code, said = await tot(sqlite_database_url, "keys", "import", str(newest))
        assert code == 0, said
        await mortal.reopen_database()
        await mortal.start(port)
        await runner.until_idle()
        assert len(kit.told(runner.sandbox, "politi-exit", "Møtet i sak")) == 1
        _, state = await health_at(port)
        assert (state["ok"], state["cases"], state["set_aside"]) == (True, True, 0)
