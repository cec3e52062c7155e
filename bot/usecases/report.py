"""The duty report, for the coordinators with all numbers, for everybody else without the small ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.audit import OPERATOR, AuditEntry
from bot.domain.case.duty import Count
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import Invalid, Problem
from bot.domain.guidance import Guidance
from bot.domain.notification_params import ReportPeriod
from bot.domain.notifications import Kind, Notification
from bot.domain.report import figures
from bot.domain.report.counts import ConvenedCount, GuidanceCount
from bot.domain.report.figures import Period, Report, tally
from bot.usecases.authorization import enter_team, teams_of
from bot.usecases.ports import UnitOfWork

MOST_MONTHS = 36
#: What a report is for: the coordinator alone, or to be passed on.
OWN, SHARED = "own", "shared"


@dataclass(frozen=True, slots=True)
class OrderReport:
    """Which team, and which months, both included."""

    team_id: str
    period: Period


def see_reportable(uow: UnitOfWork, actor: Person) -> list[Team]:
    """The teams of which the person may have a report.

    Raises:
        CoordinatorsOnly: the person coordinates none.
    """
    teams = teams_of(uow, actor)
    if not teams:
        enter_team(uow, actor, Action.SEE_REPORT, "")
    return teams


def order_report(uow: UnitOfWork, actor: Person, command: OrderReport) -> None:
    """Have the report with all numbers, and its picture, come to the coordinator who asks.

    Raises:
        CoordinatorsOnly: the person does not coordinate that team.
        Invalid: the period is empty or too long.
    """
    enter_team(uow, actor, Action.SEE_REPORT, command.team_id)
    _leave(uow, actor, command, (Kind.REPORT, Kind.REPORT_PICTURE), shared=False)


def share_report(uow: UnitOfWork, actor: Person, command: OrderReport) -> None:
    """The same without the small numbers, and with a file for a spreadsheet: to be passed on.

    Raises:
        As `order_report`.
    """
    enter_team(uow, actor, Action.SHARE_REPORT, command.team_id)
    _leave(uow, actor, command, (Kind.REPORT, Kind.REPORT_PICTURE, Kind.REPORT_SHEET), shared=True)


def _leave(
    uow: UnitOfWork, actor: Person, command: OrderReport, kinds: Iterable[Kind], *, shared: bool
) -> None:
    period = command.period
    if not 0 < len(period.months) <= MOST_MONTHS:
        raise Invalid(Problem("last", "invalid.period"))
    asked = ReportPeriod(shared, period.first, period.last, uow.now)
    uow.enqueue(*(Notification(kind, command.team_id, recipient=actor.id, params=asked) for kind in kinds))


def report_for(uow: UnitOfWork, actor_id: str, team_id: str, period: Period) -> Report | None:
    """The report that a coordinator has asked for; None for who no longer is one."""
    team = uow.get(Team, team_id)
    if team is None or not any(c.person_id == actor_id for c in uow.coordinators(team_id)):
        return None
    return report_of(uow, team, period)


def export_report(uow: UnitOfWork, team: Team, period: Period) -> Report:
    """The report for whoever runs the command line, who sees none of the small numbers. It is logged."""
    uow.audit(AuditEntry(Action.SHARE_REPORT, OPERATOR))
    return report_of(uow, team, period)


def report_of(uow: UnitOfWork, team: Team, period: Period) -> Report:
    """Count what the team's cases hold, and what is left of those that were deleted."""
    files = [f for f in map(uow.case_file, uow.cases_of_team(team.id)) if f is not None]
    agencies = uow.find(Agency, team_id=team.id)
    built = figures.build(
        team,
        period,
        agencies,
        [figures.tally(file) for file in files],
        uow.find(Count, team_id=team.id),
        sum(_unregistered(uow, file, period) for file in files),
    )
    convened = tuple(c for c in count_convened(uow, team) if c.month in period)
    asked = {c.agency_id for c in convened}
    return replace(
        built,
        convened=convened,
        askers=tuple(a for a in agencies if a.id in asked),
        guidance=tuple(c for c in count_guidance(uow, team) if c.month in period),
    )


def _unregistered(uow: UnitOfWork, file: CaseFile, period: Period) -> int:
    zone = ZoneInfo(file.team.zone)
    starts = (m.starts_at.astimezone(zone).date().replace(day=1) for m in file.unregistered(uow.now))
    return sum(month in period for month in starts)


def count_guidance(uow: UnitOfWork, team: Team) -> list[GuidanceCount]:
    """By month, theme, outcome and whether the promise was kept; the purged are counted as the others."""
    counted = Counter(
        (_first_of_month(g, team), g.theme, g.outcome, g.in_time) for g in uow.find(Guidance, team_id=team.id)
    )
    return [GuidanceCount(*key, number) for key, number in sorted(counted.items(), key=repr)]


def count_convened(uow: UnitOfWork, team: Team) -> list[ConvenedCount]:
    """By month, agency and what came of it; the purged are counted as the others."""
    counted = Counter(
        (_first_of_month(c, team), c.agency_id, c.convened, c.reason)
        for c in uow.find(Convening, team_id=team.id)
    )
    return [ConvenedCount(*key, number) for key, number in sorted(counted.items(), key=repr)]


def _first_of_month(asked: Guidance | Convening, team: Team) -> date:
    zone = ZoneInfo(team.zone) if asked.purged_at is None else ZoneInfo("UTC")
    return asked.asked_at.astimezone(zone).date().replace(day=1)


def keep_counts(uow: UnitOfWork, file: CaseFile) -> None:
    """Add a case's numbers to those that are kept. To be called once, where the case is forgotten.

    Raises:
        Overtaken: another case was forgotten at the same moment; to be run again.
    """
    counted = tally(file)
    kept = {
        (count.agency_id, count.month, count.measure): count
        for count in uow.find(Count, team_id=file.team.id, agency_id=sorted({a for a, _, _ in counted}))
    }
    for key, number in sorted(counted.items()):
        count = kept.get(key)
        if count is not None:
            uow.change(count, number=count.number + number)
        else:
            agency_id, month, measure = key
            uow.add(Count(uow.ids.new(), file.team.id, agency_id, month, measure, number))
