"""The coordinator, of several, who has a case, and when the next one is alerted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import alerted_at, at_it, in_order
from bot.domain.notifications import Kind
from tests.handlers.cases import ASKED, NOW, amend, base

MINUTE = timedelta(minutes=1)
TURN = 10 * MINUTE


def both(**case: object) -> CaseFile:
    """Both coordinators have confirmed; two agencies have to be rung since the case was opened."""
    return amend(amend(base(), "seat-second", acknowledged_at=ASKED), "case", **case)


def at(file: CaseFile, person_id: str) -> datetime | None:
    return alerted_at(file, Kind.CALL_LIST, "meeting", person_id)


def test_who_takes_it_moves_first_and_the_other_waits_longer() -> None:
    file = both(in_charge="second", in_charge_at=NOW)
    assert in_order(file) == ["second", "lead"]
    assert at(file, "second") == ASKED
    assert at(file, "lead") == NOW + 3 * TURN
    before = both(in_charge="lead", in_charge_at=ASKED - MINUTE)
    assert at(before, "second") == ASKED + TURN, "what comes after it was taken is not taken"


def test_who_has_taken_it_is_at_it_until_somebody_new_waits() -> None:
    taken = both(in_charge="lead", in_charge_at=ASKED)
    assert at_it(taken, Kind.CALL_LIST, "meeting")
    assert not at_it(taken, Kind.CALL_LIST, "another"), "where nobody waits there is nothing to be at"
    assert not at_it(both(), Kind.CALL_LIST, "meeting")
    assert not at_it(both(in_charge="lead", in_charge_at=ASKED - MINUTE), Kind.CALL_LIST, "meeting")


def test_who_has_not_confirmed_is_alerted_of_nothing_and_in_the_working_phase_in_working_time() -> None:
    assert at(base(), "second") is None
    assert at(both(phase=Phase.WORKING), "second") == ASKED + timedelta(hours=2)


@given(
    taken=st.none() | st.tuples(st.sampled_from(["lead", "second", "gone"]), st.integers(-90, 240)),
    turn=st.integers(1, 60),
    gone=st.sets(st.sampled_from(["lead", "second"])),
)
def test_somebody_is_always_alerted_at_once_and_all_in_the_end(
    taken: tuple[str, int] | None, turn: int, gone: set[str]
) -> None:
    file = both()
    if taken is not None:
        file = amend(file, "case", in_charge=taken[0], in_charge_at=ASKED + taken[1] * MINUTE)
    for person_id in gone:
        file = amend(file, person_id, deactivated=True)
    file = replace(file, team=replace(file.team, rules=replace(file.team.rules, acute_turn=turn)))
    found = [at(file, p) for p in ("lead", "second") if p not in gone]
    assert None not in found
    if found:
        assert ASKED in found
        latest = max(ASKED, ASKED + (taken[1] * MINUTE if taken else 0 * MINUTE))
        assert all(when is not None and when <= latest + 3 * turn * MINUTE for when in found)
