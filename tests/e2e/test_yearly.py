"""A year in moved time: each figure, counted by hand, and nothing else left; of a drill the day alone."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from contextlib import closing
from typing import Any

import pytest

from bot.cli.demo import Rehearsal, rehearse
from sandbox.exercises import EXERCISES
from sandbox.exercises.arsmelding import OWN_TOTALS, orders
from tests.e2e import kit
from tests.e2e.at_rest import at_rest, readable, secrets_of
from tests.e2e.drawable import all_can_be_drawn

EXERCISE = EXERCISES["arsmelding"]
#: What each part of a figure is, is a rule (tests/bot/domain/report): here that all are counted.
BY_HAND = {
    "Spurt om å kalle TOT sammen": "2",
    "Nye saker": "3",
    "Nye personer": "6",
    "Møter i saker": "3",
    "Behov": "4",
    "Tiltak utført": "1",
    "Spørsmål om veiledning": "1",
    "Fellesmøter": "1",
    "Deltakere på fellesmøter": "3",
}
#: Nothing of a year this small is five, but persons; joint meetings are known to all partners.
TO_SHARE = {"Nye personer": "6", "Fellesmøter": "1", "Deltakere på fellesmøter": "3"}


def tables(rehearsal: Rehearsal) -> list[list[list[str]]]:
    """The tables in the coordinator's direct messages, the oldest first."""
    seen = kit.direct(rehearsal.runner.sandbox, "koordinator")
    blocks: list[Any] = [block for each in seen for block in each.source.blocks]
    return [[[c["text"] for c in row] for row in b["rows"]] for b in blocks if b["type"] == "table"]


# A year takes ten seconds; what is counted when is told by rules and stories.
@pytest.mark.slow
async def test_each_figure_is_what_was_counted_by_hand(sqlite_database_url: str) -> None:
    async with rehearse(sqlite_database_url, starts=EXERCISE.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        await EXERCISE.play(runner)
        own, shared = tables(rehearsal)
        assert own[0] == shared[0] == ["Tall", "2026", "2024–2026"]
        assert {label: year for label, year, _ in own[1:]}.items() >= BY_HAND.items()
        # The two years before were empty.
        assert {label: span for label, _, span in own[1:]}.items() >= BY_HAND.items()
        told = {label: year for label, year, _ in shared[1:]}
        assert {label: year for label, year in told.items() if year not in ("<5", "–")} == TO_SHARE
        all_can_be_drawn(runner.sandbox.workspace)
        secrets = {*secrets_of(runner.sandbox.workspace), OWN_TOTALS}

        # The case of December goes on: its three persons are the next year's, carried over.
        await orders(runner, {"År": "2027", "Hvem er den til?": "Bare meg: alle tall"})
        assert {label: year for label, year, _ in tables(rehearsal)[-1][1:]}["Personer fra året før"] == "3"

        while_running = at_rest(sqlite_database_url)
    for data in (while_running, at_rest(sqlite_database_url)):
        assert readable(data, secrets) == []


async def test_a_report_is_counted_where_nobody_waits_behind_it(rehearsal: Rehearsal) -> None:
    """All of one that is ordered waits for the one thread of what is slow, and everybody else is answered."""
    runner, transactions = rehearsal.runner, rehearsal.bot.database._transactions
    koordinator, go_on = runner.person("koordinator"), threading.Event()
    looking = asyncio.create_task(transactions.read_slowly(lambda _: go_on.wait()))
    try:
        await koordinator.types("/tot rapport")
        await koordinator.presses("Årsmelding")
        await koordinator.fills({"Barn og voksne": OWN_TOTALS, "Hvem er den til?": "Bare meg: alle tall"})
        sent = asyncio.create_task(koordinator.submits())
        # The text with own totals, the table, the picture, the sheet.
        await kit.until(lambda: transactions._slow_threads._work_queue.qsize() == 4)
        assert await runner.person("udi").types("/tot hvem") is not None
    finally:
        go_on.set()
        await looking
    assert await sent == {}
    await runner.until_idle()
    assert OWN_TOTALS in (await koordinator.sees_modal()).text
    assert len(tables(rehearsal)) == 1


#: The minute, in UTC, as a column may have it.
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
