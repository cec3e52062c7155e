"""Nothing tells the time of a drill's answer."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

from bot.cli.demo import Rehearsal
from tests.e2e import kit

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
