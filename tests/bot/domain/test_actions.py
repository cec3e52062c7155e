"""Reminders of actions: when, to whom, and what no longer calls for any."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.domain.actions import action_counts, open_actions, overdue, owner_of, unowned
from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.overview.reminder_plan import plan
from tests.bot.case_files import case_file, part, seat
from tests.bot.cast import DAY, OSLO, T0
from tests.every import every

#: A Friday, three days and a half from T0.
FRIDAY = date(2026, 12, 4)


def action(agency_id: str = "police", **facts: object) -> CaseAction:
    whole = CaseAction("action", "case", f"in:{agency_id}", "A", FRIDAY, T0, "coordinator", "housing")
    return replace(whole, **facts)  # type: ignore[arg-type]


def having(*actions: CaseAction, phase: Phase = Phase.ACUTE, **parts: object) -> CaseFile:
    file = case_file(
        *(part("police"), part("counsel"), part("shelter"), part("social")),
        *(seat("officer", "police"), seat("lawyer", "counsel"), seat("both", "social", confirmed=False)),
        phase=phase,
    )
    return replace(file, actions=actions, **parts)  # type: ignore[arg-type]


def planned(file: CaseFile) -> set[tuple[str, str, str]]:
    return {
        (r.kind.value, str(r.recipient), r.due_at.astimezone(OSLO).strftime("%a %d.%m %H:%M"))
        for r in plan(file)
        if r.due_at is not None
    }


def test_owner_leader_and_coordinators_each_in_their_turn() -> None:
    assert planned(having(action())) == {
        ("action_due", "officer", "Thu 03.12 08:00"),
        ("action_due", "officer", "Fri 04.12 08:00"),
        ("action_due", "officer", "Mon 07.12 08:00"),
        ("action_leader", "chief", "Tue 08.12 08:00"),
        ("action_overdue", "coordinator", "Thu 10.12 08:00"),
    }


@every("agency_id", ["counsel", "shelter", "social"])
def test_where_nobody_can_be_written_to_the_coordinators_ring(agency_id: str) -> None:
    """By mail alone, under a cover name, or nobody has confirmed yet."""
    assert planned(having(action(agency_id))) == {
        ("action_call", "coordinator", "Thu 03.12 08:00"),
        ("action_call", "coordinator", "Mon 07.12 08:00"),
        ("action_overdue", "coordinator", "Thu 10.12 08:00"),
    }


def test_nothing_is_said_before_it_was_agreed_nor_to_an_agency_that_has_left() -> None:
    late = action(agreed_at=T0 + 9 * DAY, due_on=(T0 + 9 * DAY).date())
    due = {r for r in planned(having(late)) if r[0] == "action_due"}
    assert due == {("action_due", "officer", "Fri 04.12 08:00")}
    saturday = having(action(due_on=FRIDAY + DAY), phase=Phase.WORKING)
    dues = [r.due_at for r in plan(saturday) if r.kind == "action_due"]
    assert len(dues) == len(set(dues)) == 2, "once in a morning"
    file = having(action(), involvements=(part("police", ended_at=T0),))
    assert {kind for kind, _, _ in planned(file)} == {"action_overdue"}


def test_what_has_ended_is_reminded_of_no_more_and_the_day_itself_is_not_overdue() -> None:
    for outcome in Outcome:
        ended = action(outcome=outcome, ended_at=T0 + DAY)
        assert planned(having(ended)) == set()
        assert open_actions(having(ended)) == []
        assert not overdue(having(ended), ended, T0 + 99 * DAY)
    noon = datetime.combine(FRIDAY, time(12), UTC)
    assert [overdue(having(action()), action(), at) for at in (noon, noon + DAY)] == [False, True]


def test_the_outcomes_are_counted_by_agency_and_month_and_kept_apart() -> None:
    november, december = T0 + DAY, T0 + 8 * DAY
    file = having(
        *(action(id=f"done{n}", outcome=Outcome.DONE, ended_at=november) for n in range(2)),
        action(id="not", outcome=Outcome.NOT_DONE, ended_at=december),
        action("counsel", id="could", outcome=Outcome.NOT_POSSIBLE, ended_at=december),
        action(id="open"),
    )
    assert dict(action_counts(file)) == {
        ("police", date(2026, 11, 1), Outcome.DONE): 2,
        ("police", date(2026, 12, 1), Outcome.NOT_DONE): 1,
        ("counsel", date(2026, 12, 1), Outcome.NOT_POSSIBLE): 1,
    }


def test_a_need_is_nobodys_again_when_its_agency_leaves() -> None:
    need = CaseNeed("need", "case", "housing", T0, "in:police", T0)
    file = having(needs=(need,))
    assert (owner_of(file, need), unowned(file)) == (part("police"), [])
    assert unowned(having(needs=(need,), involvements=(part("police", ended_at=T0),))) == [need]
