"""Slack misbehaves in every possible way: everything arrives, and arrives once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cli.demo import Rehearsal
from bot.domain.notifications import Kind as Told
from handlers.delivery import deliverer
from handlers.delivery.declarations import CaseMessage
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault, Kind
from tests.e2e import kit

pytestmark = pytest.mark.usefixtures("rooms_may_not_come")
POST, UPDATE, HISTORY = "chat.postMessage", "chat.update", "conversations.history"
#: Longer than the wait after an uncertain call, in seconds of moved time.
WHILE = 90


async def a_short_case(rehearsal: Rehearsal) -> None:
    """Open a case, confirm, answer, and release one agency, whatever goes wrong."""
    runner = rehearsal.runner
    await kit.fill_in_case(runner, ["Politiet", "Barneverntjenesten", "Helsetjenesten"], when="fredag kl 10")
    await runner.sends(runner.person("koordinator"))
    await runner.later(seconds=WHILE)
    (room,) = kit.rooms(runner.sandbox)
    for handle in ("politi-exit", "barnevern", "helse"):
        await runner.person(handle).presses(kit.CONFIRM, in_="tot-bot")
    await runner.later(seconds=WHILE)
    await runner.person("barnevern").presses("Jeg kommer", in_="tot-bot")
    await runner.later(seconds=WHILE)
    await kit.send_form(runner, "koordinator", "/tot ut", room, Tjeneste="Helsetjenesten")
    await runner.later(seconds=WHILE)


UNSEEN = "Det er gjort. Det kan ta litt tid før meldingen viser det."
METHODS = (
    *("conversations.create", "conversations.invite", "conversations.kick", POST, UPDATE, "chat.delete"),
    *("files.getUploadURLExternal", "upload", "files.completeUploadExternal"),
)
#: In every run: one where a call has had an effect, one where it has none, and calls that come too fast.
IN_EVERY_RUN: tuple[Kind, ...] = ("5xx_before", "hang_after", "ratelimited")
SELDOM: tuple[Kind, ...] = ("reset_before", "hang_before", "5xx_after", "reset_after")


@pytest.mark.parametrize(
    "kind", [*IN_EVERY_RUN, *(pytest.param(kind, marks=pytest.mark.slow) for kind in SELDOM)]
)
async def test_every_call_fails(rehearsal: Rehearsal, sqlite_database_url: str, kind: Kind) -> None:
    """Once, or three times where it comes too fast."""
    times = 3 if kind == "ratelimited" else 1
    faults = rehearsal.runner.sandbox.faults
    added = [faults.add(Fault(kind, each, times=times, seconds=0.05, retry_after=7)) for each in METHODS]
    await a_short_case(rehearsal)
    found = kit.everything(rehearsal.runner.sandbox)
    if kind == "ratelimited":
        # Slack had closed `chat.update` when they confirmed: each is told once that it is done.
        for who in ("politi-exit", "barnevern", "helse"):
            found[f"{who} in tot-bot"].remove(UNSEEN)
    assert found == await kit.undisturbed(sqlite_database_url, a_short_case)
    assert [f.method for f in added if f.hits != times] == []


async def test_a_read_back_through_many_short_pages(runner: ExerciseRunner) -> None:
    sandbox, exit_ = runner.sandbox, runner.person("politi-exit")
    sandbox.settings.page_cap = 15
    await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
    question = Fault("reset_after", POST, where=lambda a: "trenger Politiet" in str(a["blocks"]))
    lost = sandbox.faults.add(question)
    await runner.sends(runner.person("koordinator"))
    assert await sandbox.workspace.changes.until(lambda: lost.hits, kit.IN_TIME)
    for _ in range(40):
        await exit_.writes("hei")
    before = len(sandbox.workspace.calls)
    await runner.later(seconds=WHILE)
    asked = "trenger Politiet i en sak i TOT Bergen"
    assert sum(kit.heading(m.text) == asked for m in kit.direct(sandbox, "politi-exit")) == 1
    assert sum(c.method == HISTORY for c in sandbox.workspace.calls[before:]) >= 3


@pytest.mark.parametrize("few", [0, 40])
async def test_a_message_that_cannot_be_made_keeps_no_other_from_being_current(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Both where its change triggers the check of the others, and where it is checked separately."""

    def fails(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(deliverer, "MOST_CHECKED_AT_CLAIM", few)
    runner = rehearsal.runner
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    delivering: Any = rehearsal.bot.dispatcher._deliveries
    monkeypatch.setitem(delivering._registry, Told.INVITE, CaseMessage(Told.INVITE, fails))
    await kit.submit_form(runner, "koordinator", "/tot avlys", room)
    for handle in ("politi-exit", "barnevern"):
        read = [kit.heading(m.text) for m in kit.direct(runner.sandbox, handle)]
        assert any("avlyst" in line for line in read), read
        assert not any("Kommer du" in line for line in read), read
