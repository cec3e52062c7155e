"""Reminders of actions, placements, deadlines and liaisons: when, to whom, and when none is needed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.domain.case.actions import CaseAction
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Phase, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, leaves_at
from bot.domain.dates import lacking, too_long
from bot.domain.directory.entities import AgencyKind
from bot.domain.notifications import Kind
from bot.domain.overview.reminder_plan import due_after, due_of, plan, still_planned, superseded
from tests.bot.case_files import case_file, meeting, part, seat
from tests.bot.cast import DAY, OSLO, T0, TEAM, oslo
from tests.every import every

#: A Friday, three and a half days after T0.
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


def planned(file: CaseFile) -> dict[str, list[str]]:
    """Return the reminders of each kind, the first one first."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in sorted(plan(file), key=due_of):
        found[each.kind].append(f"{each.recipient} {due_of(each).astimezone(OSLO):%a %d.%m.%y %H:%M}")
    return found


def to(recipient: str, *days: str) -> list[str]:
    return [f"{recipient} {day} 08:00" for day in days]


def test_owner_leader_and_coordinators_each_in_their_turn() -> None:
    assert planned(having(action())) == {
        "action_due": to("officer", "Thu 03.12.26", "Fri 04.12.26", "Mon 07.12.26"),
        "action_leader": to("chief", "Tue 08.12.26"),
        "action_overdue": to("coordinator", "Thu 10.12.26"),
    }


@every("agency_id", ["counsel", "shelter", "social"])
def test_where_nobody_can_be_written_to_the_coordinators_ring(agency_id: str) -> None:
    """Reached only by mail, under a cover name, or nobody has confirmed yet."""
    assert planned(having(action(agency_id))) == {
        "action_call": to("coordinator", "Thu 03.12.26", "Mon 07.12.26"),
        "action_overdue": to("coordinator", "Thu 10.12.26"),
    }


def test_nothing_is_said_before_it_was_agreed_nor_to_an_agency_that_has_left() -> None:
    late = action(agreed_at=T0 + 9 * DAY, due_on=(T0 + 9 * DAY).date())
    assert planned(having(late))["action_due"] == to("officer", "Fri 04.12.26")
    saturday = planned(having(action(due_on=FRIDAY + DAY), phase=Phase.WORKING))["action_due"]
    assert len(saturday) == len(set(saturday)) == 2, "once in a morning"
    file = having(action(), involvements=(part("police", ended_at=T0),))
    assert planned(file).keys() == {"action_overdue"}


#: A Monday, half a year from the start; eight, four and two weeks before it are Mondays too.
END = date(2027, 5, 24)
PLACED = Placement("placement", "case", "A", date(2026, 11, 25), END, T0)
OWN = Deadline(*("own", "case", date(2026, 12, 4), T0, "in:police"), text="søke om tolk")
REFLECTION = Deadline(*("reflection", "case", date(2027, 5, 25), T0, None, "A"))


def with_dates(phase: Phase = Phase.ACUTE, **facts: object) -> CaseFile:
    """Return a case with police, child welfare and (for this purpose) health as immigration."""
    file = case_file(
        *(part("police", persons="AB"), part("welfare"), part("health", persons="A")),
        *(seat("officer", "police"), seat("caseworker", "welfare")),
        phase=phase,
    )
    immigration = replace(file.agencies["health"], kind=AgencyKind.IMMIGRATION)
    return replace(file, agencies={**file.agencies, "health": immigration}, **facts)  # type: ignore[arg-type]


def test_planning_meetings_are_proposed_eight_four_and_two_weeks_before_on_working_days() -> None:
    """Eight weeks before is Easter Monday: the previous working day is Wednesday."""
    found = planned(with_dates(placements=(PLACED,)))[Kind.PLACEMENT_MEETING]
    assert found == to("coordinator", "Wed 24.03.27", "Mon 26.04.27", "Mon 10.05.27")


def test_the_end_is_never_silent() -> None:
    """The last working day before, the day, every working day of two weeks, and weekly."""
    found = planned(with_dates(placements=(PLACED,)))[Kind.PLACEMENT_END]
    days = ("Fri 21.05.27", "Mon 24.05.27", "Tue 25.05.27", "Wed 26.05.27", "Mon 16.08.27")
    assert [*found[:4], found[-1]] == to("coordinator", *days)


@every("days", [0, 340, 1500])
def test_it_is_told_of_every_week_however_long_nobody_ends_it(days: int) -> None:
    """Reminders ahead continue without long gaps for 11 weeks, all still planned; only the newest counts."""
    file = with_dates(placements=(PLACED,), deadlines=(OWN, REFLECTION))
    now = datetime(END.year, END.month, END.day, 12, tzinfo=OSLO) + timedelta(days=days)
    for subject in (PLACED.id, OWN.id, REFLECTION.id):
        ahead = [r for r in due_after(file, now) if r.subject == subject]
        dues = [due_of(r) for r in ahead]
        assert dues == sorted(set(dues))
        gaps = [b - a for a, b in pairwise([now, *dues])]
        assert max(gaps) <= timedelta(days=12), "a week, and the days off of a Christmas or an Easter"
        assert dues[-1] > now + timedelta(weeks=11)
        assert all(still_planned(file, r) for r in ahead)
        assert len(ahead) < 60
        then = dues[2] + timedelta(minutes=1)
        assert [r for r in ahead[:3] if not superseded(file, r, then)] == [ahead[2]]
    over = replace(PLACED, ended_at=now)
    assert due_after(with_dates(placements=(over,)), now) == due_after(with_dates(), now)


def test_a_planning_meeting_is_not_proposed_for_before_the_placement_was_confirmed() -> None:
    late = with_dates(placements=(replace(PLACED, confirmed_at=datetime.combine(END, time(0), OSLO)),))
    assert Kind.PLACEMENT_MEETING not in planned(late)


def test_who_lacks_is_asked_person_by_person() -> None:
    assert lacking(with_dates(), "A") == []
    assert lacking(with_dates(), "B") == [AgencyKind.CHILD_WELFARE, AgencyKind.IMMIGRATION]
    gone = with_dates(involvements=(part("police", ended_at=T0), part("welfare", asked_at=None)))
    assert lacking(gone, "A") == [AgencyKind.POLICE, AgencyKind.CHILD_WELFARE, AgencyKind.IMMIGRATION]


@every(
    ("start", "end", "long"),
    [
        (date(2026, 11, 25), date(2027, 5, 25), False),
        (date(2026, 11, 25), date(2027, 5, 26), True),
        (date(2026, 8, 31), date(2027, 2, 28), False),
        (date(2026, 8, 31), date(2027, 3, 1), True),
        (date(2026, 12, 31), date(2027, 6, 30), False),
        (date(2027, 7, 1), date(2028, 1, 1), False),
    ],
)
def test_six_months_are_counted_by_the_calendar(start: date, end: date, long: bool) -> None:
    assert too_long(start, end, 6) is long
    assert too_long(start, end, 3)
    assert not too_long(start, end, 7)


def test_a_reflection_period_is_the_coordinators() -> None:
    found = planned(with_dates(deadlines=(REFLECTION,)))[Kind.DEADLINE_DUE]
    before = ("Tue 30.03.27", "Tue 27.04.27", "Tue 11.05.27", "Sat 22.05.27")
    assert found[:6] == to("coordinator", *before, "Mon 24.05.27", "Tue 25.05.27")
    working = planned(with_dates(Phase.WORKING, deadlines=(REFLECTION,)))[Kind.DEADLINE_DUE]
    assert working[3] == "coordinator Fri 21.05.27 08:00"


@every(
    ("phase", "named_at", "meets", "due"),
    [
        # Half-way to the end of the half-day, and then; whatever the phase.
        (Phase.WORKING, "2026-11-26 15:00", "2026-12-14 10:00", ["2026-11-27 09:30", "2026-11-27 12:00"]),
        # In haste by the minute.
        (Phase.WORKING, "2026-11-26 08:00", "2026-11-26 16:00", ["2026-11-26 08:15", "2026-11-26 08:30"]),
        # Nobody is told after the last day.
        (Phase.ACUTE, "2026-12-04 15:20", "2026-12-07 10:00", ["2026-12-04 15:29", "2026-12-04 15:30"]),
        # Without a meeting the acute phase is in haste.
        (Phase.ACUTE, "2026-11-28 22:00", "", ["2026-11-28 22:15", "2026-11-28 22:30"]),
    ],
)
def test_a_liaison_has_the_pace_of_the_next_meeting(
    phase: Phase, named_at: str, meets: str, due: list[str]
) -> None:
    asked_at = oslo(named_at)
    guest = Seat("seat-guest", "case", "officer", SeatRole.LIAISON, asked_at)
    liaison = Liaison("liaison", "case", FRIDAY, asked_at, seat_id=guest.id)
    held = [meeting(oslo(meets), called_at=asked_at)] if meets else []
    file = case_file(*held, guest, phase=phase)
    whom = [(Kind.LIAISON_UNCONFIRMED, "officer"), (Kind.LIAISON_SILENT, "coordinator")]
    told = [r for r in plan(replace(file, liaisons=(liaison,))) if r.kind in dict(whom)]
    assert [(r.kind, r.recipient) for r in told] == whom
    assert [r.due_at for r in told] == [oslo(at) for at in due]
    assert leaves_at(FRIDAY, TEAM) == oslo("2026-12-04 16:00"), "when the working day is over"
