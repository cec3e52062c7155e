"""What ends: an agency's part, a seat, an account, a meeting, the case, and all that is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from bot.domain.case.entities import Answer, Attendance, DeclineReason, Room, SeatEnd
from bot.domain.case.file import Standing
from bot.domain.errors import CaseIsClosed, Invalid, NoLongerAsked, NotAllowed, Overtaken
from bot.domain.notification_params import Occurrence, PlannedFor, Revision
from bot.domain.notifications import Kind, Notification
from bot.domain.overview import reminder_plan
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.attendance.register import RegisterAttendance, meeting_over, register_attendance
from bot.usecases.delivery import report_undelivered
from bot.usecases.involvement.acknowledgement import (
    Acknowledge,
    acknowledge,
)
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case, due_for_purge, forget_case, plan_purge
from bot.usecases.meeting import CallMeeting, call_meeting
from bot.usecases.on_record import PutOnRecord, put_on_record
from bot.usecases.ports import Posted
from bot.usecases.room.membership import check_rooms
from tests.bot.cast import DAY, HOUR, T0, choice, oslo
from tests.bot.usecases.lifecycle.rooms import in_room, police_with_deputy
from tests.bot.usecases.town import REMINDERS, Town, spoken_with

YES, NO, COURT = Answer.CONFIRMED, Answer.DECLINED, DeclineReason.COURT


async def release(town: Town, case_id: str, agency_id: str) -> str:
    """The coordinator ends an agency's part; its id."""
    part = (await town.file(case_id)).involvement_of_agency(agency_id)
    assert part is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    return part.id


async def test_releasing_an_agency_takes_everything_of_its_own_and_nothing_else(town: Town) -> None:
    case = await police_with_deputy(town, "health", "counsel")
    await town.confirm(case.id, "both")
    ask, held = await town.ask(case.id, "sergeant"), await town.meeting(case.id)
    posted = {
        (await town.posted(case.id, Kind.SUMMONS, ask.id, "sergeant", Revision(0))).key,
        (await town.posted(case.id, Kind.MEETING_SOON, held.id, "officer", PlannedFor("before24", T0))).key,
        (await town.posted(case.id, Kind.CALL_LIST, held.id, "coordinator")).key,
        (await town.posted(None, Kind.OPEN_ASKS, "officer", "officer", Occurrence("m1"))).key,
    }
    part_id = await release(town, case.id, "police")
    file = await town.file(case.id)
    assert file.room_people() == {"coordinator", "both"}
    assert file.standing(file.involvement(part_id)) is Standing.ENDED
    assert {s.end for s in file.seats if s.involvement_id == part_id} == {SeatEnd.PART_OVER}
    assert {a.person_id for a in file.asks if a.live} == {"both", "lawyer"}
    assert town.told(Kind.PART_OVER) == {"officer", "sergeant"}
    assert town.told(Kind.ROOM) == {None}, "the card says it to the others, and no phone rings"
    assert posted <= {i.key for i in town.left}, "what stands about it is made current"
    assert not [i for i in town.left if i.key in posted and i.once]
    assert "officer" not in {i.recipient for i in town.left if i.kind in REMINDERS and i.once}
    with pytest.raises(NoLongerAsked):
        await town.do(release_agency, "coordinator", ReleaseAgency(part_id))
    with pytest.raises(NoLongerAsked):
        await town.do(answer_summons, "sergeant", AnswerSummons(ask.id, NO, COURT))


async def test_whoever_is_in_for_another_agency_too_keeps_that(town: Town) -> None:
    case = await town.open("health", "social")
    await town.confirm(case.id, "both")
    await release(town, case.id, "health")
    file = await town.file(case.id)
    assert "both" in file.room_people()
    assert [file.agency_of_ask(a).id for a in file.asks if a.live] == ["social"]
    await release(town, case.id, "social")
    assert (await town.file(case.id)).room_people() == {"coordinator"}


async def test_an_agency_that_was_only_expected_leaves_without_a_word(town: Town) -> None:
    case = await town.open("police", choice("health", expected=True))
    await release(town, case.id, "health")
    assert not town.told(Kind.PART_OVER)


async def test_a_shelter_leaves_without_being_written_to(town: Town) -> None:
    case = await town.open("police", "shelter")
    await release(town, case.id, "shelter")
    assert "keeper" not in {i.recipient for i in town.left}
    assert town.told(Kind.ROOM) == {None}


async def test_the_duty_to_attend_a_meeting_that_has_been_is_still_registered(town: Town) -> None:
    case = await town.open("police", "health", after=HOUR)
    await town.confirm(case.id, "officer")
    town.clock.move(3 * HOUR)
    await release(town, case.id, "police")
    file, held = await town.file(case.id), await town.meeting(case.id)
    assert len(file.duties_of(held.id)) == 2
    assert "officer" not in {a.person_id for a in file.asks if a.live}
    await town.register(case.id)
    assert {d.attendance for d in (await town.file(case.id)).duties} == {Attendance.PRESENT}


async def test_attendance_is_registered_once_for_every_agency_and_not_before(town: Town) -> None:
    case = await police_with_deputy(town, "health")
    held = await town.meeting(case.id)
    duties = (await town.file(case.id)).duties_of(held.id)
    came = {d.id: Attendance.DEPUTY_PRESENT for d in duties}
    command = RegisterAttendance(held.id, came, calls=spoken_with(await town.file(case.id), came))
    with pytest.raises(NoLongerAsked):
        await town.do(register_attendance, "coordinator", command)
    town.clock.time = held.starts_at
    with pytest.raises(Invalid) as refused:
        await town.do(register_attendance, "coordinator", RegisterAttendance(held.id, {}))
    assert {p.where for p in refused.value.problems} == set(came)
    town.clock.time = held.ends_at
    await town.do(register_attendance, "coordinator", command)
    file = await town.file(case.id)
    assert {(d.attendance, d.registered_by) for d in file.duties} == {
        (Attendance.DEPUTY_PRESENT, "coordinator")
    }
    assert not town.told(Kind.REGISTER)
    with pytest.raises(Overtaken):
        await town.do(register_attendance, "coordinator", command)


@pytest.mark.parametrize("into", [timedelta(minutes=10), HOUR, 2 * HOUR])
async def test_a_deputys_part_ends_with_the_meeting_or_with_the_registration_if_that_is_later(
    town: Town, into: timedelta
) -> None:
    case = await police_with_deputy(town)
    held = await town.meeting(case.id)
    town.clock.time = held.starts_at + into
    await town.register(case.id)
    if town.clock.time < held.ends_at:
        assert "sergeant" in (await town.file(case.id)).room_people(), "the meeting runs on"
        await town.run(lambda uow: meeting_over(uow, held.id))
        assert "sergeant" in (await town.file(case.id)).room_people()
        # It fell due by the database's clock; ours has been put back since.
        await town.run(lambda uow: meeting_over(uow, held.id, held.ends_at))
    assert town.told(Kind.PART_OVER) == {"sergeant"}
    assert (await town.seat(case.id, "sergeant")).end is SeatEnd.MEETING_REGISTERED
    assert "sergeant" not in (await town.file(case.id)).room_people()
    await town.run(lambda uow: meeting_over(uow, held.id, held.ends_at))
    assert town.left == []


async def test_closing_ends_everything_for_everybody_but_the_coordinators(town: Town) -> None:
    case = await police_with_deputy(town, "health", "social", "counsel", "shelter")
    await town.confirm(case.id, "both")
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(9 * DAY)))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    file = await town.file(case.id)
    assert file.room_people() == {"coordinator"}
    assert not [a for a in file.asks if a.live]
    assert not [m for m in file.meetings if m.live]
    assert {file.standing(i) for i in file.involvements} == {Standing.ENDED}
    assert [s.person_id for s in file.seats if s.live] == ["coordinator"]
    assert file.case.delete_on == (town.clock.now() + timedelta(days=30)).date()
    assert town.told(Kind.PART_OVER) == {"officer", "sergeant", "both"}
    # 24 December is the day of deletion: the third working day before it is Monday the 21st
    assert file.case.delete_on == date(2026, 12, 24)
    # Nobody has it on record: it would wait until 7 January, and be told of once more.
    told = [oslo("2026-12-21 08:00"), oslo("2027-01-04 08:00")]
    left = [(i.kind, i.recipient, i.due_at) for i in town.left if i.kind in REMINDERS]
    assert left == [(Kind.DELETION_SOON, "coordinator", due) for due in told]
    assert [i.due_at for i in reminder_plan.plan(file)] == told
    assert reminder_plan.plan(replace(file, case=replace(file.case, purged_at=town.clock.now()))) == []
    with pytest.raises(CaseIsClosed):
        await town.do(close_case, "coordinator", CloseCase(case.id))


async def test_whoever_was_in_to_the_end_is_told_that_it_is_closed_and_nobody_else(town: Town) -> None:
    case = await town.open("police", "health")
    asks = {p: await town.ask(case.id, p) for p in ("officer", "both")}
    seats = {p: await town.seat(case.id, p) for p in ("officer", "both", "deputy-coordinator")}
    await release(town, case.id, "health")
    await town.do(close_case, "coordinator", CloseCase(case.id))
    for person, refusal in (("officer", CaseIsClosed), ("both", NoLongerAsked)):
        with pytest.raises(refusal):
            await town.do(answer_summons, person, AnswerSummons(asks[person].id, YES))
        with pytest.raises(refusal):
            await town.do(acknowledge, person, Acknowledge(seats[person].id))
    with pytest.raises(CaseIsClosed):
        await town.do(acknowledge, "deputy-coordinator", Acknowledge(seats["deputy-coordinator"].id))


async def test_a_case_is_deleted_on_its_date_in_the_teams_zone_and_not_before(town: Town) -> None:
    case = await police_with_deputy(town)
    await town.posted(case.id, Kind.SUMMONS, "x", "officer")
    await town.run(lambda uow: forget_case(uow, case.id))
    assert (await town.file(case.id)).seats, "an open case is not forgotten"
    await town.do(close_case, "coordinator", CloseCase(case.id))
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    await town.do(put_on_record, "officer", PutOnRecord(part.id))
    delete_on = (await town.file(case.id)).case.delete_on
    assert delete_on is not None
    midnight = town.clock.now().replace(hour=23, minute=0, second=0) + 29 * DAY
    for now, due in ((midnight - timedelta(seconds=2), []), (midnight, [case.id])):
        town.clock.time = now
        assert [c.id for c in await town.run(due_for_purge)] == due
    await town.run(lambda uow: plan_purge(uow, due_for_purge(uow)))
    assert [(i.kind, i.subject) for i in town.left] == [(Kind.PURGE, case.id)]
    await town.run(lambda uow: forget_case(uow, case.id))
    await town.run(lambda uow: forget_case(uow, case.id))
    file = await town.file(case.id)
    assert file.room_people() == frozenset()
    assert (file.seats, file.asks, file.duties, file.meetings, file.involvements) == ((), (), (), (), ())
    assert await town.run(lambda uow: uow.find(Posted, case_id=case.id)) == []
    assert await town.run(due_for_purge) == []
    assert await town.run(lambda uow: uow.cases_with("officer")) == []
    with pytest.raises(NotAllowed):
        await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan()))


async def test_what_did_not_arrive_is_told_to_the_other_coordinators(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "deputy-coordinator")
    ask = await town.ask(case.id, "officer")
    lost = Notification(Kind.SUMMONS, ask.id, case_id=case.id, recipient="officer", params=Revision(0))
    await town.run(lambda uow: report_undelivered(uow, lost))
    assert town.told(Kind.NOT_DELIVERED) == {"coordinator", "deputy-coordinator"}
    for notification, told in (
        (replace(lost, recipient="coordinator"), {"deputy-coordinator"}),
        (replace(lost, kind=Kind.NOT_DELIVERED, params=None), set()),
        (replace(lost, case_id=None), set()),
    ):
        await town.run(partial(report_undelivered, notification=notification))
        assert town.told(Kind.NOT_DELIVERED) == told


async def test_a_room_is_nobodys_once_it_is_archived(town: Town) -> None:
    case = await town.open("police")
    await in_room(town, case.id)
    await town.run(lambda uow: uow.change(uow.find(Room, case_id=case.id)[0], archived=True))
    await town.run(partial(check_rooms, case_id=case.id))
    assert town.left == []
