"""Links between cases, and when it is said that a liaison is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.case.entities import Phase, Seat, SeatRole
from bot.domain.case.links import Liaison, Link, LinkKind, leaves_at
from bot.domain.links import liaison_reminders, linked_to
from bot.domain.notifications import Kind
from tests.bot.case_files import case_file, meeting
from tests.bot.cast import TEAM, oslo
from tests.every import every

FRIDAY = date(2026, 12, 4)


@every(
    ("phase", "named_at", "meets", "due"),
    [
        # Six and twelve hours of working time.
        (Phase.WORKING, "2026-11-26 15:00", "2026-12-14 10:00", ["2026-11-27 13:00", "2026-11-30 11:00"]),
        # Three quarters of what is left until the meeting.
        (Phase.WORKING, "2026-11-26 08:00", "2026-11-26 16:00", ["2026-11-26 11:00", "2026-11-26 14:00"]),
        # Hardly any working time is left: every hour counts.
        (Phase.WORKING, "2026-11-27 20:00", "2026-11-30 08:00", ["2026-11-28 02:00", "2026-11-28 08:00"]),
        (Phase.ACUTE, "2026-11-28 22:00", "2026-12-02 10:00", ["2026-11-28 22:30", "2026-11-28 23:00"]),
        (Phase.ACUTE, "2026-11-28 22:00", "2026-11-28 22:40", ["2026-11-28 22:15", "2026-11-28 22:30"]),
        # Nobody is told after the last day.
        (Phase.ACUTE, "2026-12-04 15:20", "2026-12-07 10:00", ["2026-12-04 15:35", "2026-12-04 15:50"]),
    ],
)
def test_half_a_window_and_a_window(phase: Phase, named_at: str, meets: str, due: list[str]) -> None:
    asked_at = oslo(named_at)
    guest = Seat("seat-guest", "case", "officer", SeatRole.LIAISON, asked_at)
    liaison = Liaison("liaison", "case", FRIDAY, asked_at, "coordinator", seat_id=guest.id)
    rules = replace(TEAM.rules, working_window=12 * 60)
    file = case_file(meeting(oslo(meets), called_at=asked_at), guest, phase=phase, rules=rules)
    told = list(liaison_reminders(replace(file, liaisons=(liaison,))))
    whom = [(Kind.LIAISON_UNCONFIRMED, "officer"), (Kind.LIAISON_SILENT, "coordinator")]
    assert [(r.kind, r.recipient) for r in told] == whom
    assert [r.due_at for r in told] == [oslo(at) for at in due]
    assert leaves_at(FRIDAY, TEAM) == oslo("2026-12-04 16:00"), "when the working day is over"


def test_halves_without_their_key_are_of_no_link() -> None:
    """As after an old backup: both have lost what they have in common."""
    one, other = case_file(), case_file()
    other = replace(other, case=replace(other.case, id="other"))
    for token, found in (("same", ["other"]), ("", [])):
        half = Link("half", "case", LinkKind.LINKED, token)
        theirs = replace(half, id="theirs", case_id="other")
        linked = linked_to(replace(one, links=(half,)), [replace(other, links=(theirs,)), one])
        assert [each.other.case.id for each in linked] == found
