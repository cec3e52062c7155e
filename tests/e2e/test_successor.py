"""Somebody new at a known work mail: nothing of the one before comes with the mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.demo import PARTNERS, Rehearsal
from sandbox import Person
from tests.e2e import kit
from tests.e2e.test_guidance import ANSWER, answer, ask, texts
from tests.handlers.slack.test_bad_input import text_of
from tests.handlers.slack.test_guest_middleware import imported


async def succeed(rehearsal: Rehearsal, old: str, path: Path) -> Person:
    """«ny» gets the place and the work mail of somebody in the partners file."""
    new = rehearsal.runner.sandbox.add_person("ny", id="U0NYPERSON")
    text = PARTNERS.read_text("utf-8").replace(old, new.id)
    path.write_text(text, "utf-8")  # noqa: ASYNC240
    await imported(rehearsal, path)
    await rehearsal.runner.until_idle()
    return new


@pytest.mark.parametrize("closed", [True, False])
async def test_the_room_of_the_one_before_stays_shut(
    rehearsal: Rehearsal, tmp_path: Path, closed: bool
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit", "vara-koordinator")
    if closed:
        await kit.submit_form(runner, "koordinator", "/tot lukk", room)
    inside = kit.people_in(sandbox, room)
    new = await succeed(rehearsal, "U0VARAKOORD", tmp_path / "partners.toml")
    await rehearsal.bot.scheduler.check_rooms()
    await runner.until_idle()
    assert kit.people_in(sandbox, room) <= inside
    await new.opens_home()
    await runner.until_idle()
    assert room.removeprefix("rom-") not in new.home
    assert "taushetsplikt bekreftet" not in text_of(await new.types("/tot innsyn", "#generelt"))


async def test_a_new_coordinator_is_asked_in_the_cases_of_a_deactivated_one(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
    room = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit", "vara-koordinator")
    await runner.person("vara-koordinator").is_deactivated()
    await runner.until_idle()
    await succeed(rehearsal, "U0VARAKOORD", tmp_path / "partners.toml")
    assert "ny" not in kit.people_in(sandbox, room)
    await kit.confirm(runner, "ny")
    assert kit.people_in(sandbox, room) == {"koordinator", "politi-exit", "ny"}


async def test_guidance_is_answered_to_the_one_who_asked(rehearsal: Rehearsal, tmp_path: Path) -> None:
    runner = rehearsal.runner
    await ask(runner)
    await succeed(rehearsal, "U0HELSE", tmp_path / "partners.toml")
    await answer(runner)
    assert ANSWER in texts(runner, "helse")
    assert texts(runner, "ny") == ""
