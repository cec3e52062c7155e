"""Slack never lets the bot delete: data and key go nevertheless, and the coordinators get a list of remains.

Erasing happens, or reports that it did not, also where the key store is busy.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case
from bot.domain.guidance import Guidance
from bot.domain.leftovers import Leftovers
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit, outside
from tests.e2e.room import CaseRoom

REMINDED = "Det ligger fortsatt igjen noe i Slack"
STANDS = "Slack lar meg ikke slette alt"
NOT_CLEARED = "1 erased cases or questions left something in Slack"
NOT_DELETED = "Jeg fikk ikke slettet alt jeg har skrevet"
NOT_DELIVERED = "kom ikke fram"
REFUSALS = ["cant_delete_message", "compliance_exports_prevent_deletion", "is_archived"]


def listed(runner: ExerciseRunner, who: str = "koordinator") -> list[str]:
    return kit.told(runner.sandbox, who, STANDS)


def has_key(folder: Path, scope: str) -> bool:
    query = "SELECT count(*) FROM keys WHERE scope = ? AND wrapped IS NOT NULL"
    with closing(sqlite3.connect(folder / "tot-keys.db")) as connection:
        return bool(connection.execute(query, (scope,)).fetchone()[0])


async def an_hour_later(rehearsal: Rehearsal, hours: int = 1) -> None:
    """Run the upkeep after this many hours."""
    rehearsal.runner.sandbox.clock.move(timedelta(hours=hours))
    await rehearsal.bot.clock_moved()
    await rehearsal.bot.scheduler.tidy()
    await rehearsal.runner.until_idle()


async def attention(rehearsal: Rehearsal) -> list[Any]:
    state = await rehearsal.bot.health.state()
    assert state["ok"] is True, "nobody is woken for it"
    assert isinstance(state["attention"], list)
    return state["attention"]


async def to_be_cleared(rehearsal: Rehearsal) -> bool:
    return any(NOT_CLEARED in line for line in await attention(rehearsal))


@pytest.mark.parametrize(
    ("method", "code"),
    [("chat.delete", "compliance_exports_prevent_deletion"), ("conversations.archive", "restricted_action")],
)
async def test_a_case_is_erased_all_the_same_and_the_coordinators_have_the_links(
    rehearsal: Rehearsal, runner: ExerciseRunner, tmp_path: Path, room: CaseRoom, method: str, code: str
) -> None:
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    runner.sandbox.workspace.faults.add(Fault("error", method, times=-1, code=code))
    runner.sandbox.clock.move_to(runner.day(46))
    for _ in range(3):
        await an_hour_later(rehearsal)
    assert listed(runner) == []
    await an_hour_later(rehearsal, 22)
    # First the list; data and key after the next refusal.
    (text,) = listed(runner)
    case = await room.case()
    assert case.purged_at is None
    assert has_key(tmp_path, f"case/{case.id}")
    assert listed(runner, "vara-koordinator") == [text]
    await an_hour_later(rehearsal)
    case = await room.case()
    assert case.purged_at is not None
    assert not has_key(tmp_path, f"case/{case.id}")
    assert listed(runner) == [text]
    assert room.code not in text
    assert "Politi" not in text
    if method == "chat.delete":
        stands = {
            f"/archives/{c.id}/p{ts.replace('.', '')}"
            for c in runner.sandbox.workspace.channels.values()
            for ts, message in c.messages.items()
            if message.by_bot and (room.code in str(message.blocks) or c is room.channel)
        }
        assert stands
        assert all(link in text for link in stands)
    else:
        assert f"/archives/{room.channel.id}" in text
    assert await to_be_cleared(rehearsal)

    await kit.press(runner, "koordinator", "Ryddet")
    assert not kit.told(runner.sandbox, "koordinator", "/archives/")
    assert not kit.told(runner.sandbox, "vara-koordinator", "/archives/")
    assert await attention(rehearsal) == []


async def test_links_go_after_fourteen_days_and_the_reminder_stays_until_somebody_has_cleared(
    rehearsal: Rehearsal, runner: ExerciseRunner, tmp_path: Path
) -> None:
    """Likewise guidance, whose refused deletion was not reported."""
    await outside.ask(runner, "helse")
    await outside.close(runner)
    refused = runner.sandbox.workspace.faults.add(
        Fault("error", "chat.delete", times=-1, code="cant_delete_message")
    )
    runner.sandbox.clock.move_to(runner.day(60))
    for _ in range(3):
        await an_hour_later(rehearsal)
    assert any(
        "1 past their date are not erased, since Slack refuses" in line for line in await attention(rehearsal)
    )
    assert (await rehearsal.bot.health.state())["erasing"] is False
    await an_hour_later(rehearsal, 22)
    (guidance,) = await rehearsal.bot.database.read(lambda uow: uow.find(Guidance))
    assert has_key(tmp_path, guidance.item)
    assert len(listed(runner)) == 1
    await an_hour_later(rehearsal)
    assert not has_key(tmp_path, guidance.item)
    await an_hour_later(rehearsal, 24 * 15)
    assert listed(runner) == []
    (noted,) = await rehearsal.bot.database.read(lambda uow: uow.find(Leftovers))
    assert noted.links == ()
    assert await to_be_cleared(rehearsal)
    await kit.press(runner, "koordinator", "Ryddet")
    assert not await to_be_cleared(rehearsal)
    refused.times = 0
    await an_hour_later(rehearsal)
    assert await rehearsal.bot.database.read(lambda uow: uow.find(Leftovers)) == []
    assert kit.told(runner.sandbox, "koordinator", "Ryddet") == []


async def test_a_room_that_the_bot_is_thrown_out_of_is_left_to_the_coordinators_every_day(
    rehearsal: Rehearsal, runner: ExerciseRunner, tmp_path: Path, room: CaseRoom
) -> None:
    """Its card stays, with place and people; the reminder has only the room's link."""
    sandbox = runner.sandbox
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    await runner.person("koordinator").removes("tot-bot", room.name)
    await runner.until_idle()
    sandbox.clock.move_to(runner.day(46, "10:00"))
    await an_hour_later(rehearsal)
    await runner.later(minutes=1)
    case = await room.case()
    assert case.purged_at is not None
    assert not has_key(tmp_path, f"case/{case.id}")
    (first,) = kit.told(sandbox, "koordinator", STANDS)
    assert f"/archives/{room.channel.id}" in first
    assert not any(word in first for word in (case.code, "Politi", "Møterom"))
    assert await to_be_cleared(rehearsal)
    for day in (1, 2):
        await an_hour_later(rehearsal, 24)
        for who in ("koordinator", "vara-koordinator"):
            (reminder,) = kit.told(sandbox, who, REMINDED)
            assert "/archives/" not in reminder
        new = kit.new_messages(m for m in sandbox.activity if REMINDED in m.text)
        assert new["koordinator"] == new["vara-koordinator"] == day
    await kit.press(runner, "vara-koordinator", "Ryddet")
    await an_hour_later(rehearsal, 24)
    for who in ("koordinator", "vara-koordinator"):
        assert kit.told(sandbox, who, REMINDED) == listed(runner, who) == []
    assert not await to_be_cleared(rehearsal)


# --- a refusal costs only the deletion, and is told once, correctly


def calendar_files(runner: ExerciseRunner, handle: str) -> int:
    """Count the calendar files in the messages to somebody, by their names."""
    return sum(seen.text.count(".ics") for seen in kit.direct(runner.sandbox, handle))


@pytest.mark.parametrize("code", REFUSALS)
async def test_an_agencys_part_ends(runner: ExerciseRunner, room: CaseRoom, code: str) -> None:
    refused = runner.sandbox.faults.add(Fault("error", "chat.delete", times=-1, code=code))
    await kit.submit_form(runner, "koordinator", "/tot ut", room.name, Tjeneste="Politiet")
    assert refused.hits >= 2
    (said,) = kit.told(runner.sandbox, "koordinator", NOT_DELETED)
    assert "@politi-exit" in said
    assert kit.told(runner.sandbox, "koordinator", NOT_DELIVERED) == []
    assert kit.told(runner.sandbox, "politi-exit", "er ferdige i sak")
    refused.times = 0
    await runner.later(days=1)
    await kit.submit_form(runner, "koordinator", "/tot ut", room.name)
    assert len(kit.told(runner.sandbox, "koordinator", NOT_DELETED)) == 1


async def test_the_calendar_file_of_a_new_time_comes_all_the_same(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    before = calendar_files(runner, "politi-exit")
    assert before
    for method, code in (("chat.delete", "cant_delete_message"), ("files.delete", "cant_delete_file")):
        runner.sandbox.faults.add(Fault("error", method, times=-1, code=code))
    await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
    assert calendar_files(runner, "politi-exit") == before + 1
    assert kit.told(runner.sandbox, "koordinator", NOT_DELIVERED) == []
    assert len(kit.told(runner.sandbox, "koordinator", NOT_DELETED)) == 1


async def test_a_case_is_not_forgotten_before_its_messages_are_gone(
    runner: ExerciseRunner, room: CaseRoom
) -> None:
    sandbox = runner.sandbox
    await kit.submit_form(runner, "koordinator", "/tot lukk", room.name)
    ws = sandbox.workspace
    stands = ws.direct(ws.bot.id, ws.user("politi-exit").id)
    one = sandbox.faults.add(
        Fault("error", "chat.delete", times=-1, code=REFUSALS[0], where=lambda a: a["channel"] == stands.id)
    )
    await runner.later(days=45)
    assert one.hits > 0
    assert [m for m in room.channel.messages.values() if m.by_bot] == [], "each refusal costs itself"
    assert kit.told(runner.sandbox, "koordinator", NOT_DELIVERED) == []
    await runner.later(hours=3)
    (said,) = kit.told(runner.sandbox, "koordinator", NOT_DELETED)
    assert "@politi-exit" in said
    assert not room.channel.archived
    sandbox.faults.clear()
    await runner.later(hours=2)
    assert kit.told(sandbox, "politi-exit", room.code) == []
    assert kit.told(runner.sandbox, "koordinator", NOT_DELETED) == []
    assert room.channel.archived


@pytest.mark.usefixtures("in_a_room")
async def test_a_key_store_that_was_busy_loses_the_key_later(
    rehearsal: Rehearsal, runner: ExerciseRunner, tmp_path: Path
) -> None:
    await kit.submit_form(runner, "koordinator", "/tot lukk", kit.the_room(runner))
    # It gives up on a lock at once, not after five seconds.
    engine = rehearsal.bot.database.keyring.keystore._opened()
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(tmp_path / "tot-keys.db", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        runner.sandbox.clock.move_to(runner.day(46))
        await rehearsal.bot.clock_moved()
        await runner.until_idle()
        (case,) = await rehearsal.bot.database.read(lambda uow: uow.find(Case))
        assert case.purged_at is not None
        assert has_key(tmp_path, f"case/{case.id}")
        state = await rehearsal.bot.health.state()
        assert state["erasing"] is False
        for _ in range(2):
            await rehearsal.bot.scheduler.erase()
        failing = "task: erasing keeps failing: operator: see its line in the log"
        assert failing in (await rehearsal.bot.health.state())["attention"]  # type: ignore[operator]
    for job in rehearsal.bot.scheduler._scheduler.get_jobs():
        await job.func()
    await runner.until_idle()
    assert not has_key(tmp_path, f"case/{case.id}")
    state = await rehearsal.bot.health.state()
    assert state["erasing"] is True
    assert state["task"] is True
