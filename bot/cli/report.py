"""`tot report`, also of a year. An operator may see no case, so numbers below five are hidden."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import typer

from bot.cli.console import fail, refuse_to_overwrite, say, write_private
from bot.cli.database import with_database
from bot.clock import SystemClock
from bot.domain.directory.entities import Team
from bot.domain.errors import Invalid
from bot.domain.language import Language
from bot.domain.report.figures import Period, Report, this_year
from bot.domain.report.yearly import YearReport
from bot.report.figures import paragraphs, sheet, title
from bot.report.yearly import paste, yearly_sheet
from bot.settings import StoreSettings, load
from bot.texts.words import Words, words
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import export_report, export_year


@dataclass(frozen=True, slots=True)
class Wanted:
    """The language and the file to write; with `force`, an existing file is overwritten."""

    language: Language | None
    csv: Path | None
    force: bool


def write_report(
    key: str | None, first: datetime | None, last: datetime | None, year: int | None, wanted: Wanted
) -> None:
    """Print the report of a period or a year, or write it to a file.

    Exit with 2 on wrong usage, with 1 if it cannot be done.
    """
    now = SystemClock().now()
    usual = this_year(now.date())
    period = Period(first.date() if first else usual.first, last.date() if last else usual.last)
    if not period.months:
        raise typer.BadParameter("--to is before --from")
    if year is not None and year > now.year:
        raise typer.BadParameter("--year is in the future")
    if wanted.csv is not None:
        refuse_to_overwrite(wanted.csv, force=wanted.force)

    def export(uow: UnitOfWork) -> Report | YearReport:
        team = _team(uow, key)
        try:
            return export_report(uow, team, period) if year is None else export_year(uow, team, year)
        except Invalid:
            raise fail(f"{year} is not over: a yearly report is for a past year") from None

    report = with_database(load(StoreSettings), lambda database: database.read(export))
    spoken = words(wanted.language or report.team.language)
    if isinstance(report, YearReport):
        _hand_over(wanted, [paste(spoken, report)], yearly_sheet(spoken, report))
    else:
        _hand_over(wanted, _lines(spoken, report), sheet(spoken, report))


def _team(uow: UnitOfWork, key: str | None) -> Team:
    teams = {team.key: team for team in uow.teams()}
    if not teams:
        raise fail("there are no partners yet: run `tot partners import FILE`")
    if key is not None and key in teams:
        return teams[key]
    if key is None and len(teams) == 1:
        return next(iter(teams.values()))
    wrong = "there are several teams" if key is None else "there is no such team"
    raise fail(f"{wrong}: choose one with --team: {', '.join(sorted(teams))}")


def _lines(spoken: Words, report: Report) -> list[str]:
    told = [["", name, *(f"  {line}" for line in lines)] for name, lines in paragraphs(spoken, report)]
    said = chain.from_iterable(told or [[spoken("report.nothing")]])
    return [title(spoken, report), *said, "", spoken("report.shared")]


def _hand_over(wanted: Wanted, lines: list[str], sheet: bytes) -> None:
    if wanted.csv is None:
        say(*lines)
    else:
        _write(wanted.csv, sheet)


def _write(path: Path, content: bytes) -> None:
    write_private(path, content)
    if str(path) != "-":
        sys.stderr.write(f"Written to {path}.\n")
