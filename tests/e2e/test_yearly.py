"""A report is counted while people work; nothing tells the time of a drill's answer."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from contextlib import closing
from typing import Any

from bot.cli.demo import Rehearsal
from tests.e2e import kit


async def test_a_report_is_counted_where_nobody_waits_behind_it(rehearsal: Rehearsal) -> None:
    """All parts of an ordered report wait for the single slow thread, and everybody else is answered."""
    runner, transactions = rehearsal.runner, rehearsal.bot.database._transactions
    koordinator, go_on = runner.person("koordinator"), threading.Event()
    looking = asyncio.create_task(transactions.read_slowly(lambda _: go_on.wait()))
    try:
        await koordinator.types("/tot rapport")
        await koordinator.presses("Årsmelding")
        await koordinator.fills({"Hvem er den til?": "Bare meg: alle tall"})
        sent = asyncio.create_task(koordinator.submits())
        # The table and the sheet.
        await kit.until(lambda: transactions._slow_threads._work_queue.qsize() == 2)
        assert await runner.person("udi").types("/tot hvem") is not None
    finally:
        go_on.set()
        await looking
    assert await sent == {}
    await runner.until_idle()
    seen = kit.direct(runner.sandbox, "koordinator")
    assert sum(block["type"] == "table" for each in seen for block in each.source.blocks) == 1


#: The minute, in UTC, in any column format.
AT = re.compile(r"10(:|, )17")


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        return database.execute(statement).fetchall()


async def test_when_somebody_has_pressed_is_kept_nowhere(
    rehearsal: Rehearsal, sqlite_database_url: str
) -> None:
    runner = rehearsal.runner
    await kit.submit_form(runner, "koordinator", "/tot prøve", "#generelt")
    await runner.until(runner.day(0, "11:17"))
    log = await rehearsal.bot.database.log.verify()
    await kit.press(runner, "helse", "Mottatt")
    assert await rehearsal.bot.database.log.verify() == log, "an answer leaves no row"
    assert not AT.search(repr(await kit.dump(rehearsal.bot)))
    assert not AT.search(repr(rows(sqlite_database_url, "SELECT scope, version FROM ledgers")))
    await kit.open_case(runner, "Politiet")
    assert AT.search(repr(rows(sqlite_database_url, "SELECT at FROM audit"))), "so what is kept is found"
