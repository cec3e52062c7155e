"""Slack never lets the bot delete: data and key go all the same, and the coordinators have what stands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.guidance import Guidance
from bot.domain.leftovers import Leftovers
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit, outside
from tests.e2e.room import CaseRoom

REMINDED = "Det ligger fortsatt igjen noe i Slack"
STANDS = "Slack lar meg ikke slette alt"
NOT_CLEARED = "Slack has kept something of 1 that are erased"


def listed(runner: ExerciseRunner, who: str = "koordinator") -> list[str]:
    return kit.told(runner.sandbox, who, STANDS)


def has_key(folder: Path, scope: str) -> bool:
    query = "SELECT count(*) FROM keys WHERE scope = ? AND wrapped IS NOT NULL"
    with closing(sqlite3.connect(folder / "tot-keys.db")) as connection:
        return bool(connection.execute(query, (scope,)).fetchone()[0])


async def an_hour_later(rehearsal: Rehearsal, hours: int = 1) -> None:
    """As upkeep finds it after so long."""
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
    # The list first; data and key after the next refusal.
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
    """So with guidance, whose refused deletion nothing told of."""
    await outside.ask(runner, "helse")
    await outside.close(runner)
    refused = runner.sandbox.workspace.faults.add(
        Fault("error", "chat.delete", times=-1, code="cant_delete_message")
    )
    runner.sandbox.clock.move_to(runner.day(60))
    for _ in range(3):
        await an_hour_later(rehearsal)
    assert any(
        "1 past their date are not erased: Slack refuses" in line for line in await attention(rehearsal)
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
    """Its card stands with place and people; the reminder has the room's link alone."""
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
