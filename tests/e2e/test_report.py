"""`/tot rapport` through the local workspace: who gets what, and that it agrees with what was registered."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from bot.cli.demo import Rehearsal, rehearse
from sandbox.exercises.runner import ExerciseRunner
from sandbox.model import File
from tests.databases import sqlite_url
from tests.e2e import kit
from tests.stories.standing import Standing, left

FIELDS = {"Fra og med": "desember 2026", "Til og med": "desember 2026"}
SHARED = {"Hvem er den til?": "Til deling: tall under 5 skjules"}


@dataclass
class Held:
    """A rehearsal after a meeting that has been registered."""

    rehearsal: Rehearsal

    @property
    def runner(self) -> ExerciseRunner:
        return self.rehearsal.runner

    async def orders(self, **fields: str) -> None:
        koordinator = self.runner.person("koordinator")
        await koordinator.types("/tot rapport")
        await koordinator.sees_modal("Rapport om møteplikt")
        await koordinator.fills(FIELDS | {key.replace("_", " "): value for key, value in fields.items()})
        await self.runner.sends(koordinator)
        assert koordinator.modal is not None
        assert "direktemelding" in koordinator.modal.text
        await koordinator.closes(whole_stack=True)
        await self.runner.until_idle()

    def told(self, handle: str = "koordinator") -> list[str]:
        return [
            seen.text
            for seen in kit.direct(self.runner.sandbox, handle)
            if "Møteplikt i" in seen.text or "rapport-" in seen.text
        ]

    def files(self) -> dict[str, File]:
        found = [f for f in self.runner.sandbox.workspace.files.values() if f.name.startswith("rapport-")]
        return {f.name.rpartition(".")[2]: f for f in found}


@pytest.fixture(scope="module")
def registered(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """Three agencies were called: the police came, and child welfare did not."""
    database = tmp_path_factory.mktemp("registered") / "tot.db"
    return asyncio.run(_registered(Path(shutil.copy(migrated_sqlite, database))))


async def _registered(database: Path) -> Standing:
    async with rehearse(sqlite_url(database), starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", "Botilbud")
        await kit.confirm(runner, "politi-exit")
        await runner.later(minutes=30)
        rung = runner.now().replace(second=0, microsecond=0)
        await kit.press(runner, "politi-exit", "Jeg kommer")
        await runner.later(days=3)
        came = {
            "Politiet": "Møtte",
            "Barneverntjenesten": "Uteble uten å si fra",
            "botilbud 1": "Møtte",
            "botilbud 1: bekreftet taushetsplikten og svarte på telefon": rung,
        }
        await kit.submit_form(runner, "koordinator", "/tot oppmøte", room, **came)
        workspace, now = left(runner.sandbox), runner.sandbox.clock.now()
    return Standing(database.parent, workspace, now)


@pytest.fixture
async def held(registered: Standing, tmp_path: Path) -> AsyncIterator[Held]:
    registered.copy_to(tmp_path)
    url = sqlite_url(tmp_path / "tot.db")
    async with rehearse(
        url, starts=registered.at, sandbox=kit.quick(), furnish=registered.furnish
    ) as rehearsal:
        yield Held(rehearsal)


async def test_a_coordinator_gets_all_numbers_and_the_picture_and_nobody_else_does(held: Held) -> None:
    await held.orders()
    numbers = next(text for text in held.told() if "Møteplikt i TOT Bergen, desember 2026" in text)
    assert "Politiet*\nkalt inn 1 · bekreftet i tide 1\n" in numbers
    assert "svarte etter 15–60 min 1" in numbers
    assert "uteble uten å si fra 1" in numbers
    assert "botilbud 1" in numbers
    assert set(held.files()) == {"png"}
    picture = held.files()["png"]
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert "Politiet: 100\u00a0% (1 av 1)" in picture.alt
    assert picture.channels == [
        held.runner.sandbox.workspace.direct(
            held.runner.sandbox.workspace.bot.id, held.runner.person("koordinator").id
        ).id
    ]
    others = {u.handle for u in held.runner.sandbox.workspace.users.values() if not u.is_bot} - {
        "koordinator"
    }
    assert not any(held.told(handle) for handle in others)


async def test_what_is_to_be_shared_has_no_small_number_and_a_spreadsheet(held: Held) -> None:
    await held.orders(**SHARED)
    numbers = next(text for text in held.told() if "Møteplikt i TOT Bergen, desember 2026" in text)
    assert "møtte <5 ·" in numbers
    assert not any(f" {digit} ·" in numbers for digit in "01234")
    assert set(held.files()) == {"png", "csv"}
    rows = held.files()["csv"].content.decode("utf-8-sig").splitlines()
    assert {cell for row in rows[1:] for cell in row.split(";")[1:]} == {"<5", "–"}


@pytest.mark.parametrize("handle", ["politi-exit", "politi-leder", "utenforstående"])
async def test_others_are_refused(held: Held, handle: str) -> None:
    person = held.runner.person(handle)
    answer = await person.types("/tot rapport")
    assert answer is not None
    assert "koordinator" in answer.text
    assert person.modal is None
    await held.runner.until_idle()
    assert held.files() == {}


async def test_a_period_that_ends_before_it_begins_is_marked_at_its_field(held: Held) -> None:
    koordinator = held.runner.person("koordinator")
    await koordinator.types("/tot report")
    await koordinator.fills({"Fra og med": "desember 2026", "Til og med": "november 2026"})
    wrong = await held.runner.is_refused(koordinator)
    assert "slutte etter at den begynner" in "".join(wrong.values())


async def test_who_has_been_relieved_since_the_form_was_opened_gets_nothing(held: Held) -> None:
    runner = held.runner
    vara = runner.person("vara-koordinator")
    await vara.types("/tot koordinator")
    await vara.fills({"Frita": "koordinator"})
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot rapport")
    await runner.sends(vara)
    await koordinator.submits()
    await runner.until_idle()
    assert held.files() == {}
    assert held.told() == []
