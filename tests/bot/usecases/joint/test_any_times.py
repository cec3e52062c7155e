"""Any order of taps, joins, calls, moves, call-offs: whoever is «kommer» has said so of this very time.

`TOT_LONG_SEQUENCES=2000` tries more.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.joint import JointMeeting, count_times
from bot.domain.notifications import Kind
from bot.usecases.joint.attending import (
    AnswerJoint,
    CancelJoint,
    answer_joint,
    ask_to_be_invited,
    cancel_joint,
    join_joint,
)
from bot.usecases.joint.calling import CallJoint, MoveJoint, call_joint, move_joint
from bot.usecases.joint.times import (
    AnswerJointTime,
    CallJointTime,
    answer_joint_time,
    call_joint_time,
    drop_lapsed_times,
)
from bot.usecases.joint.view import JointMeetingView, joint_meeting_view, reminders
from bot.usecases.ports import UnitOfWork
from tests.bot import cast
from tests.bot.cast import DAY
from tests.bot.usecases.attempts import PHASES, Trying

LATE = "newcomer"
PEOPLE = ["officer", "head", "both", "clerk", LATE, "officer", "head", "stranger", "lawyer", "keeper"]
WHO, WHICH = st.sampled_from(PEOPLE), st.integers(0, 3)
ACTORS = st.sampled_from(["coordinator"] * 5 + ["deputy-coordinator", "officer", "stranger"])
COORDINATORS = {"coordinator", "deputy-coordinator"}
#: What is told of a meeting that has a time.
OF_A_TIME = {Kind.JOINT_INVITED, Kind.JOINT_ENTRY, Kind.JOINT_MAIL, Kind.JOINT_SOON, Kind.JOINT_REGISTER}


class AnyTimes(Trying):
    """One joint meeting at a time, of several times."""

    #: What has been tried: calls, and how many of them were of a time that somebody had chosen.
    tried: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        #: Person: the times of the meeting that they have said suit, or come to, as of their last word.
        self.said: dict[str, set[datetime]] = {}
        self.id = ""
        self.now: JointMeetingView | None = None

    @initialize()
    def somebody_comes_later(self) -> None:
        self.propose("coordinator", 5)

        def employed(uow: UnitOfWork) -> None:
            uow.add(Person(LATE, cast.slack(LATE)))
            uow.add(Contact("late", "police", LATE, 9, Hours.ALWAYS))

        self.result_of(self.town.run(employed))
        self.look()

    def look(self) -> None:
        super().look()
        self.now = self.result_of(
            self.town.database.read(lambda uow: joint_meeting_view(uow, self.id) if self.id else None)
        )

    def times(self) -> tuple[datetime, ...]:
        return (self.now.meeting.times if self.now is not None else None) or ()

    @rule(actor=ACTORS, after=st.sampled_from([2, 5]))
    def propose(self, actor: str, after: int) -> None:
        if self.now is not None and self.now.meeting.live:
            return
        plan = self.town.plan(after * DAY)
        more = (plan.starts_at + DAY, plan.starts_at + 2 * DAY)
        self.attempt(call_joint, actor, CallJoint("team", "Deling", plan, None, *more), COORDINATORS)
        found = self.result_of(self.town.database.read(lambda uow: uow.find(JointMeeting)))
        if found and found[-1].id != self.id:
            (self.id,) = {m.id for m in found if m.live}
            self.said = {}
            self.look()

    @rule(who=WHO, which=WHICH, suits=st.sampled_from([True, True, False]))
    def tap(self, who: str, which: int, suits: bool) -> None:
        """About one of the times; the fourth of three is none at all."""
        times = self.times()
        at = times[which] if which < len(times) else None
        if self.done(answer_joint_time, who, AnswerJointTime(self.id, at, suits)):
            known = self.said.setdefault(who, set())
            self.said[who] = set() if at is None else known | {at} if suits else known - {at}

    @rule(who=WHO, comes=st.booleans(), asked=st.integers(0, 1))
    def answer(self, who: str, comes: bool, asked: int) -> None:
        if self.done(answer_joint, who, AnswerJoint(self.id, comes, asked)):
            self.said[who] = {self.starts_at()} if comes else set()

    @rule(who=WHO, asked=st.integers(0, 1))
    def join(self, who: str, asked: int) -> None:
        if self.done(join_joint, who, AnswerJoint(self.id, True, asked)):
            self.said[who] = {self.starts_at()}

    @rule(who=WHO)
    def ask(self, who: str) -> None:
        self.done(ask_to_be_invited, who, self.id)

    @rule(actor=ACTORS, which=st.integers(0, 2))
    def call(self, actor: str, which: int) -> None:
        """The call gets of those who are asked as many agencies as were shown."""
        if len(self.times()) <= which or self.now is None:
            return
        at = self.times()[which]
        (shown,) = count_times([at], self.now.asked_times)
        if self.done(call_joint_time, actor, CallJointTime(self.id, at)):
            assert actor in COORDINATORS
            assert self.starts_at() == at
            assert len({i.agency_id for i in self.now.asked_times if i.comes}) == shown.suits
            self.tried["called" if not shown.suits else "called as wished"] += 1

    @rule(who=st.lists(WHO, min_size=2, max_size=4), which=st.integers(0, 2), called=st.integers(0, 2))
    def round_of_taps(self, who: list[str], which: int, called: int) -> None:
        """Times are proposed, some people tap, and one is called."""
        self.propose("coordinator", 5)
        for each in who:
            self.tap(each, which, suits=True)
        self.call("coordinator", called)

    @rule(actor=ACTORS, sure=st.integers(0, 2))
    def move(self, actor: str, sure: int) -> None:
        if not sure and self.done(move_joint, actor, MoveJoint(self.id, "Annet", self.town.plan(9 * DAY))):
            assert actor in COORDINATORS
            self.said = {}

    @rule(actor=ACTORS, sure=st.integers(0, 5))
    def call_off(self, actor: str, sure: int) -> None:
        if not sure and self.done(cancel_joint, actor, CancelJoint(self.id)):
            assert actor in COORDINATORS
            self.tried["called off"] += 1

    @rule(hours=st.sampled_from([5, 30]))
    def later(self, hours: int) -> None:
        """The clock goes on, and what is done each hour is done."""
        self.town.clock.move(timedelta(hours=hours))
        self.result_of(self.town.run(drop_lapsed_times))
        self.look()

    def done(self, use_case: object, who: str, command: object) -> bool:
        return self.run(self.town.do(use_case, who, command))  # type: ignore[arg-type]

    def starts_at(self) -> datetime:
        assert self.now is not None
        return self.now.meeting.starts_at

    @invariant()
    def who_comes_has_said_so_and_nobody_else(self) -> None:
        if self.now is None:
            return
        meeting = self.now.meeting
        comes = {i.person_id for i in self.now.invited if i.comes}
        if not meeting.settled:
            assert not comes
            return
        assert {i.suits for i in self.now.invited} <= {None, (meeting.starts_at,)}
        assert comes == {who for who, said in self.said.items() if meeting.starts_at in said}

    @invariant()
    def no_time_that_is_proposed_is_taken_for_its_time(self) -> None:
        if self.now is None or self.now.meeting.settled:
            return
        assert list(reminders(self.now)) == []
        assert not any(self.now.due(i).belongs for i in self.now.invited)
        assert not {n.kind for n in self.town.left} & OF_A_TIME
        if not self.now.meeting.live:
            assert {i.suits for i in self.now.invited} == {None}


@pytest.mark.long
@pytest.mark.parametrize("plays", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_any_times(migrated_sqlite: Path, plays: int) -> None:
    AnyTimes.tried.clear()
    AnyTimes.play(migrated_sqlite, plays, 20, phases=PHASES)
    assert set(AnyTimes.tried) == {"called", "called as wished", "called off"}, "too little has been tried"
