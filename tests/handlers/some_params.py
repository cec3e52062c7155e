"""Parameters for a notification of any kind: those of a first one."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import notifications as shapes
from bot.domain.case.entities import StepKind
from bot.domain.notifications import Kind
from tests.handlers.cases import NOW

_OF_SHAPE: dict[type[shapes.Params], shapes.Params] = {
    type(params): params
    for params in (
        shapes.At(NOW),
        shapes.ChainStep(StepKind.REMINDER, 0, NOW),
        shapes.Copies(1, "D1", 2),
        shapes.ContactDecision(approved=True, at=NOW),
        shapes.Day(NOW.date()),
        shapes.HeldAnswer("text", None, None, NOW, 0),
        shapes.MailReply(0, NOW),
        shapes.Occurrence("1"),
        shapes.PersonsChange("B"),
        shapes.PlacementChange(ended=False),
        shapes.PlannedFor("half", NOW + timedelta(hours=1)),
        shapes.ReportPeriod(shared=True, first=NOW.date(), last=NOW.date(), asked_at=NOW),
        shapes.ReportYear(shared=True, year=2026, language="nb", asked_at=NOW),
        shapes.Revision(0),
        shapes.Undeleted("police"),
        shapes.Waited("2", NOW, stored=False, why=("refused.case-closed",)),
        shapes.Undelivered(Kind.SUMMONS, "police", "0"),
        shapes.Withdrawn(NOW, NOW - timedelta(days=1)),
    )
}


def some_params(kind: Kind) -> shapes.Params | None:
    """The parameters of a notification of this kind; the question of taushetsplikt is put first."""
    if kind.params is None or kind in (Kind.ACKNOWLEDGEMENT, Kind.CASE_ACKNOWLEDGEMENT):
        return None
    return _OF_SHAPE[kind.params]
