"""A case whose meeting has been registered, with one of each that a register can say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.case.duty import Arrival, Correction, Tick
from bot.domain.case.entities import Attendance, DeclineReason, QuorumReason
from bot.domain.case.file import CaseFile
from tests.handlers.cases import STARTS, amend, base

AFTER = STARTS + timedelta(hours=2)
AWAY = Attendance.ABSENT_WITHOUT_NOTICE


def registered() -> CaseFile:
    """The police came late, child welfare sent a deputy, the others stayed away; once corrected."""
    file = amend(base(), "meeting", registered_at=AFTER, chair="police", link="https://meet.example/x")
    came = {
        "police": Attendance.LATE,
        "child": Attendance.DEPUTY_PRESENT,
        "social": AWAY,
        "counsel": Attendance.ABSENT_WITH_NOTICE,
        "shelter": AWAY,
    }
    for key, how in came.items():
        file = amend(file, f"duty-{key}", attendance=how, registered_by="lead")
    file = amend(file, "duty-counsel", written_report=True)
    file = amend(file, "duty-shelter", absence_reason=DeclineReason.TRAVEL)
    reason = QuorumReason.CANNOT_WAIT
    file = amend(file, "meeting", quorum_reason=reason, quorum_at=STARTS + timedelta(minutes=7))
    at = STARTS + timedelta(minutes=12)
    arrivals = (
        Arrival("a1", "case", "meeting", "police", at, "duty-police"),
        Arrival("a2", "case", "meeting", "lead", STARTS),
    )
    ticks = tuple(Tick(p, "case", "meeting", p, at, "police") for p in ("interpreter", "health"))
    was = Correction("c1", "case", "duty-child", AFTER, "lead", AWAY, Attendance.DEPUTY_PRESENT)
    rules = replace(file.team.rules, agenda=("health", "interpreter", "Egne <ord> `her`"))
    return replace(amend(file, "team", rules=rules), arrivals=arrivals, ticks=ticks, corrections=(was,))
