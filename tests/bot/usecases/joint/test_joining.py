"""Joining in: a contact of a partner who was not invited sees the joint meetings ahead, and signs up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.errors import AlreadyClosed, MovedSince, NotAllowed, TooLate
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.notifications import Kind
from bot.usecases.joint.attending import (
    AnswerJoint,
    CancelJoint,
    answer_joint,
    cancel_joint,
    coming_joint,
    join_joint,
)
from bot.usecases.joint.calling import MoveJoint, move_joint
from bot.usecases.joint.view import JointMeetingView
from bot.usecases.ports import UnitOfWork
from tests.bot.cast import HOUR, slack
from tests.bot.usecases.test_outside import called
from tests.bot.usecases.town import Town


async def employed(town: Town, person_id: str, agency_id: str, **facts: bool) -> None:
    """Somebody becomes a contact after the meeting was called."""

    def new(uow: UnitOfWork) -> None:
        if uow.get(Person, person_id) is None:
            uow.add(Person(person_id, slack(person_id), None))
        contact = Contact(f"{agency_id}:{person_id}", agency_id, person_id, 9, Hours.ALWAYS, leader=False)
        uow.add(contact)
        uow.change(contact, **facts)

    await town.run(new)


async def seen(town: Town, person: str) -> list[JointMeetingView]:
    return await town.do(lambda uow, actor, _: coming_joint(uow, actor), person, None)


async def invitations(town: Town, meeting: JointMeeting, person: str) -> list[JointInvitation]:
    found = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    return [i for i in found if i.person_id == person]


async def test_a_contact_who_came_later_joins_in_and_is_told_as_the_others(town: Town) -> None:
    meeting = await called(town)
    await employed(town, "newcomer", "police")
    assert [now.meeting.id for now in await seen(town, "newcomer")] == [meeting.id]
    await town.do(join_joint, "newcomer", AnswerJoint(meeting.id, True, 0))
    assert "newcomer" in town.told(Kind.JOINT_INVITED)
    assert "newcomer" in town.told(Kind.JOINT_ENTRY)
    assert "coordinator" in town.told(Kind.JOINT_CALLED)
    (own,) = await invitations(town, meeting, "newcomer")
    assert (own.agency_id, own.comes) == ("police", True)
    await town.do(join_joint, "newcomer", AnswerJoint(meeting.id, True, 0))
    await town.do(answer_joint, "newcomer", AnswerJoint(meeting.id, False, 0))
    (own,) = await invitations(town, meeting, "newcomer")
    assert own.comes is False, "signed up once, and it can be changed as any answer"


async def test_whoever_was_invited_joins_by_their_invitation(town: Town) -> None:
    meeting = await called(town)
    await town.do(answer_joint, "officer", AnswerJoint(meeting.id, False, 0))
    before = await invitations(town, meeting, "officer")
    await town.do(join_joint, "officer", AnswerJoint(meeting.id, True, 0))
    (own,) = await invitations(town, meeting, "officer")
    assert (own.id, own.comes) == (before[0].id, True)


@pytest.mark.parametrize("person", ["stranger", "nobody-at-all", "keeper", "other-coordinator", "waiting"])
async def test_nobody_else_sees_any_or_joins(town: Town, person: str) -> None:
    meeting = await called(town)
    await employed(town, "waiting", "police", waits=True)
    assert await seen(town, person) == []
    with pytest.raises(NotAllowed):
        await town.do(join_joint, person, AnswerJoint(meeting.id, True, 0))
    with pytest.raises(NotAllowed):
        await town.do(join_joint, "officer", AnswerJoint("no such meeting", True, 0))


async def test_only_what_lies_ahead_and_at_the_time_that_was_shown(town: Town) -> None:
    meeting = await called(town)
    plan = town.plan(60 * HOUR)
    await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", plan))
    with pytest.raises(MovedSince):
        await town.do(join_joint, "officer", AnswerJoint(meeting.id, True, 0))
    town.clock.time = plan.starts_at + timedelta(minutes=1)
    assert await seen(town, "officer") == []
    with pytest.raises(TooLate):
        await town.do(join_joint, "officer", AnswerJoint(meeting.id, True, 1))


async def test_one_that_is_called_off_is_not_joined(town: Town) -> None:
    meeting = await called(town)
    await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))
    assert await seen(town, "officer") == []
    with pytest.raises(AlreadyClosed):
        await town.do(join_joint, "officer", AnswerJoint(meeting.id, True, 0))
