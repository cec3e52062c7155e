"""After any sequence of what people do, and after delivery, nobody sees or is where they have no right to.

Most of what is tried is refused: commands are drawn from what there is, live or over, the person's own or
somebody else's.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import Phase as HypothesisPhase
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.domain.case.entities import Answer, Attendance, DeclineReason, Phase, Rhythm, Via
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.case import OpenCase, open_case
from bot.usecases.deputies.hand_over import HandOver, hand_over
from bot.usecases.deputies.naming import ApproveDeputy, RefuseDeputy, approve_deputy, refuse_deputy
from bot.usecases.directory.coordinators import Appoint, Relieve, appoint, relieve
from bot.usecases.involvement.acknowledgement import (
    Acknowledge,
    PassOn,
    RecordAcknowledgement,
    acknowledge,
    pass_on,
    record_acknowledgement,
)
from bot.usecases.involvement.agencies import InviteAgency, ReleaseAgency, invite_agency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.lifecycle.phases import ChangePhase, change_phase
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from bot.usecases.profile import show_open_asks
from bot.usecases.room.membership import AnswerLeft, answer_left
from bot.usecases.validation import MeetingPlan
from handlers.subjects import joined
from sandbox.exercises.runner import ExerciseRunner
from tests.bot.usecases.invariants import entitled
from tests.bot.usecases.town import spoken_with
from tests.e2e import canaries, kit
from tests.e2e.random_people_actions import OWNERS, AgreedCrowd
from tests.e2e.random_people_links import ACTORS, HOUR, KEYS, NUMBERS, PEOPLE
from tests.e2e.random_people_outside import OutsideCrowd

WORDS = st.sampled_from(["", *(command.names(Language.NB)[0] for command in joined().commands)])
#: What the alerts say of a stranger whom Slack does not let the bot remove.
REFUSED = "Slack nekter meg å ta dem ut"


class AnyCrowd(AgreedCrowd, OutsideCrowd):
    @initialize(
        keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True),
        confirmed=st.sampled_from([True, True, False]),
    )
    def begin(self, keys: list[str], confirmed: bool) -> None:
        """There is a case, mostly one in which people have confirmed."""
        self.open("koordinator", ["politi", *(k for k in keys if k != "politi")], "botilbud", 48 * HOUR)
        if confirmed:
            self.everybody_confirms(0)

    @rule(
        actor=ACTORS,
        keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True),
        asked_by=st.sampled_from(KEYS),
        after=st.sampled_from([26 * HOUR, 2 * HOUR]),
    )
    def open(self, actor: str, keys: list[str], asked_by: str, after: timedelta) -> None:
        """Open a case, the second one at most; the last agency of several is only expected."""
        if len(self.files) >= 2:
            return
        chosen = [self.choice(key, expected=n == 3) for n, key in enumerate(keys)]
        meeting = self.plan(after, self.mark_of(len(self.files)))
        asking = self.choice(asked_by).agency_id
        command = OpenCase(self.team().id, Phase.ACUTE, 3, tuple(chosen), meeting, asking)
        self.attempt(open_case, self.by(actor), command)

    @rule(number=NUMBERS, actor=OWNERS)
    def acknowledge(self, number: int, actor: str | None) -> None:
        seat = self.some(number, "seats")
        if seat is not None:
            self.attempt(acknowledge, self.owner(actor, seat.person_id), Acknowledge(seat.id))

    def owner(self, actor: str | None, person_id: str) -> str | None:
        return self.by(actor) if actor is not None else self.slack_id(person_id)

    @rule(number=NUMBERS)
    def everybody_confirms(self, number: int) -> None:
        """All who are asked to confirm in a case do, or have it recorded."""
        file = self.case(number)
        for seat in file.seats if file is not None else ():
            if seat.live and not seat.confirmed:
                self.attempt(acknowledge, self.slack_id(seat.person_id), Acknowledge(seat.id))
                recorded = RecordAcknowledgement(seat.id, Via.PHONE)
                self.attempt(record_acknowledgement, self.by("koordinator"), recorded)

    @rule(number=NUMBERS, actor=OWNERS, colleague=NUMBERS)
    def pass_on(self, number: int, actor: str | None, colleague: int) -> None:
        """Send the question on to a colleague."""
        seat = self.some(number, "seats")
        if seat is not None and seat.involvement_id is not None:
            contact = self.colleague(colleague, self.case_of(seat), seat.involvement_id)
            self.attempt(pass_on, self.owner(actor, seat.person_id), PassOn(seat.id, contact))

    def colleague(self, number: int, file: CaseFile, involvement_id: str) -> str:
        contacts = file.contacts_of(file.agency_of(involvement_id).id)
        contact = self.pick(number, contacts)
        return contact.id if contact is not None else "nobody"

    @rule(number=NUMBERS, actor=OWNERS, comes=st.booleans(), deputy=st.one_of(st.none(), NUMBERS, NUMBERS))
    def answer(self, number: int, actor: str | None, comes: bool, deputy: int | None) -> None:
        """Answer a summons, or have the answer recorded."""
        ask = self.some(number, "asks")
        if ask is None:
            return
        file = self.case_of(ask)
        part = file.duty(ask.duty_id).involvement_id
        named = self.colleague(deputy, file, part) if deputy is not None and not comes else None
        what = Answer.CONFIRMED if comes else Answer.DECLINED
        reason = None if comes else DeclineReason.COURT
        command = AnswerSummons(ask.id, what, reason, named, sequence=ask.sequence)
        self.attempt(answer_summons, self.owner(actor, ask.person_id), command)
        if not file.reached_directly(ask.person_id, part):
            recorded = RecordAnswer(ask.id, Via.PHONE, what, reason, named, sequence=ask.sequence)
            self.attempt(record_answer, self.by("koordinator"), recorded)

    @rule(number=NUMBERS, actor=ACTORS, approve=st.sampled_from([True, True, False]))
    def decide(self, number: int, actor: str, approve: bool) -> None:
        """Approve a deputy who waits, or refuse."""
        ask = self.pick(number, [a for f in self.files for a in f.asks if a.awaits_approval])
        if ask is not None and approve:
            self.attempt(approve_deputy, self.by(actor), ApproveDeputy(ask.id))
        elif ask is not None:
            self.attempt(refuse_deputy, self.by(actor), RefuseDeputy(ask.id, "Nei."))

    @rule(number=NUMBERS, actor=OWNERS, colleague=NUMBERS)
    def hand_over(self, number: int, actor: str | None, colleague: int) -> None:
        """Hand a seat over for good."""
        seat = self.some(number, "seats")
        if seat is not None and seat.involvement_id is not None:
            contact = self.colleague(colleague, self.case_of(seat), seat.involvement_id)
            self.attempt(hand_over, self.owner(actor, seat.person_id), HandOver(seat.id, contact))

    @rule(number=NUMBERS, actor=ACTORS, key=st.sampled_from(KEYS), expected=st.booleans())
    def invite(self, number: int, actor: str, key: str, expected: bool) -> None:
        file = self.case(number)
        if file is not None:
            command = InviteAgency(file.case.id, self.choice(key, expected))
            self.attempt(invite_agency, self.by(actor), command)

    @rule(number=NUMBERS, actor=ACTORS)
    def release(self, number: int, actor: str) -> None:
        part = self.some(number, "involvements")
        if part is not None:
            self.attempt(release_agency, self.by(actor), ReleaseAgency(part.id))

    @rule(number=NUMBERS, actor=ACTORS, what=st.sampled_from(["call", "move", "note", "cancel"]))
    def meeting(self, number: int, actor: str, what: str) -> None:
        """Call a meeting, move one, change its note, call it off."""
        held, file = self.some(number, "meetings"), self.case(number)
        if file is None or held is None:
            return
        if what == "call":
            command: object = CallMeeting(file.case.id, self.plan_for(file, 30 * HOUR))
            self.attempt(call_meeting, self.by(actor), command)
        elif what == "cancel":
            self.attempt(cancel_meeting, self.by(actor), CancelMeeting(held.id))
        else:
            plan = self.plan_for(self.case_of(held), 50 * HOUR)
            if what == "note":
                plan = MeetingPlan(held.starts_at, held.ends_at, plan.place, plan.link, f"{plan.note} igjen")
            self.attempt(move_meeting, self.by(actor), MoveMeeting(held.id, plan))

    @rule(number=NUMBERS, actor=ACTORS)
    def register(self, number: int, actor: str) -> None:
        """Wait until a meeting is over, and register who came."""
        held = self.some(number, "meetings")
        if held is None or not held.live:
            return
        self.happens(self.runner.until(held.ends_at + timedelta(minutes=1)))
        file = self.case_of(held)
        came = {d.id: Attendance.PRESENT for d in file.duties_of(held.id)}
        command = RegisterAttendance(held.id, came, calls=spoken_with(file, came))
        self.attempt(register_attendance, self.by(actor), command)

    @rule(number=NUMBERS, actor=ACTORS)
    def phase(self, number: int, actor: str) -> None:
        file = self.case(number)
        if file is not None:
            self.attempt(
                change_phase, self.by(actor), ChangePhase(file.case.id, Phase.WORKING, Rhythm.WEEKLY)
            )

    @rule(number=NUMBERS, actor=ACTORS, sure=st.integers(0, 2), forgotten=st.booleans())
    def close(self, number: int, actor: str, sure: int, forgotten: bool) -> None:
        """Close a case, and sometimes wait until its deletion date has come."""
        file = self.case(number)
        if file is None or sure:
            return
        self.attempt(close_case, self.by(actor), CloseCase(file.case.id))
        if forgotten:
            self.happens(self.runner.later(days=45))

    @rule(
        actor=ACTORS,
        handle=st.sampled_from(["vara-koordinator", "helse", "utenforstaende"]),
        on=st.booleans(),
    )
    def staff(self, actor: str, handle: str, on: bool) -> None:
        team, slack_id = self.team(), self.by(handle)
        if on:
            self.attempt(appoint, self.by(actor), Appoint(team.id, slack_id))
            return
        person = self.run(self.rehearsal.bot.database.read(lambda uow: uow.person_by_slack(slack_id)))
        if person is not None:
            self.attempt(relieve, self.by(actor), Relieve(team.id, person.id))

    @rule(number=NUMBERS, back=st.booleans())
    def account(self, number: int, back: bool) -> None:
        seat = self.some(number, "seats")
        slack_id = self.slack_id(seat.person_id) if seat is not None else None
        if slack_id is not None and slack_id != self.by("koordinator"):
            handle = self.runner.sandbox.workspace.handle(slack_id)
            self.happens(self.runner.person(handle).is_deactivated())
        if back:
            self.happens(self.everybody_back())

    async def everybody_back(self) -> None:
        for handle in self.handles:
            person = self.runner.person(handle)
            if person.user.deleted:
                await person.is_reactivated()

    @rule(number=NUMBERS, handle=st.sampled_from(PEOPLE))
    def brought_in(self, number: int, handle: str) -> None:
        """Somebody in a room invites somebody else into it."""
        room = self.room_of(number)
        inside = sorted(kit.people_in(self.runner.sandbox, room)) if room is not None else []
        if room is not None and inside:
            self.happens(self.runner.person(inside[number % len(inside)]).invites(handle, room))

    @rule(number=NUMBERS, handle=st.sampled_from(PEOPLE))
    def not_removable(self, number: int, handle: str) -> None:
        """The same while the workspace does not let the bot remove anyone: that is said loudly."""
        room = self.room_of(number)
        file = next((f for f in self.files if f.room.name == room), None)
        sandbox = self.runner.sandbox
        if room is None or file is None or not kit.people_in(sandbox, room):
            return
        stranger = handle not in canaries.handles_of(sandbox, file, entitled(file)) | kit.people_in(
            sandbox, room
        )
        if not stranger or sandbox.user(handle).deleted:
            return
        sandbox.settings.bots_may_remove = False
        told = sorted(
            kit.people_in(sandbox, room) & canaries.handles_of(sandbox, file, file.confirmed_coordinators())
        )
        before = {who: self.alerts(who) for who in told}
        inviter = self.runner.person(sorted(kit.people_in(sandbox, room))[0])
        self.run(inviter.invites(handle, room))
        self.run(self.runner.until_idle())
        assert handle in kit.people_in(sandbox, room)
        for who in told:
            assert self.alerts(who) > before[who], f"{who} is not alerted"
        assert any(REFUSED in m.text for m in inviter.messages(room)), "the room is not told"
        sandbox.settings.bots_may_remove = True
        self.happens(self.rehearsal.bot.scheduler.check_rooms())

    def alerts(self, handle: str) -> int:
        return sum(REFUSED in m.text for m in kit.direct(self.runner.sandbox, handle))

    @rule(number=NUMBERS, removed=st.booleans())
    def walks_out(self, number: int, removed: bool) -> None:
        """Somebody leaves a room, or is removed from it by somebody else in it."""
        room = self.room_of(number)
        inside = sorted(kit.people_in(self.runner.sandbox, room)) if room is not None else []
        if room is None or len(inside) < 2:
            return
        one, other = inside[number % len(inside)], inside[(number + 1) % len(inside)]
        person = self.runner.person(one)
        self.gone.add((room, other if removed else one))
        self.happens(person.removes(other, room) if removed else person.leaves(room))

    @rule(number=NUMBERS, actor=OWNERS, stays=st.booleans())
    def says_whether_it_is_over(self, number: int, actor: str | None, stays: bool) -> None:
        """Answer whether one's part is over."""
        seat = self.some(number, "seats")
        if seat is not None:
            self.attempt(answer_left, self.owner(actor, seat.person_id), AnswerLeft(seat.id, stays))

    @rule(handle=st.sampled_from(PEOPLE), number=NUMBERS)
    def writes_to_the_bot(self, handle: str, number: int) -> None:
        """Somebody asks what waits for them."""
        self.attempt(show_open_asks, self.by(handle), f"m{number}")

    @rule(handle=st.sampled_from(PEOPLE), word=WORDS, number=NUMBERS)
    def types(self, handle: str, word: str, number: int) -> None:
        """Somebody types a command, in a room if they are in one; the form that opens is closed again."""
        person = self.runner.person(handle)
        room = self.room_of(number)
        place = room if room is not None and room in person.channels() else "#generelt"
        self.happens(person.types(f"/tot {word}", in_=place))
        if not person.user.deleted and person.modal is not None:
            self.happens(person.closes(whole_stack=True))

    @rule(by=st.sampled_from([timedelta(minutes=31), 5 * HOUR, 24 * HOUR]))
    def wait(self, by: timedelta) -> None:
        """Time passes, and reminders come."""
        self.happens(self.runner.until(self.runner.sandbox.clock.now() + by))


@pytest.mark.long
@pytest.mark.parametrize("plays", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_any_crowd(migrated_sqlite: Path, plays: int) -> None:
    AnyCrowd.play(migrated_sqlite, plays, 50, phases=(HypothesisPhase.generate,))


async def test_whoever_is_back_in_the_workspace_sees_nothing_of_before(runner: ExerciseRunner) -> None:
    barnevern = runner.person("barnevern")
    room = await kit.open_case(runner, "Barneverntjenesten")
    await kit.confirm(runner, "barnevern")
    await barnevern.opens_home()
    code = room.removeprefix("rom-")
    assert code in barnevern.home
    await barnevern.is_deactivated()
    await runner.until_idle()
    await barnevern.is_reactivated()
    await runner.until_idle()
    assert code not in barnevern.home
    assert kit.direct(runner.sandbox, "barnevern") == []
    assert room not in barnevern.channels()
