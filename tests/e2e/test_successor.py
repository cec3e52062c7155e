"""Somebody new at a known work mail: nothing of the one before comes with the mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.rehearsal import PARTNERS, Rehearsal, rehearse
from sandbox import Person
from tests.e2e import kit
from tests.e2e.test_guidance import ANSWER, answer, ask, texts
from tests.handlers.slack.test_bad_input import text_of
from tests.handlers.slack.test_guest_middleware import imported


@pytest.fixture
async def rehearsal(sqlite_database_url: str) -> AsyncIterator[Rehearsal]:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        yield rehearsal


async def succeed(rehearsal: Rehearsal, old: str, path: Path) -> Person:
    """«ny» gets the place and the work mail of somebody in the partners file."""
    new = rehearsal.stage.box.add_person("ny", id="U0NYPERSON")
    text = PARTNERS.read_text("utf-8").replace(old, new.id)
    path.write_text(text, "utf-8")  # noqa: ASYNC240
    await imported(rehearsal, path)
    await rehearsal.stage.settle()
    return new


@pytest.mark.parametrize("closed", [True, False])
async def test_the_room_of_the_one_before_stays_shut(
    rehearsal: Rehearsal, tmp_path: Path, closed: bool
) -> None:
    stage, box = rehearsal.stage, rehearsal.stage.box
    room = await kit.open_case(stage, "Politiet")
    await kit.confirm(stage, "politi-exit", "vara-koordinator")
    if closed:
        await kit.submit_form(stage, "koordinator", "/tot lukk", room)
    inside = kit.people_in(box, room)
    new = await succeed(rehearsal, "U0VARAKOORD", tmp_path / "partners.toml")
    await rehearsal.bot.upkeep.check_rooms()
    await stage.settle()
    assert kit.people_in(box, room) <= inside
    await new.opens_home()
    await stage.settle()
    assert room.removeprefix("rom-") not in new.home
    assert "taushetsplikt bekreftet" not in text_of(await new.types("/tot innsyn", "#generelt"))


async def test_a_new_coordinator_is_asked_in_the_cases_of_a_deactivated_one(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    stage, box = rehearsal.stage, rehearsal.stage.box
    room = await kit.open_case(stage, "Politiet")
    await kit.confirm(stage, "politi-exit", "vara-koordinator")
    await stage.person("vara-koordinator").is_deactivated()
    await stage.settle()
    await succeed(rehearsal, "U0VARAKOORD", tmp_path / "partners.toml")
    assert "ny" not in kit.people_in(box, room)
    await kit.confirm(stage, "ny")
    assert kit.people_in(box, room) == {"koordinator", "politi-exit", "ny"}


async def test_guidance_is_answered_to_the_one_who_asked(rehearsal: Rehearsal, tmp_path: Path) -> None:
    stage = rehearsal.stage
    await ask(stage)
    await succeed(rehearsal, "U0HELSE", tmp_path / "partners.toml")
    await answer(stage)
    assert ANSWER in texts(stage, "helse")
    assert texts(stage, "ny") == ""
