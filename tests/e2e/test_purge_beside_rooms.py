"""The deletion of cases, concurrent with the hourly check of rooms, as the clock runs both."""

from __future__ import annotations

import asyncio

import pytest

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.case.entities import Case
from sandbox.faults import Fault
from tests.databases import sqlite_first
from tests.e2e import kit

#: One run for each of Slack's speeds.
RUNS = 5


@sqlite_first
@pytest.mark.long
async def test_no_card_outlives_its_case(database_url: str) -> None:
    """Slack delays each call, differently in each run."""
    async with rehearse(database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        await rehearsal.runner.until_idle()
        await _many_cases(rehearsal)


async def _many_cases(rehearsal: Rehearsal) -> None:
    runner, bot = rehearsal.runner, rehearsal.bot
    workspace = runner.sandbox.workspace
    left: dict[str, list[str]] = {}
    for run in range(RUNS):
        room = await kit.open_case(runner, "Politiet", when="om 2 dager kl 10")
        await kit.submit_form(runner, "koordinator", "/tot lukk", room)
        runner.sandbox.clock.move_to(runner.day(32, "03:00"))
        slow = [
            workspace.faults.add(Fault("slow", method, times=-1, seconds=0.02 * (1 + run)))
            for method in ("chat.delete", "conversations.members", "conversations.kick")
        ]
        await asyncio.gather(bot.scheduler.plan(), bot.scheduler.check_rooms())
        await runner.until_idle()
        for fault in slow:
            workspace.faults.remove(fault)
        channel = workspace.channel_named(room)
        assert channel is not None
        assert channel.archived
        texts = [m.text for m in channel.messages.values() if m.user == workspace.bot.id and not m.subtype]
        if texts:
            left[f"{run}: {room}"] = texts
    cases = await bot.database.read(lambda uow: uow.find(Case))
    assert [case.purged_at is not None for case in cases] == [True] * RUNS
    assert left == {}
