"""A joint meeting that is changed, on both databases: who is asked again or mailed, what is refused."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case.entities import Phase
from bot.domain.directory.entities import Person
from bot.domain.errors import AlreadyClosed, AlreadyOver, Invalid, MovedSince, NotAllowed
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.usecases.authorization import get_or_make_person
from bot.usecases.case import OpenCase, open_case
from bot.usecases.joint.attending import (
    AnswerJoint,
    CancelJoint,
    RegisterJoint,
    answer_joint,
    cancel_joint,
    register_joint,
)
from bot.usecases.joint.calendar import joint_invite_sent, next_joint_invite
from bot.usecases.joint.calling import CallJoint, MoveJoint, move_joint, review_joint, review_move_joint
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan, Warn
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.test_outside import called, stand
from tests.bot.usecases.town import Town

OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def move(town: Town, meeting: JointMeeting, plan: MeetingPlan) -> tuple[JointMeeting, JointInvitation]:
    """Another coordinator changes it; how it is now, and the officer's invitation."""
    command = MoveJoint(meeting.id, "Deling, og når", plan)
    moved = await town.do(move_joint, "deputy-coordinator", command)
    invited = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    (own,) = (i for i in invited if i.person_id == "officer")
    return moved, own


def revisions(town: Town, kind: Kind) -> set[int]:
    """Which versions of a message have been asked for, the newest and what stood before."""
    return {i.params_as(Revision).sequence for i in town.left if i.kind is kind}


async def test_another_time_asks_again_another_place_or_text_does_not(town: Town) -> None:
    meeting = await called(town)
    plan = MeetingPlan(meeting.starts_at, meeting.ends_at, "Rådhuset")
    await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=True, asked=0))
    await stand(town)
    words, before = await move(town, meeting, replace(plan, note="Ny plan"))
    assert (words.sequence, words.agenda, words.topic) == (0, "Ny plan", "Deling, og når")
    assert before.comes is True
    assert revisions(town, Kind.JOINT_INVITED) == {0}
    place, own = await move(town, meeting, replace(plan, place=None, link="https://meet.example/x"))
    assert (place.sequence, place.asked_sequence, place.place, own.comes) == (1, 0, None, True)
    assert revisions(town, Kind.JOINT_INVITED) == {0, 1}
    assert revisions(town, Kind.JOINT_ENTRY) == {0}
    town.clock.move(HOUR)
    later = replace(plan, starts_at=plan.starts_at + DAY, ends_at=plan.ends_at + DAY)
    moved, own = await move(town, meeting, later)
    assert (moved.sequence, moved.asked_sequence) == (2, 2)
    assert (own.comes, own.answered_at, own.invited_at) == (None, None, town.clock.now())
    assert own.uid == before.uid
    assert {0, 2} <= revisions(town, Kind.JOINT_ENTRY)
    assert (moved.delete_on or meeting.starts_at.date()) - (meeting.delete_on or plan.starts_at.date()) == DAY


async def test_reminders_follow_the_new_time(town: Town) -> None:
    meeting = await called(town)
    later = town.plan(74 * HOUR)
    await move(town, meeting, later)
    due = {i.due_at for i in town.left if i.kind is Kind.JOINT_SOON}
    assert due == {later.starts_at - 24 * HOUR, later.starts_at - HOUR}


async def test_a_mail_alone_is_told_word_by_word(town: Town) -> None:
    """New, again after a move, not for other words, and in the end that it is off; with one UID."""
    meeting = await called(town)
    invited = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    mails = {i.subject for i in town.left if i.kind is Kind.JOINT_MAIL}
    people = await town.database.read(lambda uow: {p.id: p for p in uow.find(Person)})
    alone = {i.id for i in invited if people[i.person_id].slack_id is None}
    assert alone
    assert mails == {i.id for i in invited if i.id in alone and i.agency_id != "shelter"}
    (own,) = (i for i in invited if i.id == min(mails))
    told: list[tuple[int, bool]] = []

    async def letters() -> None:
        while (letter := await town.run(lambda uow: next_joint_invite(uow, own.id))) is not None:
            assert letter.entry.uid == own.uid
            told.append((letter.entry.sequence, letter.entry.cancelled))
            await town.run(partial(joint_invite_sent, mail=letter))

    await letters()
    await move(town, meeting, MeetingPlan(meeting.starts_at, meeting.ends_at, "Rådhuset", note="Ny plan"))
    await letters()
    assert told == [(0, False)]
    await move(town, meeting, town.plan(74 * HOUR))
    await letters()
    await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))
    await letters()
    assert told == [(0, False), (1, False), (2, True)]


async def test_an_address_that_changes_gets_an_entry_of_its_own(town: Town) -> None:
    await called(town)
    (first, *_) = sorted({i.subject for i in town.left if i.kind is Kind.JOINT_MAIL})

    async def sent() -> list[tuple[str, int, bool]]:
        found = []
        while (letter := await town.run(lambda uow: next_joint_invite(uow, first))) is not None:
            found.append((letter.entry.address, letter.entry.sequence, letter.entry.cancelled))
            await town.run(partial(joint_invite_sent, mail=letter))
        return found

    ((old, _, _),) = await sent()

    def corrected(uow: UnitOfWork) -> None:
        (person,) = uow.find(Person, work_mail=old)
        uow.change(person, work_mail="ny@etat.example")

    await town.database.write(corrected)
    assert await sent() == [(old, 1, True), ("ny@etat.example", 0, False)]
    entries = await town.database.read(lambda uow: uow.find(JointEntry, invitation_id=first))
    assert len({e.uid for e in entries}) == 2


@pytest.mark.parametrize("actor", ["stranger", "officer", "nobody-at-all"])
async def test_only_a_coordinator_moves_it(town: Town, actor: str) -> None:
    meeting = await called(town)
    before = await town.dump()
    for id in (meeting.id, "no-such-meeting"):
        with pytest.raises(NotAllowed):
            await town.do(move_joint, actor, MoveJoint(id, "Annet", town.plan(60 * HOUR)))
    assert await town.dump() == before


async def test_what_cannot_be_is_refused(town: Town) -> None:
    meeting = await called(town)

    async def refused(plan: MeetingPlan, topic: str = "Deling") -> list[tuple[str, str]]:
        with pytest.raises(Invalid) as wrong:
            await town.do(move_joint, "coordinator", MoveJoint(meeting.id, topic, plan))
        return [(p.where, p.code) for p in wrong.value.problems]

    assert await refused(town.plan(-HOUR)) == [("starts_at", "invalid.past")]
    never = datetime(2027, 3, 28, 2, 30, tzinfo=OSLO)
    gap = MeetingPlan(never, never + HOUR, "Rådhuset")
    assert await refused(replace(gap, starts_at=never.replace(hour=2))) == [
        ("starts_at", "invalid.clock-change")
    ]
    assert await refused(town.plan(60 * HOUR), "") == [("topic", "invalid.no-topic")]
    assert [where for where, _ in await refused(town.plan(60 * HOUR), "Ring 41 23 45 67")] == ["topic"]


async def test_what_is_over_is_registered_not_moved(town: Town) -> None:
    meeting = await called(town)
    town.clock.time = meeting.ends_at
    with pytest.raises(AlreadyOver):
        await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", town.plan(HOUR)))
    await town.do(register_joint, "coordinator", RegisterJoint(meeting.id, []))
    with pytest.raises(AlreadyClosed):
        await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", town.plan(HOUR)))


async def test_what_to_think_of_is_pointed_out_before_anything_is_sent(town: Town) -> None:
    case = OpenCase("team", Phase.ACUTE, 1, (cast.choice("police"),), town.plan(30 * HOUR))
    await town.do(open_case, "coordinator", case)
    meeting = await called(town)
    night = datetime(2026, 12, 25, 22, tzinfo=UTC)

    async def warned(plan: MeetingPlan) -> tuple[Warn, ...]:
        command = MoveJoint(meeting.id, "Deling", plan)
        return (await town.do(review_move_joint, "coordinator", command)).warnings

    assert await warned(town.plan(50 * HOUR)) == (), "it does not overlap itself"
    assert await warned(town.plan(30 * HOUR)) == (Warn.OVERLAP,)
    assert await warned(MeetingPlan(night, night + HOUR, "Rådhuset")) == (Warn.HOLIDAY, Warn.NIGHT)
    review = await town.do(review_joint, "coordinator", CallJoint("team", "Deling", town.plan(50 * HOUR)))
    assert review.warnings == ((Warn.OVERLAP_JOINT,),)
    unconfirmed = CallJoint("team", "Deling", town.plan(30 * HOUR))
    review = await town.do(review_joint, "deputy-coordinator", unconfirmed)
    assert review.warnings == ((),), "nobody learns when a case meets by looking where it is full"


async def test_an_old_button_does_not_answer_for_the_new_time(town: Town) -> None:
    meeting = await called(town)
    moved, own = await move(town, meeting, town.plan(74 * HOUR))
    for comes in (True, False):
        with pytest.raises(MovedSince):
            await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=comes, asked=0))
    assert await town.database.read(lambda uow: uow.get(JointInvitation, own.id)) == own
    await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=True, asked=moved.asked_sequence))
    plan = MeetingPlan(moved.starts_at, moved.ends_at, "Utekontakten")
    elsewhere, own = await move(town, meeting, plan)
    assert elsewhere.sequence > moved.asked_sequence
    await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=False, asked=moved.asked_sequence))


async def test_an_answer_that_comes_while_it_is_moved_is_to_the_old_time(town: Town) -> None:
    meeting = await called(town)
    command = MoveJoint(meeting.id, "Deling", town.plan(74 * HOUR))
    changed = threading.Event()

    def moving(uow: UnitOfWork) -> None:
        move_joint(uow, get_or_make_person(uow, cast.slack("coordinator")), command)
        changed.set()
        time.sleep(0.3)

    moves = asyncio.create_task(town.database.write(moving))
    assert await asyncio.to_thread(changed.wait, 60)
    with pytest.raises(MovedSince):
        await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=True, asked=0))
    await moves
    invited = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    assert {i.comes for i in invited} == {None}
