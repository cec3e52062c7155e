"""Any sequence of use cases by anybody, at any time. What is refused changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.domain.case.duty import StepKind
from bot.domain.case.entities import Answer, Ask, Attendance, DeclineReason, Phase, Seat, Via
from bot.domain.directory.entities import NotOurs
from bot.domain.escalation import chain as escalation_chain
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.case import OpenCase, open_case
from bot.usecases.deputies.hand_over import HandOver, hand_over
from bot.usecases.deputies.naming import (
    ApproveDeputy,
    NameDeputy,
    RefuseDeputy,
    approve_deputy,
    name_deputy,
    refuse_deputy,
)
from bot.usecases.directory.coordinators import Appoint, Relieve, appoint, relieve
from bot.usecases.escalation import NameAttendee, escalate, name_attendee
from bot.usecases.involvement.acknowledgement import (
    Acknowledge,
    PassOn,
    RecordAcknowledgement,
    acknowledge,
    pass_on,
    record_acknowledgement,
)
from bot.usecases.involvement.agencies import InviteAgency, ReleaseAgency, invite_agency, release_agency
from bot.usecases.involvement.not_ours import AskAgain, SayNotOurs, ask_again, say_not_ours
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.lifecycle.phases import ChangePhase, change_phase
from bot.usecases.lifecycle.reopening import ReopenCase, in_at_closing, reopen_case
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from bot.usecases.overview import forget_people
from bot.usecases.room.accounts import account_changed
from bot.usecases.room.membership import AnswerLeft, answer_left, someone_joined, someone_left
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.attempts import Trying, forget_due
from tests.bot.usecases.invariants import always_holds

T = TypeVar("T")
PEOPLE = sorted(cast.PERSONS)
AGENCIES = sorted([*cast.AGENCIES, "elsewhere"])
#: Who acts where a right is needed: mostly somebody who has it.
ACTORS = st.sampled_from([*["coordinator"] * 2 * len(PEOPLE), *["deputy-coordinator"] * 4, *PEOPLE])
#: Who acts where it is about a person's own question: mostly that person (None).
OWNERS = st.sampled_from([*[None] * 2 * len(PEOPLE), *PEOPLE])
#: Who may become or cease to be a coordinator: seldom the one on whom the play depends.
STAFF = st.sampled_from([*["deputy-coordinator", "officer", "both", "stranger"] * 3, "coordinator"])
NUMBERS = st.integers(0, 199)
AFTER = st.sampled_from([26 * HOUR, timedelta(minutes=20), 3 * HOUR, 4 * DAY, 4 * DAY, -HOUR])
Reply = tuple[Answer, DeclineReason | None]
ANSWERS: st.SearchStrategy[Reply] = st.sampled_from(
    [
        (Answer.DECLINED, DeclineReason.COURT),
        (Answer.DECLINED, DeclineReason.AWAY),
        (Answer.DECLINED, None),
        (Answer.CONFIRMED, None),
        (Answer.CONFIRMED, None),
    ]
)
CHOICES = st.builds(
    lambda agency, expected: cast.choice(agency, expected=expected),
    st.sampled_from([*cast.AGENCIES]),
    st.booleans(),
)


class AnySequence(Trying):
    # --- what people do ----------------------------------------------------------------------------

    @initialize(
        agencies=st.lists(CHOICES, min_size=2, max_size=4, unique_by=lambda c: c.agency_id),
        confirmed=st.sampled_from([True, True, False]),
        deputies=st.booleans(),
    )
    def begin(self, agencies: list[Any], confirmed: bool, deputies: bool) -> None:
        """There is a case with the police, mostly confirmed, perhaps with deputies at two meetings."""
        agencies = [cast.choice("police"), *(c for c in agencies if c.agency_id != "police")]
        self.open("coordinator", agencies, Phase.ACUTE, 4 * DAY)
        if confirmed:
            self.everybody_confirms(0)
        if deputies:
            self.call(0, "coordinator", 26 * HOUR)
            self.everybody_declines(0)

    @precondition(lambda self: len(self.files) < 3)
    @rule(
        actor=ACTORS,
        agencies=st.lists(CHOICES, max_size=4),
        phase=st.sampled_from(Phase),
        after=AFTER,
    )
    def open(self, actor: str, agencies: list[Any], phase: Phase, after: timedelta) -> None:
        command = OpenCase("team", phase, 1, tuple(agencies), self.town.plan(after))
        self.attempt(open_case, actor, command, self.team())

    @rule(number=NUMBERS, actor=OWNERS)
    def acknowledge(self, number: int, actor: str | None) -> None:
        seat = self.some(number, "seats")
        if seat is not None:
            self.attempt(acknowledge, actor or seat.person_id, Acknowledge(seat.id), {seat.person_id})

    @rule(number=NUMBERS)
    def everybody_confirms(self, number: int) -> None:
        """All who are asked to confirm taushetsplikt in a case do, or have it recorded."""
        file = self.a_case(number)
        for seat in file.seats if file is not None else ():
            if seat.live and not seat.confirmed:
                self.attempt(acknowledge, seat.person_id, Acknowledge(seat.id), {seat.person_id})
                self.attempt(
                    record_acknowledgement,
                    "coordinator",
                    RecordAcknowledgement(seat.id, Via.PHONE),
                    {"coordinator"},
                )

    @rule(number=NUMBERS, actor=ACTORS, via=st.sampled_from(Via))
    def record_acknowledgement(self, number: int, actor: str, via: Via) -> None:
        seat = self.some(number, "seats")
        if seat is not None:
            self.attempt(
                record_acknowledgement,
                actor,
                RecordAcknowledgement(seat.id, via),
                self.coordinators(seat.case_id),
            )

    @rule(number=NUMBERS, actor=OWNERS, colleague=NUMBERS)
    def pass_on(self, number: int, actor: str | None, colleague: int) -> None:
        seat = self.some(number, "seats")
        contact = self.pick(colleague, self.colleagues(seat.involvement_id) if seat is not None else [])
        if seat is not None:
            self.attempt(
                pass_on, actor or seat.person_id, PassOn(seat.id, contact or "nobody"), {seat.person_id}
            )

    @rule(number=NUMBERS, actor=OWNERS, reason=st.sampled_from(NotOurs))
    def say_not_ours(self, number: int, actor: str | None, reason: NotOurs) -> None:
        seat = self.some(number, "seats")
        if seat is not None:
            who = actor or seat.person_id
            self.attempt(say_not_ours, who, SayNotOurs(seat.id, reason), {seat.person_id})

    @rule(number=NUMBERS, actor=ACTORS)
    def ask_again(self, number: int, actor: str) -> None:
        part = self.some(number, "involvements")
        if part is not None:
            self.attempt(ask_again, actor, AskAgain(part.id), self.coordinators(part.case_id))

    def colleagues(self, involvement_id: str | None) -> list[str]:
        agency = next(
            (i.agency_id for f in self.files for i in f.involvements if i.id == involvement_id), None
        )
        return [c.id for c in cast.CONTACTS if c.agency_id == agency]

    @rule(number=NUMBERS, actor=OWNERS, answer=ANSWERS, deputy=st.one_of(st.none(), NUMBERS, NUMBERS))
    def answer(self, number: int, actor: str | None, answer: Reply, deputy: int | None) -> None:
        ask = self.some(number, "asks")
        if ask is not None:
            command = AnswerSummons(ask.id, *answer, deputy=self.deputy(ask, deputy), sequence=ask.sequence)
            self.attempt(answer_summons, actor or ask.person_id, command, {ask.person_id})

    @rule(number=NUMBERS, actor=ACTORS, answer=ANSWERS, deputy=st.one_of(st.none(), NUMBERS))
    def record_answer(self, number: int, actor: str, answer: Reply, deputy: int | None) -> None:
        ask = self.some(number, "asks")
        if ask is not None:
            command = RecordAnswer(
                ask.id, Via.PHONE, *answer, deputy=self.deputy(ask, deputy), sequence=ask.sequence
            )
            self.attempt(record_answer, actor, command, self.coordinators(ask.case_id))

    def deputy(self, ask: Ask, number: int | None) -> str | None:
        part = next(d.involvement_id for f in self.files for d in f.duties if d.id == ask.duty_id)
        return None if number is None else self.pick(number, self.colleagues(part))

    @rule(number=NUMBERS)
    def everybody_declines(self, number: int) -> None:
        """All who are asked in a case and have a colleague send them."""
        file = self.a_case(number)
        for ask in file.asks if file is not None else ():
            if ask.open:
                command = AnswerSummons(
                    ask.id,
                    Answer.DECLINED,
                    DeclineReason.COURT,
                    self.deputy(ask, number),
                    sequence=ask.sequence,
                )
                self.attempt(answer_summons, ask.person_id, command, {ask.person_id})

    @rule(number=NUMBERS, actor=ACTORS, deputy=NUMBERS)
    def name_deputy(self, number: int, actor: str, deputy: int) -> None:
        ask = self.some(number, "asks")
        if ask is not None:
            named = self.deputy(ask, deputy) or "nobody"
            command = NameDeputy(ask.id, named, DeclineReason.AWAY, decides=True)
            allowed = {ask.person_id, *self.leaders(ask), *self.coordinators(ask.case_id)}
            self.attempt(name_deputy, actor, command, allowed)

    @rule(number=NUMBERS, actor=ACTORS, approve=st.sampled_from([True, True, False]))
    def decide_deputy(self, number: int, actor: str, approve: bool) -> None:
        waiting = [a for f in self.files for a in f.asks if a.awaits_approval]
        ask = self.pick(number, waiting) or self.some(number, "asks")
        if ask is None:
            return
        coordinators = self.coordinators(ask.case_id)
        if approve:
            self.attempt(approve_deputy, actor, ApproveDeputy(ask.id), coordinators)
        else:
            self.attempt(refuse_deputy, actor, RefuseDeputy(ask.id, "Nei."), coordinators)

    @rule(number=NUMBERS, actor=st.one_of(st.none(), ACTORS), colleague=NUMBERS)
    def hand_over(self, number: int, actor: str | None, colleague: int) -> None:
        seat = self.some(number, "seats")
        if seat is None:
            return
        contact = self.pick(colleague, self.colleagues(seat.involvement_id))
        allowed = {seat.person_id, *self.leaders(seat), *self.coordinators(seat.case_id)}
        self.attempt(hand_over, actor or seat.person_id, HandOver(seat.id, contact or "nobody"), allowed)

    def leaders(self, subject: Ask | Seat) -> set[str]:
        file = next(f for f in self.files if f.case.id == subject.case_id)
        part = (
            file.duty(subject.duty_id).involvement_id if isinstance(subject, Ask) else subject.involvement_id
        )
        agency = file.agency_of(part).id if part is not None else ""
        return {c.person_id for c in cast.CONTACTS if c.leader and c.agency_id == agency}

    @rule(number=NUMBERS, actor=ACTORS, choice=CHOICES)
    def invite(self, number: int, actor: str, choice: Any) -> None:
        file = self.a_case(number)
        if file is not None:
            self.attempt(
                invite_agency, actor, InviteAgency(file.case.id, choice), self.coordinators(file.case.id)
            )

    @rule(number=NUMBERS, actor=ACTORS)
    def release(self, number: int, actor: str) -> None:
        part = self.some(number, "involvements")
        if part is not None:
            self.attempt(release_agency, actor, ReleaseAgency(part.id), self.coordinators(part.case_id))

    @rule(number=NUMBERS, actor=ACTORS, after=AFTER)
    def call(self, number: int, actor: str, after: timedelta) -> None:
        file = self.a_case(number)
        if file is not None:
            self.attempt(
                call_meeting,
                actor,
                CallMeeting(file.case.id, self.town.plan(after)),
                self.coordinators(file.case.id),
            )

    @rule(number=NUMBERS, actor=ACTORS, after=AFTER, note_only=st.booleans())
    def move(self, number: int, actor: str, after: timedelta, note_only: bool) -> None:
        """Move a meeting, or change its note."""
        held = self.some(number, "meetings")
        if held is not None:
            plan = self.town.plan(after)
            if note_only:
                plan = replace(plan, starts_at=held.starts_at, ends_at=held.ends_at, note="Ta med kaffe")
            self.attempt(move_meeting, actor, MoveMeeting(held.id, plan), self.coordinators(held.case_id))

    @rule(number=NUMBERS, actor=ACTORS)
    def cancel(self, number: int, actor: str) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            self.attempt(cancel_meeting, actor, CancelMeeting(held.id), self.coordinators(held.case_id))

    @rule(number=NUMBERS, actor=ACTORS, attendance=st.sampled_from(Attendance), complete=st.booleans())
    def register(self, number: int, actor: str, attendance: Attendance, complete: bool) -> None:
        held = self.some(number, "meetings")
        if held is not None:
            duties = [d.id for f in self.files for d in f.duties_of(held.id)]
            came = dict.fromkeys(duties[0 if complete else 1 :], attendance)
            self.attempt(
                register_attendance, actor, RegisterAttendance(held.id, came), self.coordinators(held.case_id)
            )

    @rule(number=NUMBERS, actor=ACTORS, phase=st.sampled_from(Phase))
    def phase(self, number: int, actor: str, phase: Phase) -> None:
        file = self.a_case(number)
        if file is not None:
            self.attempt(
                change_phase, actor, ChangePhase(file.case.id, phase), self.coordinators(file.case.id)
            )

    @rule(number=NUMBERS, actor=ACTORS, sure=st.integers(0, 3))
    def close(self, number: int, actor: str, sure: int) -> None:
        """Close a case; seldom, or there would be little to see."""
        file = self.a_case(number)
        if file is not None and not sure:
            self.attempt(close_case, actor, CloseCase(file.case.id), self.coordinators(file.case.id))

    @rule(number=NUMBERS, actor=ACTORS, parts=NUMBERS, after=AFTER)
    def reopen(self, number: int, actor: str, parts: int, after: timedelta) -> None:
        """Open a closed case again, for some of those that were in it, or all."""
        file = self.pick(number, (f for f in self.files if not f.open))
        if file is not None:
            were = tuple(i.id for i in in_at_closing(file))
            command = ReopenCase(
                file.case.id, file.case.phase, were[parts % 3 :] or were, self.town.plan(after)
            )
            self.attempt(reopen_case, actor, command, self.coordinators(file.case.id))

    @rule(actor=ACTORS, person=STAFF, back=st.booleans())
    def staff(self, actor: str, person: str, back: bool) -> None:
        """Appoint a coordinator, or relieve one; the first one is always asked back."""
        if back:
            self.attempt(appoint, actor, Appoint("team", cast.slack(person)), self.team())
        else:
            self.attempt(relieve, actor, Relieve("team", person), self.team())

    @rule(number=NUMBERS, actor=OWNERS, stays=st.booleans())
    def leave(self, number: int, actor: str | None, stays: bool) -> None:
        seat = self.some(number, "seats")
        if seat is not None and (seat.person_id != "coordinator" or not number % 7):
            self.attempt(answer_left, actor or seat.person_id, AnswerLeft(seat.id, stays), {seat.person_id})

    @rule(number=NUMBERS, back=st.booleans())
    def account(self, number: int, back: bool) -> None:
        """Slack tells of an account: somebody in a case is gone, or everybody who was is back."""
        persons = {p.id: p for f in self.files for p in f.persons.values() if p.slack_id is not None}
        seat = self.some(number, "seats")
        people = [p for p in persons.values() if p.deactivated]
        if not back:
            people = [p for p in persons.values() if seat and p.id == seat.person_id != "coordinator"]

        def change(uow: Any) -> None:
            for person in people:
                account_changed(uow, person.slack_id or "", deactivated=not back)

        self.run(self.town.run(change))

    @rule(person=st.sampled_from(PEOPLE))
    def walk(self, person: str) -> None:
        """Somebody joins a room and leaves it; no room is known to Slack here, so nothing can come of it."""
        self.run(self.town.run(lambda uow: someone_joined(uow, "C1", cast.slack(person))))
        self.run(self.town.run(lambda uow: someone_left(uow, "C1", cast.slack(person), "mark")))

    @rule(minutes=st.sampled_from([16, 31, 61, 95]), late=st.booleans())
    def silence(self, minutes: int, late: bool) -> None:
        """Nobody does anything for a while: the steps that are due are taken, each once, none early."""
        self.town.clock.move(timedelta(minutes=minutes))
        for file in self.files:
            begun = {a.id for a in file.asks if file.meeting(a.meeting_id).starts_at <= self.town.clock.now()}
            due = [r for r in escalation_chain.ahead(file) if r.due_at and r.due_at <= self.town.clock.now()]
            rows = [r for r in due if r.subject not in begun]
            for row in [*rows, *rows] if late else rows:
                self.take_step(row.subject)
                (now,) = (f for f in self.files if f.case.id == file.case.id)
                assert row.key not in {r.key for r in escalation_chain.ahead(now)}

    def take_step(self, ask_id: str) -> None:
        self.run(self.town.run(partial(escalate, ask_id=ask_id)))

    @rule(number=NUMBERS, actor=OWNERS, contact=NUMBERS)
    def name(self, number: int, actor: str | None, contact: int) -> None:
        step = self.pick(number, [s for f in self.files for s in f.steps if s.kind is StepKind.LEADER])
        named = self.pick(contact, cast.CONTACTS)
        if step is not None and step.person_id is not None and named is not None:
            naming = NameAttendee(step.id, named.id)
            self.attempt(name_attendee, actor or step.person_id, naming, {step.person_id})

    @rule(by=st.sampled_from([timedelta(minutes=30), 5 * HOUR, DAY, DAY, 31 * DAY]))
    def wait(self, by: timedelta) -> None:
        self.town.clock.move(by)
        self.run(self.town.run(forget_due))
        self.run(self.town.run(forget_people))

    @invariant()
    def what_always_holds(self) -> None:
        for file in self.files:
            always_holds(file)
