"""Parameters for a notification of any kind: those of a first one."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case.duty import StepKind
from bot.domain.notification_params import (
    At,
    ChainStep,
    ContactDecision,
    Copies,
    Day,
    HeldAnswer,
    MailReply,
    Occurrence,
    Params,
    PersonsChange,
    PlacementChange,
    PlannedFor,
    ReportPeriod,
    ReportYear,
    Revision,
    Undeleted,
    Undelivered,
    Waited,
    Withdrawn,
)
from bot.domain.notifications import Kind
from tests.handlers.cases import NOW

_OF_SHAPE: dict[type[Params], Params] = {
    type(params): params
    for params in (
        At(NOW),
        ChainStep(StepKind.REMINDER, 0, NOW),
        Copies(1, "D1", 2),
        ContactDecision(approved=True, at=NOW),
        Day(NOW.date()),
        HeldAnswer("text", None, None, NOW, 0),
        MailReply(0, NOW),
        Occurrence("1"),
        PersonsChange("B"),
        PlacementChange(ended=False),
        PlannedFor("half", NOW + timedelta(hours=1)),
        ReportPeriod(shared=True, first=NOW.date(), last=NOW.date(), asked_at=NOW),
        ReportYear(shared=True, year=2026, language="nb", asked_at=NOW),
        Revision(0),
        Undeleted("police"),
        Waited("1", NOW, stored=True),
        Waited("2", NOW, stored=False, why=("refused.case-closed",)),
        Undelivered(Kind.SUMMONS, "police", "0"),
        Withdrawn(NOW, NOW - timedelta(days=1)),
    )
}


def some_params(kind: Kind) -> Params | None:
    """The parameters of a notification of this kind; the question of taushetsplikt is put first."""
    if kind.params is None or kind in (Kind.ACKNOWLEDGEMENT, Kind.CASE_ACKNOWLEDGEMENT):
        return None
    return _OF_SHAPE[kind.params]
