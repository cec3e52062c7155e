"""Any order of taps, deputies, moves, releases, new agencies: what is shown for a time is what its call gets.

And nobody who has not seen a time is confirmed for it. `TOT_LONG_SEQUENCES=2000` tries more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bot.domain.case.entities import Answer, Phase, Via
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll, TimeReply
from bot.domain.directory.entities import NotOurs
from bot.domain.polls import polled, standing_poll, stands
from bot.usecases.polls.answers import AnswerTime, RecordTimes, answer_time, record_times
from bot.usecases.polls.calling import CallTime, call_time
from bot.usecases.polls.proposing import ProposeTimes, WithdrawTimes, propose_times, withdraw_times
from tests.bot import cast
from tests.bot.cast import DAY
from tests.bot.usecases.any_sequence import ACTORS, NUMBERS, OWNERS, AnySequence
from tests.bot.usecases.attempts import LONG, PHASES
from tests.bot.usecases.polls.times import got, shown

AGENCIES = ("health", "emergency", "follow-up", "social", "welfare", "police")
BETWEEN = st.sampled_from(
    [
        *("hands over", "is released", "comes in", "confirms", "sends a deputy", "is moved", "is not theirs"),
        *("taps", "taps"),
    ]
)
REPLIES = st.sampled_from([TimeReply.SUITS, TimeReply.SUITS, TimeReply.WITH_DEPUTY, TimeReply.NOT])


def in_a_round(rule: Callable[..., None]) -> Callable[..., None]:
    """Return what a rule does, which is none by itself."""

    def does(self: AnySequence, *given: Any, **named: Any) -> None:
        rule(self, *given, **named)

    return does


class AnyPoll(AnySequence):
    """All that people do in cases, and in each of them several times for a meeting."""

    #: Each call: whether it was a move, and how many agencies it got.
    calls: ClassVar[list[tuple[bool, int]]] = []
    # No turns of their own: some come within a round of answers, the others would take turns from it.
    hand_over, release, invite, move, say_not_ours = map(
        in_a_round,
        (
            *(AnySequence.hand_over, AnySequence.release, AnySequence.invite, AnySequence.move),
            AnySequence.say_not_ours,
        ),
    )
    everybody_confirms, everybody_declines, decide_deputy, open = map(
        in_a_round,
        (
            *(AnySequence.everybody_confirms, AnySequence.everybody_declines),
            *(AnySequence.decide_deputy, AnySequence.open),
        ),
    )
    begin = walk = account = staff = close = reopen = wait = name = leave = None  # type: ignore[assignment]
    acknowledge = record_acknowledgement = pass_on = ask_again = name_deputy = None  # type: ignore[assignment]
    phase = cancel = register = None  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        #: Poll and person: the times that they were told of and said suit, as of their last answer.
        self.said: dict[tuple[str, str], set[datetime]] = defaultdict(set)

    @initialize(confirmed=st.booleans())
    def one_is_open(self, confirmed: bool) -> None:
        """A case in the working phase with four agencies that have confirmed, perhaps with a fifth."""
        agencies = [cast.choice(a) for a in ("police", "welfare", "social", "counsel")]
        self.open("coordinator", agencies, Phase.WORKING, 4 * DAY)
        self.everybody_confirms(0)
        if not confirmed:
            self.invite(0, "coordinator", cast.choice("follow-up"))

    @rule(number=NUMBERS, actor=ACTORS, after=st.sampled_from([2, 6]), moves=st.booleans())
    def propose(self, number: int, actor: str, after: int, moves: bool) -> None:
        held = self.some(number, "meetings") if moves else None
        file = self.a_case(number)
        if file is None:
            return
        case_id = held.case_id if held is not None else file.case.id
        plan = self.town.plan(after * DAY)
        command = ProposeTimes(
            *(case_id, plan, plan.starts_at + DAY, plan.starts_at + 2 * DAY),
            meeting_id=held.id if held is not None else None,
        )
        self.attempt(propose_times, actor, command, self.coordinators(case_id))

    @rule(number=NUMBERS, actor=OWNERS, which=st.integers(0, 3), reply=REPLIES)
    def tap(self, number: int, actor: str | None, which: int, reply: TimeReply) -> None:
        """Somebody answers about a time; mostly one who is asked. The fourth of three is none at all."""
        file, poll = self.times(number)
        if file is None or poll is None:
            return
        asked = [person for part, person in polled(file, poll) if file.reached_directly(person, part.id)]
        who = actor or self.pick(number, asked) or "officer"
        at = poll.starts[which] if which < len(poll.starts) else None
        self.attempt(answer_time, who, AnswerTime(poll.id, at, reply), set(asked))
        if self.town.left and who in asked:
            self.note(poll, who, at, reply)

    @rule(number=NUMBERS)
    def everybody_taps(self, number: int) -> None:
        """All who are asked which times suit say that the first two do."""
        file, poll = self.times(number)
        for part, person in polled(file, poll) if file is not None and poll is not None else ():
            if poll is None or file is None or not file.reached_directly(person, part.id):
                continue
            for at in poll.starts[:2]:
                self.attempt(answer_time, person, AnswerTime(poll.id, at, TimeReply.SUITS), {person})
                if self.town.left:
                    self.note(poll, person, at, TimeReply.SUITS)

    def note(self, poll: TimePoll, person: str, at: datetime | None, reply: TimeReply) -> None:
        known = self.said[poll.id, person]
        if at is None:
            known.clear()
        elif reply is TimeReply.SUITS:
            known.add(at)
        else:
            known.discard(at)

    @rule(number=NUMBERS, actor=ACTORS, which=st.integers(0, 2))
    def record(self, number: int, actor: str, which: int) -> None:
        file, poll = self.times(number)
        part = self.pick(number, file.involvements) if file is not None else None
        if file is None or poll is None or part is None:
            return
        person = next((p for each, p in polled(file, poll) if each.id == part.id), None)
        command = RecordTimes(poll.id, part.id, Via.PHONE, poll.starts[which:][:1], poll.starts[:1])
        self.attempt(record_times, actor, command, self.coordinators(file.case.id))
        if self.town.left and person is not None:
            self.said[poll.id, person] = {poll.starts[which]}

    @rule(number=NUMBERS, actor=ACTORS, sure=st.integers(0, 3))
    def withdraw(self, number: int, actor: str, sure: int) -> None:
        file, poll = self.times(number)
        if file is not None and poll is not None and not sure:
            self.attempt(withdraw_times, actor, WithdrawTimes(poll.id), self.coordinators(file.case.id))

    @rule(number=NUMBERS, actor=st.sampled_from(["coordinator"] * 5 + ["officer"]), which=st.integers(0, 2))
    def call_time(self, number: int, actor: str, which: int) -> None:
        """A call gets what was shown for its time; each who comes has said so of this very time."""
        file, poll = self.times(number)
        if file is None or poll is None:
            return
        at = poll.starts[which]
        expected = shown(file, poll, at)
        known = {meeting.id: meeting.sequence for meeting in file.meetings}
        self.attempt(call_time, actor, CallTime(poll.id, at), self.coordinators(file.case.id))
        (now,) = (f for f in self.files if f.case.id == file.case.id)
        changed = [m for m in now.meetings if known.get(m.id) != m.sequence]
        if not changed:
            return
        (meeting,) = changed
        self.calls.append((poll.meeting_id is not None, len(expected[0])))
        assert got(now, poll, meeting) == expected
        assert meeting.starts_at == at
        for ask in now.asks:
            if ask.meeting_id == meeting.id and ask.live and ask.answer is Answer.CONFIRMED:
                assert at in self.said[poll.id, ask.person_id], "confirmed for a time that did not suit"

    @rule(number=NUMBERS, moves=st.booleans(), which=st.integers(0, 2), between=st.lists(BETWEEN, max_size=3))
    def round_of_answers(self, number: int, moves: bool, which: int, between: list[str]) -> None:
        """Times are proposed, tapped, and one is called; whatever comes between."""
        self.propose(number, "coordinator", 6, moves)
        self.everybody_taps(number)
        for n, each in enumerate(between, number):
            if each == "hands over":
                self.hand_over(n, None, n)
            elif each == "is released":
                self.release(n, "coordinator")
            elif each == "comes in":
                self.invite(n, "coordinator", cast.choice(AGENCIES[n % len(AGENCIES)]))
            elif each == "confirms":
                self.everybody_confirms(number)
            elif each == "sends a deputy":
                self.everybody_declines(number)
                self.decide_deputy(n, "coordinator", approve=True)
            elif each == "is moved":
                self.move(n, "coordinator", 9 * DAY, note_only=False)
            elif each == "is not theirs":
                self.say_not_ours(n, None, NotOurs.NOT_OUR_TASK)
            else:
                self.tap(n, None, n % 4, list(TimeReply)[n % 3])
        self.call_time(number, "coordinator", which)

    @rule(days=st.integers(0, 2))
    def later(self, days: int) -> None:
        self.town.clock.move(timedelta(hours=9) * (days + 1))

    def times(self, number: int) -> tuple[CaseFile | None, TimePoll | None]:
        file = self.pick(number, [f for f in self.files if standing_poll(f) is not None])
        return file, standing_poll(file) if file is not None else None

    @invariant()
    def what_is_proposed_stands(self) -> None:
        """No times outlive what they are for, and no answers the times."""
        for file in self.files:
            assert len(file.polls) <= 1
            assert all(stands(file, poll) for poll in file.polls)
            assert {a.poll_id for a in file.time_answers} <= {poll.id for poll in file.polls}


@pytest.mark.long
@pytest.mark.parametrize("plays", [8, pytest.param(16, marks=pytest.mark.slow)])
def test_any_poll(migrated_sqlite: Path, plays: int) -> None:
    AnyPoll.calls.clear()
    AnyPoll.play(migrated_sqlite, plays, 60 if LONG else 40, phases=PHASES)
    assert {moves for moves, came in AnyPoll.calls if came} == {True, False}, "too little has been tried"
