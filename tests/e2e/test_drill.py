"""Nothing tells the time of a drill's answer."""

from __future__ import annotations

import re

from bot.cli.demo import Rehearsal
from tests.databases import connected
from tests.e2e import kit

#: The minute, in UTC, in any column format.
AT = re.compile(r"10(:|, )17")


def rows(url: str, statement: str) -> str:
    with connected(url) as database:
        return repr(database.exec_driver_sql(statement).fetchall())


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
    assert not AT.search(rows(sqlite_database_url, "SELECT scope, version FROM ledgers"))
    await kit.open_case(runner, "Politiet")
    assert AT.search(rows(sqlite_database_url, "SELECT at FROM audit")), "so what is kept is found"
