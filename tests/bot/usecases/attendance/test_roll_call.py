"""The meeting as it is held: roll call, chair, agenda, too few."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import attendance
from bot.domain.case.entities import Attendance, QuorumReason, Via
from bot.domain.errors import (
    ChairsOnly,
    Invalid,
    MeetingOver,
    NoLongerAsked,
    NotAllowed,
    NothingHere,
    Overtaken,
)
from bot.domain.notifications import Kind
from bot.usecases.attendance.roll_call import (
    Arrive,
    ContinueMeeting,
    NameChair,
    PutOnTime,
    RecordArrivals,
    TickPoint,
    arrive,
    continue_meeting,
    name_chair,
    put_on_time,
    record_arrivals,
    see_absent,
    tick_point,
)
from bot.usecases.effects import held_meeting_notifications
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from tests.bot.cast import DAY, HOUR, slack
from tests.bot.usecases.attendance.held_meetings import MINUTE, NOTICE, begun, duties, register
from tests.bot.usecases.town import Town


async def test_the_roll_call_is_planned_for_the_start_and_the_question_for_the_grace(town: Town) -> None:
    case = await town.open("police", "welfare")
    file, meeting = await town.file(case.id), await town.meeting(case.id)
    due = {(i.kind, i.recipient): i.due_at for i in town.left}
    assert due[(Kind.ROLL_CALL, None)] == meeting.starts_at
    assert (Kind.QUORUM, "coordinator") not in due, "where people sit together nobody has to tap"
    video = replace(file, meetings=(replace(meeting, link="https://meet.example.no/tot"),))
    due = {(i.kind, i.recipient): i.due_at for i in held_meeting_notifications(video, town.clock.now())}
    assert due[(Kind.QUORUM, "coordinator")] == meeting.starts_at + 5 * MINUTE


async def test_those_of_the_case_say_that_they_are_there(town: Town) -> None:
    case, meeting = await begun(town)
    for person_id in ("officer", "coordinator", "officer"):
        await town.do(arrive, person_id, Arrive(meeting.id))
    assert (Kind.ROLL_CALL, None, None) in {(i.kind, i.recipient, i.due_at) for i in town.left}
    arrivals = (await town.file(case.id)).arrivals
    assert [(a.person_id, a.duty_id is None) for a in arrivals] == [("officer", False), ("coordinator", True)]
    for person_id in ("stranger", "lawyer", "deputy-coordinator", "sergeant"):
        with pytest.raises(NotAllowed):
            await town.do(arrive, person_id, Arrive(meeting.id))
    assert len((await town.file(case.id)).arrivals) == 2


async def test_who_sits_for_two_agencies_comes_for_both(town: Town) -> None:
    case, meeting = await begun(town, "police", "health", "social")
    file = await town.file(case.id)
    people = {file.agency_of_ask(a).id: a.person_id for a in file.asks}
    assert people["health"] == people["social"] == "both"
    await town.do(arrive, "both", Arrive(meeting.id))
    of = await duties(town, case)
    came = {a.duty_id for a in (await town.file(case.id)).arrivals}
    assert came == {of["health"], of["social"]}


async def test_not_before_it_begins_nor_after_it_is_over(town: Town) -> None:
    case, meeting = await begun(town, after=-MINUTE)
    with pytest.raises(NoLongerAsked):
        await town.do(arrive, "officer", Arrive(meeting.id))
    town.clock.time = meeting.ends_at
    with pytest.raises(MeetingOver):
        await town.do(arrive, "officer", Arrive(meeting.id))
    await register(town, case, {})
    with pytest.raises(NoLongerAsked):
        await town.do(arrive, "officer", Arrive(meeting.id))


async def test_a_deputy_of_another_meeting_does_not_arrive_at_this_one(town: Town) -> None:
    case, meeting = await begun(town, "police", after=-HOUR)
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(3 * DAY)))
    await town.sends_sergeant(case.id)
    assert "sergeant" in (await town.file(case.id)).room_people()
    town.clock.time = meeting.starts_at
    with pytest.raises(NotAllowed):
        await town.do(arrive, "sergeant", Arrive(meeting.id))


async def test_those_who_cannot_say_so_are_noted_by_whoever_leads(town: Town) -> None:
    case, meeting = await begun(town, after=10 * MINUTE)
    of = await duties(town, case)
    file, _, absent = await town.do(see_absent, "coordinator", meeting.id)
    assert {d.id for d in absent} == set(of.values())
    at = meeting.starts_at + 7 * MINUTE
    command = RecordArrivals(meeting.id, (of["counsel"], of["health"]), at)
    with pytest.raises(ChairsOnly):
        await town.do(record_arrivals, "officer", command)
    with pytest.raises(Invalid):
        await town.do(record_arrivals, "coordinator", command)
    assert (await town.file(case.id)).arrivals == (), "the lawyer has not confirmed taushetsplikt"
    lawyer = RecordAcknowledgement((await town.seat(case.id, "lawyer")).id, Via.PHONE)
    await town.do(record_acknowledgement, "coordinator", lawyer)
    await town.do(record_arrivals, "coordinator", command)
    file = await town.file(case.id)
    noted = [(a.person_id, a.at, a.recorded_by) for a in file.arrivals]
    assert sorted(noted) == [("both", at, "coordinator"), ("lawyer", at, "coordinator")]
    await town.do(record_arrivals, "coordinator", command)
    early = replace(command, duties=(of["police"],), at=meeting.starts_at - HOUR)
    await town.do(record_arrivals, "coordinator", early)
    file = await town.file(case.id)
    assert [a.at for a in file.arrivals] == [meeting.starts_at, at, at], "nobody came before it began"
    for wrong in (replace(command, duties=()), replace(command, at=town.clock.now() + HOUR)):
        with pytest.raises(Invalid):
            await town.do(record_arrivals, "coordinator", wrong)
    with pytest.raises(NotAllowed):
        await town.do(record_arrivals, "coordinator", replace(command, duties=("no-duty",)))
    await town.do(record_arrivals, "coordinator", replace(command, duties=(of["welfare"],)))
    with pytest.raises(NothingHere):
        await town.do(see_absent, "coordinator", meeting.id)


async def test_a_late_tap_is_put_right_in_one(town: Town) -> None:
    case, meeting = await begun(town, after=9 * MINUTE)
    await town.do(arrive, "officer", Arrive(meeting.id))
    file = await town.file(case.id)
    (late,) = attendance.late_arrivals(file, meeting)
    command = PutOnTime(meeting.id, late.id)
    with pytest.raises(ChairsOnly):
        await town.do(put_on_time, "caseworker", command)
    with pytest.raises(NoLongerAsked):
        await town.do(put_on_time, "coordinator", replace(command, arrival_id="none"))
    for _ in range(2):
        await town.do(put_on_time, "coordinator", command)
    file = await town.file(case.id)
    (arrival,) = file.arrivals
    assert (arrival.person_id, arrival.at, arrival.recorded_by) == (
        "officer",
        meeting.starts_at,
        "coordinator",
    )
    assert attendance.late_arrivals(file, meeting) == []
    duty = file.duty(arrival.duty_id or "")
    assert attendance.likely_attendance(file, meeting, duty) is Attendance.PRESENT


async def test_a_seat_holder_who_is_named_leads_and_nothing_more(town: Town) -> None:
    case, meeting = await begun(town)
    tick = TickPoint(meeting.id, "guardian", treated=True)
    with pytest.raises(ChairsOnly):
        await town.do(tick_point, "officer", tick)
    with pytest.raises(NotAllowed):
        await town.do(name_chair, "officer", NameChair(meeting.id, slack("officer")))
    for nobody in ("stranger", "keeper", "clerk"):
        with pytest.raises(Invalid):
            await town.do(name_chair, "coordinator", NameChair(meeting.id, slack(nobody)))
    await town.do(name_chair, "coordinator", NameChair(meeting.id, slack("officer")))
    assert attendance.chair_of(await town.file(case.id), await town.meeting(case.id)) == "officer"
    await town.do(tick_point, "officer", tick)
    with pytest.raises(NotAllowed):
        await town.do(cancel_meeting, "officer", CancelMeeting(meeting.id))
    with pytest.raises(NotAllowed):
        await town.do(close_case, "officer", CloseCase(case.id))
    lawyer = await town.seat(case.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(lawyer.id, Via.PHONE))
    await register(town, case, {"health": NOTICE}, actor="officer")
    file = await town.file(case.id)
    assert {d.registered_by for d in file.duties} == {"officer"}
    assert attendance.treated(file, file.meetings[0]) == ["guardian"]


async def test_who_is_named_and_leaves_leads_no_more(town: Town) -> None:
    case, meeting = await begun(town)
    await town.do(name_chair, "coordinator", NameChair(meeting.id, slack("officer")))
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    with pytest.raises(NotAllowed):
        await town.do(tick_point, "officer", TickPoint(meeting.id, "health", treated=True))
    file = await town.file(case.id)
    assert attendance.chair_of(file, file.meetings[0]) == "coordinator"


async def test_the_chair_is_named_when_a_meeting_is_called_and_kept_when_it_is_moved(town: Town) -> None:
    case = await town.open("police")
    with pytest.raises(Invalid):
        await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(), slack("officer")))
    await town.confirm(case.id, "officer")
    called = await town.do(
        call_meeting, "coordinator", CallMeeting(case.id, town.plan(DAY), slack("officer"))
    )
    assert called.chair == "officer"
    moved = await town.do(move_meeting, "coordinator", MoveMeeting(called.id, town.plan(2 * DAY)))
    assert moved.chair == "officer"
    again = MoveMeeting(called.id, town.plan(3 * DAY), slack("coordinator"))
    assert (await town.do(move_meeting, "coordinator", again)).chair == "coordinator"


async def test_a_point_is_ticked_once_and_can_be_unticked(town: Town) -> None:
    case, meeting = await begun(town)
    tick = TickPoint(meeting.id, "health", treated=True)
    await town.do(tick_point, "coordinator", tick)
    first = (await town.file(case.id)).ticks
    await town.do(tick_point, "coordinator", tick)
    assert (await town.file(case.id)).ticks == first
    await town.do(tick_point, "coordinator", replace(tick, treated=False))
    assert (await town.file(case.id)).ticks == ()
    with pytest.raises(NoLongerAsked):
        await town.do(tick_point, "coordinator", replace(tick, point="what was said"))


async def test_going_on_with_too_few_keeps_why(town: Town) -> None:
    case, meeting = await begun(town, after=6 * MINUTE)
    await town.do(arrive, "officer", Arrive(meeting.id))
    await town.do(continue_meeting, "coordinator", ContinueMeeting(meeting.id, QuorumReason.OTHERS_BY_PHONE))
    held = await town.meeting(case.id)
    assert (held.quorum_reason, held.quorum_by) == (QuorumReason.OTHERS_BY_PHONE, "coordinator")
    assert held.quorum_at == town.clock.now()
    with pytest.raises(Overtaken) as first:
        await town.do(continue_meeting, "coordinator", ContinueMeeting(meeting.id, QuorumReason.CANNOT_WAIT))
    assert first.value.details["by"] == "coordinator"


async def test_there_is_nothing_to_decide_once_enough_have_come(town: Town) -> None:
    case, meeting = await begun(town, after=6 * MINUTE)
    for person_id in ("officer", "caseworker", "both"):
        await town.do(arrive, person_id, Arrive(meeting.id))
    with pytest.raises(NoLongerAsked):
        await town.do(continue_meeting, "coordinator", ContinueMeeting(meeting.id, QuorumReason.CANNOT_WAIT))
    assert (await town.meeting(case.id)).quorum_reason is None


async def test_a_new_date_begins_anew_within_ten_working_days(town: Town) -> None:
    case, meeting = await begun(town, after=6 * MINUTE)
    await town.do(name_chair, "coordinator", NameChair(meeting.id, slack("officer")))
    await town.do(arrive, "officer", Arrive(meeting.id))
    await town.do(tick_point, "officer", TickPoint(meeting.id, "health", treated=True))
    await town.do(continue_meeting, "officer", ContinueMeeting(meeting.id, QuorumReason.CANNOT_WAIT))
    with pytest.raises(Invalid) as refused:
        await town.do(move_meeting, "officer", MoveMeeting(meeting.id, town.plan(16 * DAY)))
    assert refused.value.problems[0].code == "invalid.new-date-too-far"
    with pytest.raises(ChairsOnly):
        await town.do(move_meeting, "caseworker", MoveMeeting(meeting.id, town.plan(DAY)))
    await town.do(move_meeting, "officer", MoveMeeting(meeting.id, town.plan(DAY)))
    file = await town.file(case.id)
    moved = file.meetings[0]
    assert (file.arrivals, file.ticks, moved.quorum_reason, moved.sequence) == ((), (), None, 1)
    with pytest.raises(NotAllowed):
        await town.do(move_meeting, "officer", MoveMeeting(meeting.id, town.plan(2 * DAY)))
