"""A year in moved time: what each figure is, counted by hand, and that nothing else is left of it."""

from __future__ import annotations

import asyncio
import io
import threading
from typing import Any

from PIL import Image

from bot.cli.demo import Rehearsal, rehearse
from sandbox.exercises import EXERCISES
from sandbox.exercises.arsmelding import OWN_TOTALS, orders
from tests.e2e import kit
from tests.e2e.at_rest import at_rest
from tests.e2e.drawable import all_can_be_drawn

EXERCISE = EXERCISES["arsmelding"]
#: Barnevern asked in January and health in March. Cases of January (2 persons), June (1), December (3).
BY_HAND = {
    "Spurt om å kalle TOT sammen": "2",
    "– spurt av Barneverntjenesten": "1",
    "– spurt av Helsetjenesten": "1",
    "– kalt sammen": "1",
    "– ikke kalt sammen": "1",
    "– ikke avgjort": "0",
    "Nye saker": "3",
    "– på spørsmål fra Barneverntjenesten": "1",
    "– på koordinatorens initiativ": "2",
    "– første møte innen 24 timer": "1",
    "– første møte etter 24–72 timer": "1",
    "– første møte etter mer enn 72 timer": "1",
    "– ikke noe møte registrert": "0",
    "Nye personer": "6",
    "Personer fra året før": "0",
    "Møter i saker": "3",
    "– med nok tjenester": "2",
    "– med for få tjenester": "1",
    "Behov": "4",
    "– noen tok ansvar innen 24 timer": "1",
    "– noen tok ansvar etter 1–7 døgn": "1",
    "– noen tok ansvar etter mer enn en uke": "0",
    "– ingen tok ansvar": "2",
    "Tiltak utført": "1",
    "Tiltak som ikke lot seg gjøre": "0",
    "Tiltak som ikke ble utført": "0",
    "Spørsmål om veiledning": "1",
    "– svart i tide": "1",
    "– svart senere, eller ikke": "0",
    "– tema: Taushetsplikt og deling": "1",
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


async def test_each_figure_is_what_was_counted_by_hand(play_url: str) -> None:
    async with rehearse(play_url, starts=EXERCISE.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        await EXERCISE.play(runner)
        own, shared = tables(rehearsal)
        assert own[0] == shared[0] == ["Tall", "2026", "2024–2026"]
        assert {label: year for label, year, _ in own[1:]} == BY_HAND
        # The two years before were empty; who is carried over is not added up.
        assert {label: span for label, _, span in own[1:]} == BY_HAND | {"Personer fra året før": "–"}
        told = {label: year for label, year, _ in shared[1:]}
        assert {label: year for label, year in told.items() if year not in ("<5", "–")} == TO_SHARE
        files = [f for f in runner.sandbox.workspace.files.values() if f.name.startswith("rapport-")]
        assert sorted(f.name.rpartition(".")[2] for f in files) == ["csv", "csv", "png", "png"]
        for file in files:
            if file.name.endswith("png"):
                assert Image.open(io.BytesIO(file.content)).width == 720
        all_can_be_drawn(runner.sandbox.workspace)

        # The case of December goes on: its three persons are the next year's, carried over.
        await orders(runner, {"År": "2027", "Hvem er den til?": "Bare meg: alle tall"})
        assert {label: year for label, year, _ in tables(rehearsal)[-1][1:]}["Personer fra året før"] == "3"

        assert await rehearsal.bot.database.outbox.given_up() == {}
        rows = await kit.dump(rehearsal.bot)
        assert len([row for row in rows["cases"] if row]) == 3
        assert len({row[1] for row in rows["meetings"]}) == 1, "two of three cases are gone"
        while_running = at_rest(play_url)
    for data in (while_running, at_rest(play_url)):
        assert len(data) > 10_000
        assert OWN_TOTALS.encode() not in data


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
