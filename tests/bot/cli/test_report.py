"""`tot report`: what an operator gets, and what never."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cli.database import with_database
from bot.domain.case.duty import Count, Measure
from bot.settings import StoreSettings, load
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase
from tests.bot.cli.conftest import ROOT, Tot

LONG_AGO = date(2025, 3, 1)
WHEN = ("--from", "2025-03", "--to", "2025-04")


@pytest.fixture
def kept(tot: Tot, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """The example partners, and a way to have that many duties of an agency kept from March 2025."""
    monkeypatch.setenv("DATABASE_URL", sqlite_database_url)
    assert tot("partners", "import", str(ROOT / "partners.example.toml")).code == 0

    def keep(key: str, number: int) -> None:
        def work(uow: UnitOfWork) -> None:
            team = next(t for t in uow.teams() if any(a.key == key for a in uow.agencies(t.id)))
            agency = next(a for a in uow.agencies(team.id) if a.key == key)
            for measure in (Measure.SUMMONED, Measure.PRESENT, Measure.NOT_ANSWERED):
                uow.add(Count(uow.ids.new(), team.id, agency.id, LONG_AGO, measure, number))

        async def write(database: SqlDatabase) -> None:
            await database.write(work)

        with_database(load(StoreSettings), write)

    return keep


def test_small_numbers_are_never_shown(tot: Tot, kept: Callable[[str, int], None]) -> None:
    kept("politi", 12)
    kept("udi", 3)
    said = tot("report", *WHEN, "--language", "en")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Duty to attend in TOT Bergen, March–April 2025\n")
    assert "present 12" in said.out
    assert "present <5" in said.out
    assert " 3" not in said.out


def test_it_is_logged(tot: Tot, kept: Callable[[str, int], None], tmp_path: Path) -> None:
    before = _rows(tmp_path)
    assert tot("report", *WHEN).code == 0
    assert _rows(tmp_path) == before + 1


def _rows(folder: Path) -> int:
    with sqlite3.connect(folder / "tot.db") as connection:
        return int(connection.execute("SELECT count(*) FROM audit").fetchone()[0])


def test_files_are_for_their_owner_and_are_not_written_over(
    tot: Tot, kept: Callable[[str, int], None], tmp_path: Path
) -> None:
    kept("politi", 12)
    sheet, picture = tmp_path / "r.csv", tmp_path / "r.png"
    arguments = ("report", *WHEN, "--csv", str(sheet), "--picture", str(picture))
    said = tot(*arguments)
    assert (said.code, said.out) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sheet.read_bytes().decode("utf-8-sig").splitlines()[0].startswith("Tjeneste;Kalt inn;")
    assert {stat.S_IMODE(p.stat().st_mode) for p in (sheet, picture)} == {0o600}
    again = tot(*arguments)
    assert (again.code, again.err) == (1, f"{sheet} exists; --force writes over it\n")
    assert tot(*arguments, "--force").code == 0


def test_without_dates_it_is_the_year_so_far(tot: Tot, kept: Callable[[str, int], None]) -> None:
    kept("politi", 12)
    said = tot("report")
    assert said.code == 0
    assert str(datetime.now(UTC).year) in said.out
    assert "Ikke noe oppmøte er registrert" in said.out


@pytest.mark.parametrize(
    "wrong",
    [("--from", "2025-13"), ("--to", "mars"), ("--from", "2025-04", "--to", "2025-03"), ("--language", "sv")],
)
def test_wrong_usage_leaves_with_2(tot: Tot, wrong: tuple[str, ...]) -> None:
    assert tot("report", *wrong).code == 2


def test_what_cannot_be_done_is_told_in_one_line(
    tot: Tot, kept: Callable[[str, int], None], tmp_path: Path
) -> None:
    nobody = tot("report", "--team", "nowhere")
    assert (nobody.code, nobody.err) == (1, "there is no such team: --team is one of tot-bergen\n")
    nothing = tot("report", *WHEN, "--picture", str(tmp_path / "x.png"))
    assert nothing.code == 1
    assert len(nothing.err.splitlines()) == 1


def test_a_year_that_is_over_has_no_small_number(
    tot: Tot, kept: Callable[[str, int], None], tmp_path: Path
) -> None:
    kept("politi", 12)
    before = _rows(tmp_path)
    said = tot("report", "--year", "2025", "--language", "en")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Annual report for TOT Bergen 2025\n\nRequests to convene TOT: <5")
    assert "New cases: <5 (2021–2023: <5)\n" in said.out
    assert _rows(tmp_path) == before + 1, "it is logged"


def test_a_year_is_written_as_spreadsheet_and_picture(
    tot: Tot, kept: Callable[[str, int], None], tmp_path: Path
) -> None:
    sheet, picture = tmp_path / "r.csv", tmp_path / "r.png"
    said = tot("report", "--year", "2025", "--csv", str(sheet), "--picture", str(picture))
    assert (said.code, said.out) == (0, "")
    assert sheet.read_bytes().decode("utf-8-sig").startswith("Tall;2025;2021–2023\r\n")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_year_that_is_not_over_is_not_shared(tot: Tot, kept: Callable[[str, int], None]) -> None:
    now = datetime.now(UTC).year
    said = tot("report", "--year", str(now))
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert tot("report", "--year", str(now + 1)).code == 2
    assert tot("report", "--year", "2025", "--from", "2025-01").code == 2
