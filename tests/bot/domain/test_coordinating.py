"""Which of several coordinators has a case; Slack's report on its room."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case.entities import Phase, Room, RoomTrouble
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import alerted_at
from bot.domain.notifications import Kind
from bot.domain.room import SeenRoom, room_reminders, trouble_of
from tests.every import every
from tests.handlers.cases import ASKED, NOW, amend, base


def both(**case: object) -> CaseFile:
    """Return a case with both coordinators confirmed and two agencies to ring since it was opened."""
    return amend(amend(base(), "seat-second", acknowledged_at=ASKED), "case", **case)


def at(file: CaseFile, person_id: str) -> datetime | None:
    return alerted_at(file, Kind.CALL_LIST, "meeting", person_id)


def test_who_has_not_confirmed_is_alerted_of_nothing_and_in_the_working_phase_in_working_time() -> None:
    assert at(base(), "second") is None
    gone = amend(both(), "lead", deactivated=True)
    assert (at(gone, "lead"), at(gone, "second")) == (None, ASKED), "the next one moves up at once"
    assert at(both(phase=Phase.WORKING), "second") == ASKED + timedelta(hours=2)


ROOM = Room("room", "case", "C1", "rom-k7f3")
FINE = SeenRoom("rom-k7f3", "U0BOT", private=True, shared=False, archived=False, member=True)


def test_of_what_is_wrong_with_a_room_the_worst_is_told() -> None:
    everything = replace(FINE, private=False, shared=True, archived=True, name="annet")
    assert trouble_of(ROOM, everything) is RoomTrouble.PUBLIC
    assert trouble_of(ROOM, replace(FINE, shared=True, archived=True)) is RoomTrouble.SHARED
    assert trouble_of(ROOM, None) is RoomTrouble.THROWN_OUT, "one that cannot be seen"


@every("gone", ["purged_at", "erasing_since"])
def test_of_a_case_that_goes_and_of_a_room_that_is_fine_nothing_is_planned(gone: str) -> None:
    file = amend(base(), "room", trouble=RoomTrouble.SHARED, trouble_at=NOW)
    assert list(room_reminders(amend(file, "case", **{gone: NOW}))) == []
    assert list(room_reminders(base())) == []
