"""Wrong input that nobody foresaw, at each door: a true answer, no change, nothing in the log."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import rehearse
from handlers.answers import messages as answers_messages
from handlers.case import modals as case_modals
from handlers.involvement import modals as involvement_modals
from handlers.meeting import modals as meeting_modals
from tests.e2e import kit
from tests.handlers.entry_points import EntryPoints, said, text_of

SECRET = "13097248022"


@pytest.fixture
async def entry_points(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[EntryPoints]:
    """A case, opened by the coordinator on a Tuesday morning."""
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        entry_points = EntryPoints(rehearsal, tmp_path / "tot.db")
        await entry_points.open_case()
        yield entry_points


async def test_a_review_counts_for_the_form_that_it_is_of_and_for_nothing_else(
    entry_points: EntryPoints,
) -> None:
    """Sent by one who may, with what is none; those who may not are tried with the access table."""
    coordinator = entry_points.coordinator
    await coordinator.types("/tot møte overmorgen kl 10", entry_points.room)
    await coordinator.fills({"Sted": "Møterom Nord"})
    await coordinator.submits()
    review = (await coordinator.sees_modal("Se over")).view
    before = entry_points.state()
    forged: list[dict[str, Any]] = [
        {"private_metadata": metadata} for metadata in ("nonsense", "x.y", "", "x" * 3000)
    ]
    reviews = (
        case_modals.OPEN_CASE_REVIEW,
        involvement_modals.INVITE_REVIEW,
        meeting_modals.MOVE_REVIEW,
    )
    for changes in (*forged, *({"callback_id": view_id} for view_id in reviews)):
        answer = await entry_points.submits(coordinator, review, **changes)
        assert said(answer).startswith("Dette har du ikke tilgang til"), changes
    assert entry_points.state() == before


async def test_a_slow_commit_is_announced(sqlite_database_url: str, tmp_path: Path) -> None:
    """The person hears that it is being worked on, and then how it went."""
    async with rehearse(sqlite_database_url, sandbox=kit.quick(), slack_waits=0.75) as playing:
        person = playing.runner.person("utenforstaende")
        with closing(sqlite3.connect(tmp_path / "tot.db", isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            answer = text_of(await person.types("/tot språk english"))
            assert answer.startswith("Jeg jobber fortsatt med dette.")
        await person.sees("From now on I write to you in English.")


async def test_the_unforeseen(
    entry_points: EntryPoints,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: Any,
) -> None:
    """The person is answered with a reference, and the log holds that and no more."""
    caplog.set_level(logging.DEBUG)
    await entry_points.coordinator.types("/tot lukk", entry_points.room)

    async def fails(*_: Any) -> Any:
        raise RuntimeError(f"{SECRET} in a message")

    monkeypatch.setattr(entry_points.bot.database, "once", fails)
    monkeypatch.setattr(entry_points.bot.database, "read", fails)
    assert await entry_points.coordinator.submits() == {}
    in_form = (await entry_points.coordinator.sees_modal()).text
    in_channel = text_of(await entry_points.coordinator.types("/tot hjelp"))
    by_button = await entry_points.presses(
        entry_points.person("vara-koordinator"), answers_messages.CONFIRM, "x"
    )
    monkeypatch.undo()
    logged = capsys.readouterr()
    for text in (in_form, in_channel, by_button):
        assert "Noe gikk galt hos meg." in text
        reference = text.split("referansen: *")[1][:6]
        assert reference in logged.out + logged.err + caplog.text
    everything = logged.out + logged.err + caplog.text
    assert SECRET not in everything
    assert entry_points.coordinator.id not in everything
