"""Whom a joint meeting reaches when people, agencies and mail servers change after it was called."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain.calendar.entry import may_mail
from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.errors import NotAllowed
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.language import Language
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.texts.words import words
from bot.usecases.directory.agencies import KeepContact, keep_contact
from bot.usecases.joint.attending import (
    AnswerJoint,
    CancelJoint,
    RegisterJoint,
    answer_joint,
    cancel_joint,
    register_joint,
)
from bot.usecases.joint.calendar import OutgoingJointInvite, joint_invite_sent, next_joint_invite
from bot.usecases.joint.calling import CallJoint, MoveJoint, move_joint, review_joint
from bot.usecases.joint.view import joint_meeting_view, refresh_joint_meetings
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan
from handlers.joint import messages as joint_messages
from tests.bot.cast import HOUR
from tests.bot.usecases.test_outside import called, stand
from tests.bot.usecases.town import Town


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def set_person(town: Town, person_id: str, **facts: object) -> None:
    """Something of a person has changed, and their teams' joint meetings follow it."""

    def changed(uow: UnitOfWork) -> None:
        person = uow.get(Person, person_id)
        assert person is not None
        uow.change(person, **facts)
        refresh_joint_meetings(uow, "team")

    await town.run(changed)


async def invitation(town: Town, meeting: JointMeeting, person_id: str) -> JointInvitation:
    invited = await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id))
    (own,) = (i for i in invited if i.person_id == person_id)
    return own


async def letters(town: Town, own: JointInvitation) -> list[OutgoingJointInvite]:
    found = []
    while (letter := await town.run(lambda uow: next_joint_invite(uow, own.id))) is not None:
        await town.run(partial(joint_invite_sent, letter=letter))
        found.append(letter)
    return found


def mailed(town: Town) -> set[str]:
    """The invitations that the last use case wants looked at by the mail room."""
    return {i.subject for i in town.left if i.kind is Kind.JOINT_MAIL}


def anew(town: Town) -> set[str | None]:
    """The recipients whom the last use case tells that they are invited, or that it is off."""
    return town.told(Kind.JOINT_INVITED) | town.told(Kind.JOINT_ENTRY)


async def test_who_comes_to_slack_is_invited_only_to_what_is_ahead(town: Town) -> None:
    meeting = await called(town)
    await set_person(town, "lawyer", slack_id="U-lawyer")
    assert "lawyer" in anew(town)
    town.clock.time = meeting.starts_at
    await set_person(town, "partner", slack_id="U-partner")
    assert anew(town) == set()
    assert town.told(Kind.JOINT_CALLED) == {"coordinator", "deputy-coordinator"}


async def test_of_what_is_called_off_nobody_is_told_twice(town: Town) -> None:
    meeting = await called(town)
    await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))
    assert "officer" in anew(town)
    await set_person(town, "lawyer", slack_id="U-lawyer")
    assert (anew(town), mailed(town), town.told(Kind.JOINT_CALLED)) == (set(), set(), set())


async def test_what_stands_of_a_meeting_that_is_off_is_still_made_current(town: Town) -> None:
    meeting = await called(town)
    await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))
    await stand(town)
    told = anew(town)
    await set_person(town, "lawyer", slack_id="U-lawyer")
    assert anew(town) == told
    assert "lawyer" not in told


async def test_to_what_is_registered_nobody_is_invited(town: Town) -> None:
    meeting = await called(town)
    town.clock.time = meeting.ends_at
    await town.do(register_joint, "coordinator", RegisterJoint(meeting.id, []))
    assert anew(town) == set()
    await set_person(town, "lawyer", slack_id="U-lawyer")
    assert anew(town) == set()
    now = await town.database.read(lambda uow: joint_meeting_view(uow, meeting.id))
    assert now is not None
    nb = words(Language.NB)
    assert joint_messages.entry(nb, now, "officer", Revision(0), "tot@work.example") is None


async def test_only_the_call_mails_somebody_for_the_first_time(town: Town) -> None:
    """Its review named who is mailed; what comes later is the coordinator's to see, and to ring."""
    meeting = await called(town)
    first, second = [await invitation(town, meeting, who) for who in ("lawyer", "partner")]
    assert {first.id, second.id} <= mailed(town)
    await letters(town, first)
    await town.do(answer_joint, "officer", AnswerJoint(meeting.id, comes=True, asked=0))
    assert mailed(town) == {first.id}
    await set_person(town, "partner", work_mail="ny@work.example")
    assert mailed(town) == {first.id}
    plan = MeetingPlan(meeting.starts_at, meeting.ends_at, "Utekontakten")
    await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", plan))
    assert mailed(town) == {first.id}


async def test_nobody_of_a_sheltering_agency_is_mailed_whatever_else_they_belong_to(town: Town) -> None:
    also = Contact("shelter:lawyer", "shelter", "lawyer", 2)
    await town.database.write(lambda uow: uow.add(also))
    command = CallJoint("team", "Deling", town.plan(50 * HOUR))
    review = await town.do(review_joint, "coordinator", command)
    assert {i.person.id: i.mailed for i in review.invitees if not i.written} == {
        **{"lawyer": False, "keeper": False},
        "partner": True,
    }
    meeting = await called(town)
    lawyer, partner = [await invitation(town, meeting, who) for who in ("lawyer", "partner")]
    assert lawyer.agency_id == "counsel"
    assert mailed(town) == {partner.id}
    assert await letters(town, lawyer) == []
    now = await town.database.read(lambda uow: joint_meeting_view(uow, meeting.id))
    assert now is not None
    assert joint_messages.with_line(words(Language.NB), now, lawyer) == "Counsel"
    case = await town.open("counsel")
    file, ask = await town.file(case.id), await town.ask(case.id, "lawyer")
    assert not may_mail(file, ask)


async def retire(town: Town, contact_id: str) -> None:
    agency_id = contact_id.partition(":")[0]
    command = KeepContact(agency_id, 1, Hours.ALWAYS, contact_id=contact_id, retire=True)
    await town.do(keep_contact, "coordinator", command)


async def test_who_has_left_an_agency_is_told_nothing_more(town: Town) -> None:
    meeting = await called(town)
    assert "sergeant" in anew(town)
    await retire(town, "police:sergeant")
    found = await town.database.read(lambda uow: joint_meeting_view(uow, meeting.id))
    assert found is not None
    assert joint_messages.invited(words(Language.NB), found, "sergeant") is None
    assert (
        joint_messages.entry(words(Language.NB), found, "sergeant", Revision(0), "tot@kommune.example")
        is None
    )
    assert joint_messages.soon(words(Language.NB), found, "sergeant") is None
    assert "sergeant" not in {i.person_id for i in found.to_ring}
    with pytest.raises(NotAllowed):
        await town.do(answer_joint, "sergeant", AnswerJoint(meeting.id, comes=True, asked=0))
    await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", town.plan(60 * HOUR)))
    assert "sergeant" not in anew(town) | town.told(Kind.JOINT_SOON)
    assert "officer" in anew(town) & town.told(Kind.JOINT_SOON)


async def test_an_invitation_by_mail_is_withdrawn_from_who_has_left(town: Town) -> None:
    meeting = await called(town)
    own = await invitation(town, meeting, "lawyer")
    assert [letter.entry.cancelled for letter in await letters(town, own)] == [False]
    await retire(town, "counsel:lawyer")
    assert own.id in mailed(town)
    assert [letter.entry.cancelled for letter in await letters(town, own)] == [True]


async def test_who_joins_a_sheltering_agency_is_mailed_only_that_it_is_withdrawn(town: Town) -> None:
    meeting = await called(town)
    own = await invitation(town, meeting, "lawyer")
    await letters(town, own)
    also = Contact("shelter:lawyer", "shelter", "lawyer", 2)
    await town.database.write(lambda uow: uow.add(also))
    assert [letter.entry.cancelled for letter in await letters(town, own)] == [True]


async def test_a_file_and_a_mail_share_a_uid_only_while_both_begin_at_zero(town: Town) -> None:
    meeting = await called(town)
    lawyer, partner, officer = [
        await invitation(town, meeting, who) for who in ("lawyer", "partner", "officer")
    ]
    assert [letter.entry.uid for letter in await letters(town, lawyer)] == [lawyer.uid]
    await set_person(town, "lawyer", slack_id="U-lawyer")
    assert [(e.entry.uid, e.entry.cancelled) for e in await letters(town, lawyer)] == [(lawyer.uid, True)]
    assert (await invitation(town, meeting, "lawyer")).uid != lawyer.uid, "the file's"
    await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", town.plan(74 * HOUR)))
    for own, facts in ((partner, {}), (officer, {"slack_id": None})):
        await set_person(town, own.person_id, **facts)
        (letter,) = await letters(town, own)
        assert (letter.entry.sequence, letter.entry.uid == own.uid) == (0, False)
