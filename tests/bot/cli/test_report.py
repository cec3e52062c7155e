"""`tot report`: what an operator gets, and what never."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.case.entities import Count, Measure
from bot.usecases.ports import UnitOfWork
from tests.bot.cli.conftest import Tot, in_database

pytestmark = pytest.mark.usefixtures("with_partners")
LONG_AGO = date(2025, 3, 1)
WHEN = ("--from", "2025-03", "--to", "2025-04")


def keep(key: str, number: int) -> None:
    """Duties of an agency, so many, kept from March 2025."""

    def work(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        agency = next(a for a in uow.agencies(team.id) if a.key == key)
        for measure in (Measure.SUMMONED, Measure.PRESENT, Measure.NOT_ANSWERED):
            uow.add(Count(uow.ids.new(), team.id, agency.id, LONG_AGO, measure, number))

    in_database(work)


def rows(folder: Path) -> int:
    with sqlite3.connect(folder / "tot.db") as connection:
        return int(connection.execute("SELECT count(*) FROM audit").fetchone()[0])


def test_small_numbers_are_never_shown_and_it_is_logged(tot: Tot, tmp_path: Path) -> None:
    keep("politi", 12)
    keep("udi", 3)
    before = rows(tmp_path)
    said = tot.does("report", *WHEN, "--language", "en")
    assert said.startswith("Duty to attend in TOT Bergen, March–April 2025\n")
    assert "present 12" in said
    assert "present <5" in said
    assert " 3" not in said
    year = tot.does("report", "--year", "2025", "--language", "en")
    assert year.startswith("Annual report for TOT Bergen 2025\n\nRequests to convene TOT: <5")
    assert "New cases: <5 (2021–2023: <5)\n" in year
    assert rows(tmp_path) == before + 2


@pytest.mark.parametrize(
    ("which", "begins"), [(WHEN, "Tjeneste;Kalt inn;"), (("--year", "2025"), "Tall;2025;2021–2023\r\n")]
)
def test_files_are_for_their_owner_and_are_not_written_over(
    tot: Tot, tmp_path: Path, which: tuple[str, ...], begins: str
) -> None:
    keep("politi", 12)
    sheet, picture = tmp_path / "r.csv", tmp_path / "r.png"
    arguments = ("report", *which, "--csv", str(sheet), "--picture", str(picture))
    assert tot.does(*arguments) == ""
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sheet.read_bytes().decode("utf-8-sig").startswith(begins)
    assert {stat.S_IMODE(p.stat().st_mode) for p in (sheet, picture)} == {0o600}
    assert tot.cannot(*arguments) == f"{sheet} exists; --force writes over it\n"
    tot.does(*arguments, "--force")


def test_without_dates_it_is_the_year_so_far(tot: Tot) -> None:
    keep("politi", 12)
    said = tot.does("report")
    assert str(datetime.now(UTC).year) in said
    assert "Ikke noe oppmøte er registrert" in said


def test_wrong_usage_leaves_with_2_and_what_cannot_be_done_is_one_line(tot: Tot, tmp_path: Path) -> None:
    now = datetime.now(UTC).year
    for wrong in (
        *(("--from", "2025-13"), ("--to", "mars"), ("--from", "2025-04", "--to", "2025-03")),
        *(("--language", "sv"), ("--year", str(now + 1)), ("--year", "2025", "--from", "2025-01")),
    ):
        assert tot("report", *wrong).code == 2
    nobody = "there is no such team: --team is one of tot-bergen\n"
    assert tot.cannot("report", "--team", "nowhere") == nobody
    for impossible in ((*WHEN, "--picture", str(tmp_path / "x.png")), ("--year", str(now))):
        assert len(tot.cannot("report", *impossible).splitlines()) == 1
