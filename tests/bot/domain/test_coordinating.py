"""When the next of several coordinators is alerted of whom to ring."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case.entities import Phase
from bot.domain.coordinating import alerted_at
from bot.domain.notifications import Kind
from tests.handlers.cases import ASKED, amend, base


def test_in_the_working_phase_the_next_one_is_alerted_in_working_time() -> None:
    file = amend(amend(base(), "seat-second", acknowledged_at=ASKED), "case", phase=Phase.WORKING)
    assert alerted_at(file, Kind.CALL_LIST, "meeting", "second") == ASKED + timedelta(hours=2)
