"""Both reports: with all numbers for the coordinators, without the small ones for everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import date
from enum import StrEnum
from typing import Any

from bot.domain.access import Action
from bot.domain.case.entities import Case, Count
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import Invalid, Problem
from bot.domain.guidance import Guidance
from bot.domain.joint import JointMeeting
from bot.domain.notifications import Kind, Notification, ReportPeriod
from bot.domain.report.figures import Period, Report, Tally, in_order, month_after, tally
from bot.domain.report.yearly import (
    Counted,
    YearCount,
    YearReport,
    YearTally,
    months_of,
    numbers_of,
    year_tally,
    years_needed,
)
from bot.usecases.authorization import enter_team
from bot.usecases.ports import UnitOfWork, case_files

MOST_MONTHS = 36


class ReportFor(StrEnum):
    """The readers of a report: only the coordinator, or others too."""

    OWN = "own"
    SHARED = "shared"


def order_report(
    uow: UnitOfWork, actor: Person, team_id: str, *, first: str, last: str, use: ReportFor
) -> None:
    """Send the report of some months («2026-01») to the coordinator who orders it.

    A shared report has no small numbers, and comes with a file for a spreadsheet. With a whole year comes the
    yearly report; to be shared, of a year that is over.
    """
    shared = use is ReportFor.SHARED
    team = enter_team(uow, actor, Action.SHARE_REPORT if shared else Action.SEE_REPORT, team_id)
    try:
        period = Period(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"))
    except ValueError:
        raise Invalid(Problem("last", "invalid.period")) from None
    if not period.first <= period.last < month_after(period.first, MOST_MONTHS):
        raise Invalid(Problem("last", "invalid.period"))
    year, this_month = months_of(period.first.year), team.day_of(uow.now).replace(day=1)
    so_far = not shared and period == replace(year, last=this_month)
    kinds = [Kind.REPORT, *([Kind.REPORT_SHEET] if shared else [])]
    if so_far or (period == year and year.last < this_month):
        kinds.append(Kind.YEARLY)
    params = ReportPeriod(shared, period.first, period.last, uow.now)
    uow.enqueue(*(Notification(kind, team_id, recipient=actor.id, params=params) for kind in kinds))


def report_of(uow: UnitOfWork, team: Team, period: Period) -> Report:
    """Build the report from the team's cases, and from the kept counts of deleted ones."""
    agencies = in_order(uow.find(Agency, team_id=team.id))
    numbers: Tally = Counter()
    for file in _files(uow, team):
        numbers.update(tally(file))
    for count in uow.find(Count, team_id=team.id):
        numbers[count.agency_id, count.month, count.measure] += count.number
    return Report(team, period, agencies, numbers)


def _files(uow: UnitOfWork, team: Team) -> list[CaseFile]:
    files = [*case_files(uow, uow.cases_of_team(team.id), closed_too=True)]
    uow.refuse_unreadable()
    return [file for file in files if not file.case.undone]


def keep_counts(uow: UnitOfWork, file: CaseFile) -> None:
    """Add a case's numbers to the kept counts. Call it once, when the case is forgotten.

    A case that was opened by mistake counts in no report.

    Nothing is counted when a case is opened, changed or closed, so the counts in two backups differ only by
    deletions.
    """
    if file.case.undone:
        return
    counted, of_years = tally(file), year_tally(file)
    agencies, years = {agency_id for agency_id, _, _ in counted}, {year for year, _ in of_years}
    _add_up(uow, Count, counted, team_id=file.team.id, agency_id=sorted(agencies))
    _add_up(uow, YearCount, of_years, team_id=file.team.id, year=sorted(years))


def _add_up(uow: UnitOfWork, make: type[Any], counted: Mapping[tuple[Any, ...], int], **among: Any) -> None:
    """Add numbers to the counts kept `among` these; the key is all fields between the team and the number."""
    kept = {astuple(count)[2:-1]: count for count in uow.find(make, **among)}
    for key, number in sorted(counted.items()):
        count = kept.get(key)
        if count is not None:
            uow.change(count, number=count.number + number)
        else:
            uow.add(make(uow.ids.new(), among["team_id"], *key, number))


def year_report_of(uow: UnitOfWork, team: Team, year: int) -> YearReport:
    """Build the yearly report from what is stored, and from the kept counts of what was deleted."""
    kept: YearTally = Counter()
    for file in _files(uow, team):
        kept.update(year_tally(file))
    for count in uow.find(YearCount, team_id=team.id):
        kept[count.year, count.measure] += count.number
    agencies = in_order(uow.find(Agency, team_id=team.id))
    counted = Counted(
        team,
        agencies,
        [case for case in uow.find(Case, team_id=team.id) if not case.undone],
        kept,
        uow.find(Convening, team_id=team.id),
        uow.find(Guidance, team_id=team.id),
        uow.find(JointMeeting, team_id=team.id),
    )
    return YearReport(team, year, {y: numbers_of(counted, y) for y in years_needed(year)}, agencies)
