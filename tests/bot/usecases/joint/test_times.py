"""Several times for a joint meeting: what is asked, what counts, and that no time is taken for its time."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.directory.entities import Contact
from bot.domain.errors import (
    AlreadyClosed,
    CoordinatorsOnly,
    Invalid,
    MovedSince,
    NoLongerAsked,
    NotAllowed,
    NotYetBegun,
    TooLate,
)
from bot.domain.guidance import Theme
from bot.domain.joint import JointInvitation, JointMeeting, best_time, closes_at, count_times
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.usecases.guidance import AskGuidance, CloseGuidance, ask_guidance, close_guidance
from bot.usecases.joint.attending import (
    AnswerJoint,
    CancelJoint,
    RegisterJoint,
    answer_joint,
    ask_to_be_invited,
    cancel_joint,
    join_joint,
    register_joint,
)
from bot.usecases.joint.calling import (
    CallJoint,
    MoveJoint,
    call_joint,
    move_joint,
    proposed_themes,
    review_joint,
)
from bot.usecases.joint.times import drop_lapsed_times
from bot.usecases.joint.view import reminders
from bot.usecases.outside import forget_item, plan_forgetting
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import Warn
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.joint.test_joining import employed, seen
from tests.bot.usecases.joint.times import calls, own, proposed, taps, view
from tests.bot.usecases.town import Town

NEW_TO_THE_INVITED = (Kind.JOINT_TIMES, Kind.JOINT_INVITED, Kind.JOINT_ENTRY)


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


def times(meeting: JointMeeting) -> tuple[datetime, ...]:
    assert meeting.times is not None
    return meeting.times


async def test_nobody_is_called_and_no_time_is_its_time(town: Town) -> None:
    meeting = await proposed(town)
    first, second, third = times(meeting)
    assert first < second < third == meeting.starts_at
    asked = town.told(Kind.JOINT_TIMES)
    assert {"officer", "head", "both"} <= asked
    assert asked.isdisjoint({"keeper", "lawyer", "coordinator"})
    assert town.told(Kind.JOINT_INVITED) == town.told(Kind.JOINT_ENTRY) == town.told(Kind.JOINT_MAIL) == set()
    now = await view(town, meeting)
    assert list(reminders(now)) == []
    assert not any(now.due(i).belongs for i in now.invited)
    assert town.told(Kind.JOINT_CALLED) == {"coordinator", "deputy-coordinator"}
    assert {n.due_at for n in town.left if n.kind is Kind.JOINT_BEST} == {closes_at(meeting, now.team)}
    assert meeting.called_at < closes_at(meeting, now.team) < first


async def test_whoever_chose_the_time_that_is_called_has_signed_up_and_the_others_are_asked(
    town: Town,
) -> None:
    meeting = await proposed(town)
    first, second, _ = times(meeting)
    for at in (first, second):
        await taps(town, meeting, "officer", at)
    await taps(town, meeting, "head", first)
    await taps(town, meeting, "both", None)
    now = await view(town, meeting)
    counts = count_times(times(meeting), now.asked_times)
    agencies = {i.agency_id for i in now.asked_times}
    assert [(c.suits, c.asked) for c in counts] == [
        (2, len(agencies)),
        (1, len(agencies)),
        (0, len(agencies)),
    ]
    best = best_time(counts)
    assert best is not None
    assert best.at == first

    await calls(town, meeting, second, "deputy-coordinator")
    now = await view(town, meeting)
    assert (now.meeting.starts_at, now.meeting.ends_at) == (second, second + HOUR)
    assert now.meeting.settled
    assert [i.person_id for i in now.invited if i.comes] == ["officer"]
    assert {i.suits for i in now.invited} == {None, (second,)}, "what they said of other times is gone"
    assert town.told(Kind.JOINT_TIMES) == {"officer"}, "the question is the invitation now"
    assert town.told(Kind.JOINT_INVITED) == {i.person_id for i in now.asked_times} - {"officer"}
    assert {n.params for n in town.left if n.kind is Kind.JOINT_INVITED} == {Revision(0)}
    assert town.told(Kind.JOINT_ENTRY) == {i.person_id for i in now.asked_times}
    by_mail = {i.id for i in now.invited if now.by_mail(i)}
    assert {n.subject for n in town.left if n.kind is Kind.JOINT_MAIL} == by_mail != set()
    assert {r.recipient for r in reminders(now)} >= {"officer", "head"}
    await town.do(answer_joint, "officer", AnswerJoint(meeting.id, False, 0))
    assert (await own(town, meeting, "officer")).comes is False, "and can change their mind"


async def test_an_answer_can_be_taken_back_until_it_is_called(town: Town) -> None:
    meeting = await proposed(town)
    first, second, _ = times(meeting)
    await taps(town, meeting, "officer", first)
    await taps(town, meeting, "officer", second)
    await taps(town, meeting, "officer", first, suits=False)
    assert (await own(town, meeting, "officer")).suits == (second,)
    await taps(town, meeting, "officer", None)
    assert (await own(town, meeting, "officer")).suits == ()
    await calls(town, meeting, first)
    assert not any(i.comes for i in (await view(town, meeting)).invited)
    with pytest.raises(NoLongerAsked):
        await taps(town, meeting, "officer", first)


async def test_the_best_is_told_at_once_when_all_have_answered(town: Town) -> None:
    meeting = await proposed(town, 1)
    people = [i.person_id for i in (await view(town, meeting)).asked_times]
    for person in people:
        assert None not in {n.due_at for n in town.left if n.kind is Kind.JOINT_BEST}
        await taps(town, meeting, person, times(meeting)[0])
    assert [n.due_at for n in town.left if n.kind is Kind.JOINT_BEST] == [None, None]


@pytest.mark.parametrize("actor", ["stranger", "nobody-at-all", "officer", "other-coordinator"])
async def test_only_its_coordinators_call_it(town: Town, actor: str) -> None:
    meeting = await proposed(town)
    before = await town.dump()
    with pytest.raises((CoordinatorsOnly, NotAllowed)):
        await calls(town, meeting, times(meeting)[0], actor)
    assert await town.dump() == before


@pytest.mark.parametrize("actor", ["stranger", "nobody-at-all", "coordinator"])
async def test_only_who_is_invited_answers(town: Town, actor: str) -> None:
    meeting = await proposed(town)
    with pytest.raises(NotAllowed):
        await taps(town, meeting, actor, times(meeting)[0])


async def test_what_needs_a_time_is_refused_until_there_is_one(town: Town) -> None:
    meeting = await proposed(town)
    first, last = times(meeting)[0], times(meeting)[-1]
    with pytest.raises(MovedSince):
        await town.do(answer_joint, "officer", AnswerJoint(meeting.id, True, 0))
    with pytest.raises(MovedSince):
        await town.do(join_joint, "officer", AnswerJoint(meeting.id, True, 0))
    with pytest.raises(NoLongerAsked):
        await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", town.plan(9 * DAY)))
    with pytest.raises(NoLongerAsked):
        await calls(town, meeting, first + HOUR)
    with pytest.raises(NoLongerAsked):
        await taps(town, meeting, "officer", first + HOUR)
    review = await town.do(review_joint, "coordinator", CallJoint("team", "Annet", town.plan(7 * DAY)))
    assert Warn.OVERLAP_JOINT not in review.warnings[0], "nothing takes up a time that may be chosen"
    town.clock.time = last + HOUR
    with pytest.raises(NotYetBegun):
        await town.do(register_joint, "coordinator", RegisterJoint(meeting.id, []))
    with pytest.raises(Invalid):
        await calls(town, meeting, last)


async def test_two_times_at_least_and_each_another(town: Town) -> None:
    plan = town.plan(5 * DAY)
    for more in (
        (plan.starts_at, None),
        (None, plan.starts_at),
        (plan.starts_at + DAY, plan.starts_at + DAY),
    ):
        with pytest.raises(Invalid):
            await town.do(call_joint, "coordinator", CallJoint("team", "Deling", plan, None, *more))


async def test_called_off_while_its_times_are_open(town: Town) -> None:
    """The question says so where it stands; nobody had it in a calendar, so nothing new is sent."""
    meeting = await proposed(town)
    await taps(town, meeting, "officer", times(meeting)[0])
    await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))
    assert all(town.told(kind) == set() for kind in (*NEW_TO_THE_INVITED, Kind.JOINT_BEST))
    assert (await own(town, meeting, "officer")).suits is None
    for attempt in (
        taps(town, meeting, "officer", times(meeting)[0]),
        calls(town, meeting, times(meeting)[0]),
        town.do(ask_to_be_invited, "officer", meeting.id),
    ):
        with pytest.raises(AlreadyClosed):
            await attempt


async def test_times_that_have_passed_lapse_and_the_last_takes_the_meeting_with_it(town: Town) -> None:
    meeting = await proposed(town)
    first, second, third = times(meeting)
    await taps(town, meeting, "officer", first)
    town.clock.time = first + HOUR
    await town.run(drop_lapsed_times)
    assert "officer" in town.told(Kind.JOINT_TIMES), "shown anew without it"
    with pytest.raises(NoLongerAsked):
        await taps(town, meeting, "officer", first)
    await taps(town, meeting, "officer", second)
    with pytest.raises(Invalid):
        await calls(town, meeting, first)
    town.clock.time = third + HOUR
    await town.run(drop_lapsed_times)
    now = await view(town, meeting)
    assert now.meeting.cancelled_at == town.clock.now()
    assert {i.suits for i in now.invited} == {None}
    assert not any(i.comes for i in now.invited)
    before = await town.dump()
    await town.run(drop_lapsed_times)
    assert await town.dump() == before


async def test_what_was_asked_about_is_proposed_until_a_joint_meeting_is_held(town: Town) -> None:
    """Times that have passed are none: nobody has met."""
    guidance = await town.do(ask_guidance, "stranger", AskGuidance("team", Theme.SIGNS.value, "Hva nå?"))
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, Theme.SIGNS.value))
    meeting = await proposed(town)
    town.clock.time = times(meeting)[-1] + HOUR
    assert await town.database.read(lambda uow: proposed_themes(uow, cast.TEAM)) == [("signs", 1)]


async def test_a_contact_who_came_later_asks_to_be_asked(town: Town) -> None:
    """And is bound to nothing by it, however late the tap comes."""
    meeting = await proposed(town)
    await employed(town, "newcomer", "police")
    await employed(town, "late", "police")
    assert [now.meeting.id for now in await seen(town, "newcomer")] == [meeting.id]
    await town.do(ask_to_be_invited, "newcomer", meeting.id)
    await town.do(ask_to_be_invited, "newcomer", meeting.id)
    assert "newcomer" in town.told(Kind.JOINT_TIMES)
    assert (await own(town, meeting, "newcomer")).suits is None
    for stranger in ("stranger", "keeper"):
        with pytest.raises(NotAllowed):
            await town.do(ask_to_be_invited, stranger, meeting.id)
    await taps(town, meeting, "newcomer", times(meeting)[1])
    await calls(town, meeting, times(meeting)[1])
    await town.do(ask_to_be_invited, "late", meeting.id)
    assert "late" in town.told(Kind.JOINT_INVITED)
    comes = {i.person_id: i.comes for i in (await view(town, meeting)).invited}
    assert (comes["newcomer"], comes["late"]) == (True, None)
    town.clock.time = times(meeting)[1] + HOUR
    with pytest.raises(TooLate):
        await town.do(ask_to_be_invited, "late", meeting.id)


async def test_a_move_after_the_call_asks_everybody_anew(town: Town) -> None:
    meeting = await proposed(town)
    first, *_ = times(meeting)
    await taps(town, meeting, "officer", first)
    await calls(town, meeting, first)
    await town.do(move_joint, "coordinator", MoveJoint(meeting.id, "Deling", town.plan(9 * DAY)))
    found = await own(town, meeting, "officer")
    assert (found.comes, found.suits) == (None, None)
    assert "officer" in town.told(Kind.JOINT_INVITED)
    assert town.told(Kind.JOINT_TIMES) == set()


async def test_neither_who_leaves_nor_an_agency_without_anybody_is_counted(town: Town) -> None:
    meeting = await proposed(town)
    first, *_ = times(meeting)
    for person in ("officer", "head"):
        await taps(town, meeting, person, first)
    before = count_times([first], (await view(town, meeting)).asked_times)[0]

    def leave(uow: UnitOfWork) -> None:
        for contact in uow.find(Contact):
            if contact.person_id == "officer" or contact.agency_id == "welfare":
                uow.change(contact, retired=True)

    await town.run(leave)
    after = count_times([first], (await view(town, meeting)).asked_times)[0]
    assert (before.suits, after.suits) == (2, 0)
    assert after.asked < before.asked


async def test_all_of_it_is_forgotten(town: Town) -> None:
    meeting = await proposed(town)
    await taps(town, meeting, "officer", times(meeting)[0])
    await town.do(cancel_joint, "coordinator", CancelJoint(meeting.id))
    town.clock.move(40 * DAY)
    await town.each_team(plan_forgetting)
    assert meeting.item in {n.item for n in town.left if n.kind is Kind.FORGET}
    await town.run(lambda uow: forget_item(uow, meeting.item))
    kept = await town.database.read(lambda uow: uow.get(JointMeeting, meeting.id))
    assert kept is not None
    assert (kept.times, kept.topic) == (None, "")
    assert await town.database.read(lambda uow: uow.find(JointInvitation, joint_id=meeting.id)) == []
