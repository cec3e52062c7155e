"""The form in which a duty report is ordered."""

from __future__ import annotations

from datetime import date

from bot.domain.report.figures import Period
from bot.usecases.report import OWN, SHARED, OrderReport, order_report, share_report
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import SubmissionRequest


async def ordered(request: SubmissionRequest) -> None:
    """The report comes as direct messages; this says so."""
    fields = request.fields
    team_id = request.metadata or fields.needed("team")
    command = OrderReport(team_id, Period(_month(fields.needed("first")), _month(fields.needed("last"))))
    use_case = {OWN: order_report, SHARED: share_report}.get(fields.needed("for"))
    if use_case is None:
        raise Unreadable
    await request.act(use_case, command)
    await request.done(request.words("modal.report.ordered"))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Unreadable from None
