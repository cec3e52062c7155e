"""On PostgreSQL a transaction locks documents before ledgers, so that no two wait for each other's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from bot.cli.demo import rehearse
from tests.e2e import kit


async def test_nothing_is_locked_after_a_ledger_but_ledgers(postgres_database_url: str) -> None:
    locked: dict[int, list[str]] = {}
    backwards: list[str] = []

    def begins(connection: Any) -> None:
        locked[id(connection)] = []

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FOR UPDATE" in statement:
            table = "ledgers" if "FROM ledgers" in statement else "documents"
            if table == "documents" and "ledgers" in locked[id(connection)]:
                backwards.append(str(parameters))
            locked[id(connection)].append(table)

    async with rehearse(postgres_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        writer = rehearsal.bot.database._transactions.writer
        event.listen(writer, "begin", begins)
        event.listen(writer, "before_cursor_execute", note)
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
        await kit.confirm(runner, "politi-exit", "barnevern")
        await runner.person("barnevern").presses("Jeg kommer", in_="tot-bot")
        await kit.submit_form(runner, "koordinator", "/tot flytt fredag kl 12", room)
        await runner.until_idle()
        await rehearsal.bot.scheduler.tidy()
    assert any("ledgers" in tables and "documents" in tables for tables in locked.values())
    assert backwards == []
