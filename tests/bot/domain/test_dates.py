"""Placements and deadlines: who must be there, how long, and every reminder until somebody ends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.domain.case.dates import Afterwards, Deadline, DeadlineKind, Placement
from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.dates import lacking, too_long
from bot.domain.directory.entities import AgencyKind
from bot.domain.notification_params import PlannedFor
from bot.domain.notifications import Kind
from bot.domain.overview.reminder_plan import due_after, plan, still_planned, superseded
from tests.bot.case_files import case_file, part, seat
from tests.bot.cast import OSLO, T0
from tests.every import every

#: A Monday, half a year from the start; eight, four and two weeks before it are Mondays too.
END = date(2027, 5, 24)
PLACED = Placement("placement", "case", "A", date(2026, 11, 25), END, T0)
OWN = Deadline(*("own", "case", DeadlineKind.OWN, date(2026, 12, 4), T0, "in:police"), text="søke om tolk")
REFLECTION = Deadline(*("reflection", "case", DeadlineKind.REFLECTION, date(2027, 5, 25), T0, None, "A"))


def having(phase: Phase = Phase.ACUTE, **facts: object) -> CaseFile:
    """Police, child welfare and (for this purpose) health as immigration."""
    file = case_file(
        *(part("police", persons="AB"), part("welfare"), part("health", persons="A")),
        *(seat("officer", "police"), seat("caseworker", "welfare")),
        phase=phase,
    )
    immigration = replace(file.agencies["health"], kind=AgencyKind.IMMIGRATION)
    return replace(file, agencies={**file.agencies, "health": immigration}, **facts)  # type: ignore[arg-type]


def planned(file: CaseFile, kind: Kind) -> list[str]:
    return [
        f"{r.recipient} {r.due_at.astimezone(OSLO):%a %d.%m.%y %H:%M}"
        for r in plan(file)
        if r.kind is kind and r.due_at is not None
    ]


def to(recipient: str, *days: str) -> list[str]:
    return [f"{recipient} {day} 08:00" for day in days]


def test_planning_meetings_are_proposed_eight_four_and_two_weeks_before_on_working_days() -> None:
    """Eight weeks before is Easter Monday: the working day before it is Wednesday."""
    found = planned(having(placements=(PLACED,)), Kind.PLACEMENT_MEETING)
    assert found == to("coordinator", "Wed 24.03.27", "Mon 26.04.27", "Mon 10.05.27")


def test_the_end_is_never_silent() -> None:
    """The last working day before, the day, every working day of two weeks, and weekly half a year on."""
    found = planned(having(placements=(PLACED,)), Kind.PLACEMENT_END)
    days = ("Fri 21.05.27", "Mon 24.05.27", "Tue 25.05.27", "Wed 26.05.27", "Mon 06.12.27")
    assert [*found[:4], found[-1]] == to("coordinator", *days)


@every("days", [0, 340, 1500])
def test_it_is_told_of_every_week_however_long_nobody_ends_it(days: int) -> None:
    """From the morning on which it is looked at: a next one within a week, and the same one whoever asks."""
    file = having(placements=(PLACED,), deadlines=(OWN, REFLECTION))
    now = datetime(END.year, END.month, END.day, 12, tzinfo=OSLO) + timedelta(days=days)
    for subject in (PLACED.id, OWN.id, REFLECTION.id):
        ahead = [r for r in due_after(file, now) if r.subject == subject and r.due_at is not None]
        dues = [r.due_at for r in ahead if r.due_at is not None]
        assert dues == sorted(set(dues))
        gaps = [b - a for a, b in pairwise([now, *dues])]
        assert max(gaps) <= timedelta(days=12), "a week, and the days off of a Christmas or an Easter"
        assert dues[-1] > now + timedelta(weeks=11)
        assert all(still_planned(file, r) for r in ahead)
        assert len(ahead) < 60
        then = dues[2] + timedelta(minutes=1)
        assert [r for r in ahead[:3] if not superseded(file, r, then)] == [ahead[2]]
    over = replace(PLACED, ended_at=now, afterwards=Afterwards.FAMILY)
    assert due_after(having(placements=(over,)), now) == due_after(having(), now)


def test_nothing_is_said_of_what_has_ended_or_before_it_was_confirmed() -> None:
    over = replace(PLACED, ended_at=T0, afterwards=Afterwards.FAMILY)
    assert plan(having(placements=(over,))) == []
    late = having(placements=(replace(PLACED, confirmed_at=datetime.combine(END, time(0), OSLO)),))
    assert planned(late, Kind.PLACEMENT_MEETING) == []
    assert planned(late, Kind.PLACEMENT_END)[0].startswith("coordinator Mon 24.05.27")

    # After an outage only the newest of the same is told.
    file = having(placements=(PLACED,))
    ends = [r for r in plan(file) if r.kind is Kind.PLACEMENT_END and r.due_at is not None]
    now = datetime(2027, 5, 27, 12, tzinfo=OSLO)
    fresh = [r for r in ends if r.due_at and r.due_at <= now and not superseded(file, r, now)]
    assert len(fresh) == 1
    assert fresh[0].params_as(PlannedFor).step == "after3"


def test_who_lacks_is_asked_person_by_person() -> None:
    assert lacking(having(), "A") == []
    assert lacking(having(), "B") == [AgencyKind.CHILD_WELFARE, AgencyKind.IMMIGRATION]
    gone = having(involvements=(part("police", ended_at=T0), part("welfare", asked_at=None)))
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
    found = planned(having(deadlines=(REFLECTION,)), Kind.DEADLINE_DUE)
    before = ("Tue 30.03.27", "Tue 27.04.27", "Tue 11.05.27", "Sat 22.05.27")
    assert found[:6] == to("coordinator", *before, "Mon 24.05.27", "Tue 25.05.27")
    working = planned(having(Phase.WORKING, deadlines=(REFLECTION,)), Kind.DEADLINE_DUE)
    assert working[3] == "coordinator Fri 21.05.27 08:00"
