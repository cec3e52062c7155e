"""Any sequence of what people do while a meeting is held and after it: what always holds of it.

Refusals are part of it: they must change nothing. `TOT_LONG_SEQUENCES=2000` tries more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bot.domain import attendance as attendance_rules
from bot.domain.case.entities import Answer, Attendance, DeclineReason, Duty, Meeting, QuorumReason
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgendaPoint
from bot.usecases.attendance.absences import ExplainAbsence, explain_absence
from bot.usecases.attendance.register import (
    CorrectAttendance,
    RegisterAttendance,
    correct_attendance,
    corrections_of,
    register_attendance,
)
from bot.usecases.attendance.roll_call import (
    Arrive,
    ContinueMeeting,
    NameChair,
    RecordArrivals,
    TickPoint,
    arrive,
    continue_meeting,
    name_chair,
    record_arrivals,
    tick_point,
)
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import CallMeeting, MoveMeeting, call_meeting, move_meeting
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.attempts import LONG, PHASES, Trying
from tests.bot.usecases.invariants import always_holds, entitled
from tests.bot.usecases.town import spoken_with

PEOPLE = sorted(cast.PERSONS)
OTHERS = ("welfare", "health", "social", "counsel", "shelter")
WHO = st.sampled_from([*["coordinator"] * 3 * len(PEOPLE), *PEOPLE])
NUMBERS = st.integers(0, 199)
MINUTE = timedelta(minutes=1)
CHAIRS = ("officer", "officer", "caseworker", "both", "sergeant", "coordinator", "stranger")
AWAY = Attendance.ABSENT_WITHOUT_NOTICE


class AnyMeeting(Trying):
    @initialize(
        others=st.lists(st.sampled_from(OTHERS), min_size=1, max_size=3, unique=True),
        declines=st.booleans(),
        late=st.sampled_from([0, 6]),
    )
    def begin(self, others: list[str], declines: bool, late: int) -> None:
        """There is a case; who is on Slack has confirmed; its meeting has begun, perhaps with a deputy."""
        self.run(self.town.open("police", *others))
        (file,) = self.files
        self.run(self.town.confirm(file.case.id, "officer", "caseworker", "both", "clerk"))
        if declines:
            reason = DeclineReason.COURT
            self.run(
                self.town.answer(
                    file.case.id, "officer", Answer.DECLINED, reason=reason, deputy="police:sergeant"
                )
            )
            self.run(self.town.confirm(file.case.id, "sergeant"))
        self.town.clock.time = file.meetings[0].starts_at + late * MINUTE

    def case_of(self, held: Meeting) -> CaseFile:
        return next(f for f in self.files if f.case.id == held.case_id)

    def leaders(self, held: Meeting) -> set[str]:
        """The coordinators, and who was named and is in the room."""
        named = {held.chair} & entitled(self.case_of(held)) if held.chair else set()
        return self.coordinators(held.case_id) | {p for p in named if p}

    @rule(late=st.sampled_from([0, 6, 61]), often=st.integers(0, 2))
    def passes(self, late: int, often: int) -> None:
        """Some minutes pass; or it is so many after the start of the next meeting."""
        ahead = [m for f in self.files for m in f.meetings if m.live and m.starts_at > self.town.clock.now()]
        if ahead:
            self.town.clock.time = min(m.starts_at for m in ahead) + late * MINUTE
        elif not often:
            self.town.clock.move(late * MINUTE)

    @rule(number=NUMBERS, actor=WHO, after=st.sampled_from([HOUR, DAY, 30 * DAY]), move=st.booleans())
    def another(self, number: int, actor: str, after: timedelta, move: bool) -> None:
        """Call the next meeting, or put this one off."""
        held = self.some(number, "meetings")
        if held is None:
            return
        if not move:
            command = CallMeeting(held.case_id, self.town.plan(after))
            self.attempt(call_meeting, actor, command, self.coordinators(held.case_id))
        elif not number % 3:
            begun = held.starts_at <= self.town.clock.now()
            may = self.leaders(held) if begun else self.coordinators(held.case_id)
            self.attempt(move_meeting, actor, MoveMeeting(held.id, self.town.plan(after)), may)

    @rule(number=NUMBERS, end=st.integers(0, 5))
    def ends(self, number: int, end: int) -> None:
        """Seldom: an agency's part is over, or the case is closed."""
        part = self.some(number, "involvements")
        if part is not None and end == 1:
            self.attempt(release_agency, "coordinator", ReleaseAgency(part.id), {"coordinator"})
        if part is not None and end == 2:
            self.attempt(close_case, "coordinator", CloseCase(part.case_id), {"coordinator"})

    @invariant()
    def what_always_holds(self) -> None:
        for file in self.files:
            always_holds(file)
            meetings_hold(file, self.town.clock.now())

    @rule(number=NUMBERS, actor=WHO)
    def arrive(self, number: int, actor: str) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            self.attempt(arrive, actor, Arrive(held.id), entitled(self.case_of(held)))

    @rule(number=NUMBERS, actor=WHO, ago=st.integers(-5, 30))
    def record_arrivals(self, number: int, actor: str, ago: int) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            duties = tuple(d.id for d in self.case_of(held).duties_of(held.id))[: number % 4]
            command = RecordArrivals(held.id, duties, self.town.clock.now() - ago * MINUTE)
            self.attempt(record_arrivals, actor, command, self.leaders(held))

    @rule(number=NUMBERS, actor=WHO, point=st.sampled_from(AgendaPoint), treated=st.booleans())
    def tick(self, number: int, actor: str, point: str, treated: bool) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            self.attempt(tick_point, actor, TickPoint(held.id, point, treated), self.leaders(held))

    @rule(number=NUMBERS, actor=WHO, chair=st.sampled_from(CHAIRS))
    def name_chair(self, number: int, actor: str, chair: str) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            command = NameChair(held.id, cast.slack(chair))
            self.attempt(name_chair, actor, command, self.coordinators(held.case_id))

    @rule(number=NUMBERS, actor=WHO, reason=st.sampled_from(QuorumReason))
    def go_on(self, number: int, actor: str, reason: QuorumReason) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            self.attempt(continue_meeting, actor, ContinueMeeting(held.id, reason), self.leaders(held))

    @rule(
        number=NUMBERS,
        actor=WHO,
        attendance=st.lists(st.sampled_from([*Attendance, AWAY]), min_size=1, max_size=3),
        reports=st.booleans(),
        complete=st.sampled_from([True, True, True, False]),
    )
    def register(
        self, number: int, actor: str, attendance: list[Attendance], reports: bool, complete: bool
    ) -> None:
        """Register who came, or correct the register."""
        held = self.some(number, "meetings")
        if held is None:
            return
        file = self.case_of(held)
        duties = [d.id for d in file.duties_of(held.id)]
        came = {id: attendance[n % len(attendance)] for n, id in enumerate(duties[0 if complete else 1 :])}
        sent = frozenset(d for d, how in came.items() if reports and how not in attendance_rules.CAME)
        calls = spoken_with(file, came) if actor in self.coordinators(file.case.id) else {}
        if held.registered_at is None:
            treated = frozenset({"health"})
            register = RegisterAttendance(held.id, came, sent, treated, calls=calls)
            self.attempt(register_attendance, actor, register, self.leaders(held))
        else:
            seen = len(corrections_of(file, held))
            correct = CorrectAttendance(held.id, seen, came, sent, calls=calls)
            self.attempt(correct_attendance, actor, correct, self.leaders(held))

    def away(self) -> list[Duty]:
        """The duties of agencies that stayed away."""
        return [d for f in self.files for d in f.duties if d.attendance is AWAY]

    @rule(number=NUMBERS, actor=st.one_of(st.none(), WHO), reason=st.sampled_from(DeclineReason))
    def explain(self, number: int, actor: str | None, reason: DeclineReason) -> None:
        """Say why nobody came; where everybody did, the register says first that they did not."""
        if not self.away():
            self.register(number, "coordinator", [AWAY], False, True)
        duty = self.pick(number, self.away()) or self.some(number, "duties")
        if duty is not None:
            file = next(f for f in self.files if f.case.id == duty.case_id)
            lead = file.lead(duty.involvement_id)
            own = {lead.person_id} if lead is not None else set()
            may = own | self.coordinators(duty.case_id)
            self.attempt(
                explain_absence, actor or min(own | {"officer"}), ExplainAbsence(duty.id, reason), may
            )


def meetings_hold(file: CaseFile, now: datetime) -> None:
    _arrivals_are_of_the_meeting_as_it_is_held(file)
    _the_register_is_whole(file, now)
    _corrections_lead_to_what_stands(file)
    _nothing_held_is_lost(file)


def _arrivals_are_of_the_meeting_as_it_is_held(file: CaseFile) -> None:
    """Nobody arrives before it begins, twice for the same agency, or for an agency of another meeting."""
    for arrival in file.arrivals:
        held = file.meeting(arrival.meeting_id)
        assert held.starts_at <= arrival.at <= held.ends_at
        assert arrival.duty_id is None or file.duty(arrival.duty_id).meeting_id == held.id
    said = [(a.meeting_id, a.person_id, a.duty_id) for a in file.arrivals if a.person_id is not None]
    assert len(said) == len(set(said))
    ticks = [(t.meeting_id, t.point) for t in file.ticks]
    assert len(ticks) == len(set(ticks))


def _the_register_is_whole(file: CaseFile, now: datetime) -> None:
    """Every duty of a registered meeting says who came, and of one that has not begun none does.

    What is filled in while a meeting is held takes effect when it is over, or the case is closed.
    """
    for duty in file.duties:
        held = file.meeting(duty.meeting_id)
        if duty.withdrawn_at is None and held.registered_at is not None:
            assert duty.attendance is not None
        elif duty.withdrawn_at is None and duty.attendance is not None:
            assert held.live
            assert held.starts_at <= now
        assert not duty.written_report or duty.attendance not in attendance_rules.CAME
        assert duty.absence_reason is None or duty.attendance is Attendance.ABSENT_WITHOUT_NOTICE
    for held in file.meetings:
        early = held.registered_at is not None and held.registered_at < held.ends_at
        if early and file.duties_of(held.id):
            assert held.registered_at == file.case.closed_at
        assert (held.quorum_reason is None) is (held.quorum_by is None) is (held.quorum_at is None)


def _corrections_lead_to_what_stands(file: CaseFile) -> None:
    """From the first «was» to what the register says now, without a gap."""
    for duty in file.duties:
        made = sorted((c for c in file.corrections if c.duty_id == duty.id), key=lambda c: c.corrected_at)
        for one, following in pairwise(made):
            assert (one.became, one.has_report) == (following.was, following.had_report)
        if made:
            assert (made[-1].became, made[-1].has_report) == (duty.attendance, duty.written_report)


def _nothing_held_is_lost(file: CaseFile) -> None:
    """No case is closed over a meeting that had begun."""
    if file.case.closed_at is not None:
        assert not [m for m in file.meetings if m.live]
        late = [m for m in file.meetings if m.cancelled_at == file.case.closed_at]
        assert all(m.starts_at > file.case.closed_at for m in late)


@pytest.mark.long
@pytest.mark.parametrize("plays", [5, pytest.param(10, marks=pytest.mark.slow)])
def test_any_meeting(migrated_sqlite: Path, plays: int) -> None:
    AnyMeeting.play(migrated_sqlite, plays, 40 if LONG else 25, phases=PHASES)
