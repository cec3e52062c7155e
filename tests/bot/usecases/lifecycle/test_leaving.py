"""People who leave the room, accounts that are gone, and coordinators who come and go."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Answer, DeclineReason, SeatRole, Via
from bot.domain.directory.entities import Person
from bot.domain.errors import LastCoordinator, NoLongerAsked, NotAllowed
from bot.domain.notifications import Kind
from bot.domain.overview.missing import Lack, Missing, lacks
from bot.usecases.directory.coordinators import Appoint, Relieve, appoint, relieve
from bot.usecases.involvement.acknowledgement import (
    RecordAcknowledgement,
    record_acknowledgement,
)
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import CallMeeting, call_meeting
from bot.usecases.room.accounts import account_changed
from bot.usecases.room.membership import AnswerLeft, answer_left, check_rooms, someone_joined, someone_left
from tests.bot.cast import slack
from tests.bot.usecases.lifecycle.rooms import in_room, police_with_deputy
from tests.bot.usecases.town import Town, roles

YES, NO, COURT = Answer.CONFIRMED, Answer.DECLINED, DeclineReason.COURT


async def test_who_leaves_is_asked_for_each_seat_whether_the_part_is_over(town: Town) -> None:
    case = await town.open("health", "social", "police")
    await town.confirm(case.id, "both", "officer")
    channel = await in_room(town, case.id)
    await town.run(lambda uow: someone_left(uow, channel, slack("both"), "m1"))
    seats = {s.id for s in (await town.file(case.id)).seats_of("both")}
    assert {i.subject for i in town.left if i.kind is Kind.SEAT_LEFT} == seats
    assert "both" not in (await town.file(case.id)).room.members
    social = await town.seat(case.id, "both", "social")
    await town.do(answer_left, "both", AnswerLeft(social.id, stays=False))
    file = await town.file(case.id)
    assert "both" in file.room_people(), "for health"
    assert {i.agency_id for i in file.current()} == {"health", "police"}
    assert [file.agency_of_ask(a).id for a in file.asks if a.live and a.person_id == "both"] == ["health"]
    with pytest.raises(NoLongerAsked):
        await town.do(answer_left, "both", AnswerLeft(social.id, stays=True))


async def test_who_stays_is_invited_back(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    seat = await town.seat(case.id, "officer")
    doubts = (await town.file(case.id)).room.doubts
    await town.do(answer_left, "officer", AnswerLeft(seat.id, stays=True))
    file = await town.file(case.id)
    assert file.room.doubts == doubts + 1
    assert "officer" in file.room_people()
    assert town.told(Kind.ROOM)


async def test_when_a_deputy_leaves_the_coordinator_is_told_at_once_that_nobody_comes(town: Town) -> None:
    case = await police_with_deputy(town, "follow-up")
    await town.do(answer_left, "sergeant", AnswerLeft((await town.seat(case.id, "sergeant")).id, stays=False))
    file = await town.file(case.id)
    assert "sergeant" not in file.room_people()
    ask = await town.ask(case.id, "officer")
    assert duty_state(file, file.duty(ask.duty_id)) is DutyState.DECLINED
    assert [i.subject for i in town.left if i.kind is Kind.CALL_LIST] == [ask.meeting_id]
    assert file.involvement_of_agency("police") in list(file.current())


async def test_a_coordinator_leaves_only_while_another_is_there(town: Town) -> None:
    case = await town.open("follow-up")
    seat = await town.seat(case.id, "coordinator")
    with pytest.raises(LastCoordinator):
        await town.do(answer_left, "coordinator", AnswerLeft(seat.id, stays=False))
    await town.confirm(case.id, "deputy-coordinator")
    own = next(
        s for s in (await town.file(case.id)).seats_of("deputy-coordinator") if s.role is SeatRole.COORDINATOR
    )
    await town.do(answer_left, "deputy-coordinator", AnswerLeft(own.id, stays=False))
    file = await town.file(case.id)
    assert "deputy-coordinator" in file.room_people(), "for follow-up"
    assert [a.person_id for a in file.asks if a.live] == ["deputy-coordinator"]


async def test_a_stranger_in_the_room_is_an_alert(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    channel = await in_room(town, case.id)
    for person, alerted in (
        ("stranger", {"coordinator"}),
        ("unheard-of", {"coordinator"}),
        ("officer", set()),
    ):
        await town.run(partial(someone_joined, channel_id=channel, slack_id=slack(person)))
        assert town.told(Kind.INTRUDER) == alerted
    assert (await town.file(case.id)).room.doubts == 2
    await town.run(partial(check_rooms, case_id=case.id))
    assert (await town.file(case.id)).room.doubts == 3


async def test_a_deactivated_account_loses_its_seats_and_a_coordinator_who_is_back_is_asked_anew(
    town: Town,
) -> None:
    case = await town.open("follow-up", "police")
    await town.confirm(case.id, "deputy-coordinator")
    posted = await town.posted(case.id, Kind.CALL_LIST, "x", "deputy-coordinator")
    await town.run(lambda uow: account_changed(uow, slack("deputy-coordinator"), deactivated=True))
    assert town.told(Kind.CONTACT_GONE) == {"coordinator"}
    assert town.told(Kind.COORDINATOR_GONE) == set(), "it is told once"
    file = await town.file(case.id)
    assert roles(file, "deputy-coordinator") == set()
    assert "deputy-coordinator" not in {a.person_id for a in file.asks if a.live}
    assert posted.key in {i.key for i in town.left}
    part = file.involvement_of_agency("follow-up")
    assert part is not None
    assert Lack(Missing.NOBODY_TO_ASK, part.id) in lacks(file, town.clock.now())
    await town.run(lambda uow: account_changed(uow, slack("deputy-coordinator"), deactivated=True))
    assert town.left == []
    await town.run(lambda uow: account_changed(uow, slack("deputy-coordinator"), deactivated=False))
    file = await town.file(case.id)
    assert roles(file, "deputy-coordinator") == {SeatRole.COORDINATOR}
    assert file.confirmed_coordinators() == ["coordinator"]
    assert town.told(Kind.CASE_ACKNOWLEDGEMENT) == {"deputy-coordinator"}
    await town.run(lambda uow: account_changed(uow, "unheard of", deactivated=True))
    assert town.left == []


async def test_a_room_opens_to_one_who_confirmed_by_telephone_before_the_account_was_back(town: Town) -> None:
    await town.run(lambda uow: account_changed(uow, slack("officer"), deactivated=True))
    gone = await town.run(lambda uow: uow.get(Person, "officer"))
    await town.run(lambda uow: uow.change(gone, work_mail="officer@police.example"))
    case = await town.open("police")
    seat = await town.seat(case.id, "officer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    await town.run(lambda uow: account_changed(uow, slack("officer"), deactivated=False))
    assert Kind.ROOM in {n.kind for n in town.left}


async def test_a_new_coordinator_is_asked_to_confirm_in_every_open_case(town: Town) -> None:
    open_one, closed = await town.open("police"), await town.open("police")
    await town.do(close_case, "coordinator", CloseCase(closed.id))
    person = await town.do(appoint, "coordinator", Appoint("team", "U-new"))
    assert town.told(Kind.APPOINTED) == town.told(Kind.CASE_ACKNOWLEDGEMENT) == {person.id}
    assert roles(await town.file(open_one.id), person.id) == {SeatRole.COORDINATOR}
    assert person.id not in (await town.file(open_one.id)).room_people()
    assert roles(await town.file(closed.id), person.id) == set()
    assert (await town.do(appoint, "coordinator", Appoint("team", "U-new"))).id == person.id
    assert town.left == []
    await town.do(appoint, "coordinator", Appoint("team", slack("officer")))
    await town.confirm(open_one.id, "officer")
    await town.do(relieve, "coordinator", Relieve("team", "officer"))
    file = await town.file(open_one.id)
    assert roles(file, "officer") == {SeatRole.AGENCY}
    assert file.room_people() == {"coordinator", "officer"}
    assert not town.told(Kind.REGISTER) & {"officer"}


async def test_a_relieved_coordinator_is_out_also_of_what_is_closed(town: Town) -> None:
    case, other = await town.open("police"), await town.open("police")
    await town.confirm(case.id, "deputy-coordinator")
    await town.confirm(other.id, "deputy-coordinator")
    await town.do(close_case, "coordinator", CloseCase(other.id))
    await town.do(relieve, "deputy-coordinator", Relieve("team", "coordinator"))
    for each in (case, other):
        assert (await town.file(each.id)).room_people() == {"deputy-coordinator"}
    assert town.told(Kind.REGISTER) <= {"deputy-coordinator"}
    with pytest.raises(NotAllowed):
        await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan()))


async def test_a_team_keeps_a_coordinator_who_can_act(town: Town) -> None:
    await town.run(lambda uow: account_changed(uow, slack("deputy-coordinator"), deactivated=True))
    with pytest.raises(LastCoordinator):
        await town.do(relieve, "coordinator", Relieve("team", "coordinator"))
    await town.do(relieve, "coordinator", Relieve("team", "deputy-coordinator"))
