"""The meeting as it is held, its register, and what follows when an agency stays away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import roll_call
from bot.domain.case import Answer, Attendance, Case, DeclineReason, Meeting, QuorumReason
from bot.domain.errors import (
    CaseIsClosed,
    ChairsOnly,
    Invalid,
    MeetingOver,
    NoLongerAsked,
    NotAllowed,
    NothingHere,
    Overtaken,
    RegisterFirst,
)
from bot.domain.intents import Intent, Kind
from bot.usecases.absences import ExplainAbsence, explain_absence
from bot.usecases.close_case import CloseCase, close_case
from bot.usecases.hold_meeting import (
    Arrive,
    GoOn,
    NameChair,
    RecordArrivals,
    TickPoint,
    arrive,
    go_on,
    name_chair,
    record_arrivals,
    see_absent,
    tick_point,
)
from bot.usecases.meetings import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from bot.usecases.register_attendance import (
    CorrectAttendance,
    RegisterAttendance,
    correct_attendance,
    register_attendance,
)
from bot.usecases.release_agency import ReleaseAgency, release_agency
from tests.bot.cast import choice, slack
from tests.bot.usecases.town import DAY, HOUR, Town

PRESENT, LATE = Attendance.PRESENT, Attendance.LATE
NOTICE, NO_NOTICE = Attendance.ABSENT_WITH_NOTICE, Attendance.ABSENT_WITHOUT_NOTICE
MINUTE = timedelta(minutes=1)
AGENCIES = ("police", "welfare", "counsel", "health")


async def begun(town: Town, *agencies: str, after: timedelta = timedelta(0)) -> tuple[Case, Meeting]:
    """A case whose first meeting has begun so long ago; all on Slack have confirmed taushetsplikt."""
    case = await town.open(*(agencies or AGENCIES))
    await town.confirm(case.id, "officer", "caseworker", "both", "clerk")
    meeting = await town.meeting(case.id)
    town.clock.time = meeting.starts_at + after
    return case, meeting


async def duties(town: Town, case: Case) -> dict[str, str]:
    """Duties of the latest meeting by agency."""
    file = await town.file(case.id)
    return {file.agency_of(d.involvement_id).id: d.id for d in file.duties_of(file.meetings[-1].id)}


async def register(
    town: Town, case: Case, came: Mapping[str, Attendance], actor: str = "coordinator", **facts: object
) -> None:
    """Register the latest meeting; who is not named was present."""
    of = await duties(town, case)
    attendance = {duty_id: came.get(agency, PRESENT) for agency, duty_id in of.items()}
    meeting = await town.meeting(case.id)
    command = RegisterAttendance(meeting.id, attendance, **facts)  # type: ignore[arg-type]
    await town.do(register_attendance, actor, command)


# --- the roll call ---


async def test_the_roll_call_is_planned_for_the_start_and_the_question_for_the_grace(town: Town) -> None:
    case = await town.open("police", "welfare")
    meeting = await town.meeting(case.id)
    due = {(i.kind, i.recipient): i.due_at for i in town.left}
    assert due[(Kind.ROLL_CALL, None)] == meeting.starts_at
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
    await town.answer(
        case.id, "officer", Answer.DECLINED, reason=DeclineReason.COURT, deputy="police:sergeant"
    )
    await town.confirm(case.id, "sergeant")
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


# --- the chair ---


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
    assert town.told(Kind.QUORUM) == {"officer"}
    await town.do(tick_point, "officer", tick)
    with pytest.raises(NotAllowed):
        await town.do(cancel_meeting, "officer", CancelMeeting(meeting.id))
    with pytest.raises(NotAllowed):
        await town.do(close_case, "officer", CloseCase(case.id))
    await register(town, case, {"health": NOTICE}, actor="officer")
    file = await town.file(case.id)
    assert {d.registered_by for d in file.duties} == {"officer"}
    assert roll_call.treated(file, file.meetings[0]) == ["guardian"]


async def test_who_is_named_and_leaves_leads_no_more(town: Town) -> None:
    case, meeting = await begun(town)
    await town.do(name_chair, "coordinator", NameChair(meeting.id, slack("officer")))
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    with pytest.raises(NotAllowed):
        await town.do(tick_point, "officer", TickPoint(meeting.id, "health", treated=True))
    file = await town.file(case.id)
    assert roll_call.chair_of(file, file.meetings[0]) == "coordinator"


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


# --- the agenda ---


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


# --- too few ---


async def test_going_on_with_too_few_keeps_why(town: Town) -> None:
    case, meeting = await begun(town, after=6 * MINUTE)
    await town.do(arrive, "officer", Arrive(meeting.id))
    await town.do(go_on, "coordinator", GoOn(meeting.id, QuorumReason.OTHERS_BY_PHONE))
    held = await town.meeting(case.id)
    assert (held.quorum_reason, held.quorum_by) == (QuorumReason.OTHERS_BY_PHONE, "coordinator")
    assert held.quorum_at == town.clock.now()
    with pytest.raises(Overtaken) as first:
        await town.do(go_on, "coordinator", GoOn(meeting.id, QuorumReason.CANNOT_WAIT))
    assert first.value.details["by"] == "coordinator"


async def test_there_is_nothing_to_decide_once_enough_have_come(town: Town) -> None:
    case, meeting = await begun(town, after=6 * MINUTE)
    for person_id in ("officer", "caseworker", "both"):
        await town.do(arrive, person_id, Arrive(meeting.id))
    with pytest.raises(NoLongerAsked):
        await town.do(go_on, "coordinator", GoOn(meeting.id, QuorumReason.CANNOT_WAIT))
    assert (await town.meeting(case.id)).quorum_reason is None


async def test_a_new_date_begins_anew_within_ten_working_days(town: Town) -> None:
    case, meeting = await begun(town, after=6 * MINUTE)
    await town.do(name_chair, "coordinator", NameChair(meeting.id, slack("officer")))
    await town.do(arrive, "officer", Arrive(meeting.id))
    await town.do(tick_point, "officer", TickPoint(meeting.id, "health", treated=True))
    await town.do(go_on, "officer", GoOn(meeting.id, QuorumReason.CANNOT_WAIT))
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


# --- the register, and its corrections ---


async def test_the_register_keeps_reports_and_points_and_tells_whoever_is_in_the_room(town: Town) -> None:
    case, _meeting = await begun(town, after=HOUR)
    of = await duties(town, case)
    await register(
        town,
        case,
        {"health": NOTICE, "counsel": LATE},
        reports=frozenset({of["health"]}),
        treated=frozenset({"guardian", "lawyer", "not on the agenda"}),
    )
    file = await town.file(case.id)
    assert file.duty(of["health"]).written_report
    assert not file.duty(of["police"]).written_report
    assert roll_call.treated(file, file.meetings[0]) == ["guardian", "lawyer"]
    assert town.told(Kind.MINUTES) == {None, "coordinator", "officer", "caseworker", "both"}
    assert not town.told(Kind.ABSENCE)


async def test_a_report_of_an_agency_that_came_is_a_slip(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    of = await duties(town, case)
    with pytest.raises(Invalid) as refused:
        await register(town, case, {}, reports=frozenset({of["health"]}))
    assert refused.value.problems[0].where == "reports"


async def test_why_too_few_went_on_can_be_told_with_the_register(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    absent = {"welfare": NOTICE, "health": NOTICE}
    await register(town, case, absent, quorum_reason=QuorumReason.ENOUGH_FOR_NOW)
    assert (await town.meeting(case.id)).quorum_reason is QuorumReason.ENOUGH_FOR_NOW


async def test_with_enough_there_is_no_reason_to_keep(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    await register(town, case, {}, quorum_reason=QuorumReason.ENOUGH_FOR_NOW)
    assert (await town.meeting(case.id)).quorum_reason is None


async def test_a_correction_is_kept_beside_what_was_registered(town: Town) -> None:
    case, meeting = await begun(town, after=HOUR)
    of = await duties(town, case)
    await register(town, case, {"health": NO_NOTICE})
    posted = await town.posted(case.id, Kind.MINUTES, meeting.id, "officer")
    right = dict.fromkeys(of.values(), PRESENT) | {of["health"]: NOTICE}
    command = CorrectAttendance(meeting.id, 0, right, frozenset({of["health"]}))
    with pytest.raises(ChairsOnly):
        await town.do(correct_attendance, "officer", command)
    await town.do(correct_attendance, "coordinator", command)
    assert posted.key in {i.key for i in town.left}
    file = await town.file(case.id)
    (made,) = file.corrections
    assert (made.was, made.became, made.had_report, made.has_report) == (NO_NOTICE, NOTICE, False, True)
    assert (made.corrected_by, made.corrected_at) == ("coordinator", town.clock.now())
    assert file.duty(of["health"]).attendance is NOTICE
    with pytest.raises(Overtaken):
        await town.do(correct_attendance, "coordinator", command)
    await town.do(correct_attendance, "coordinator", replace(command, seen=1))
    assert len((await town.file(case.id)).corrections) == 1, "nothing was wrong"
    with pytest.raises(Invalid):
        await town.do(correct_attendance, "coordinator", CorrectAttendance(meeting.id, 1, {}))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    with pytest.raises(CaseIsClosed):
        await town.do(correct_attendance, "coordinator", replace(command, seen=1))


async def test_only_what_is_registered_is_corrected(town: Town) -> None:
    _, meeting = await begun(town, after=HOUR)
    with pytest.raises(NoLongerAsked):
        await town.do(correct_attendance, "coordinator", CorrectAttendance(meeting.id, 0, {}))


async def test_the_next_meeting_makes_the_minutes_current(town: Town) -> None:
    case, meeting = await begun(town, after=HOUR)
    await register(town, case, {})
    posted = await town.posted(case.id, Kind.MINUTES, meeting.id, "officer")
    called = await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(DAY)))
    assert posted.key in {i.key for i in town.left}
    await town.do(cancel_meeting, "coordinator", CancelMeeting(called.id))
    assert posted.key in {i.key for i in town.left}


# --- who stays away ---


async def test_an_agency_that_stays_away_is_asked_why_and_its_leader_told(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    of = await duties(town, case)
    await register(town, case, {"welfare": NO_NOTICE, "counsel": NO_NOTICE})
    asked = {(i.kind, i.subject, i.recipient) for i in town.left}
    assert (Kind.ABSENCE_REASON, of["welfare"], "caseworker") in asked
    assert (Kind.ABSENCE_TOLD, of["welfare"], "head") in asked
    assert {(Kind.ABSENCE, of[a], "coordinator") for a in ("welfare", "counsel")} <= asked
    assert "lawyer" not in {recipient for _, _, recipient in asked}
    assert not town.told(Kind.DIRECTOR_TEXT)
    explain = ExplainAbsence(of["welfare"], DeclineReason.ILLNESS)
    for nobody in ("head", "officer", "stranger", "deputy-coordinator"):
        with pytest.raises(NotAllowed):
            await town.do(explain_absence, nobody, explain)
    with pytest.raises(NoLongerAsked):
        await town.do(explain_absence, "coordinator", ExplainAbsence(of["police"], DeclineReason.ILLNESS))
    with pytest.raises(NotAllowed):
        await town.do(explain_absence, "coordinator", ExplainAbsence("no-duty", DeclineReason.ILLNESS))
    await town.do(explain_absence, "caseworker", explain)
    await town.do(explain_absence, "coordinator", ExplainAbsence(of["counsel"], DeclineReason.COURT))
    file = await town.file(case.id)
    reasons = {a: file.duty(of[a]).absence_reason for a in ("welfare", "counsel", "police")}
    assert reasons == {"welfare": DeclineReason.ILLNESS, "counsel": DeclineReason.COURT, "police": None}


async def test_a_lead_who_has_not_confirmed_is_asked_too(town: Town) -> None:
    case = await town.open("police", "welfare")
    meeting = await town.meeting(case.id)
    town.clock.time = meeting.starts_at + HOUR
    await register(town, case, {"welfare": NO_NOTICE})
    assert town.told(Kind.ABSENCE_REASON) == {"caseworker"}
    of = await duties(town, case)
    await town.do(explain_absence, "caseworker", ExplainAbsence(of["welfare"], DeclineReason.LEAVE))


async def test_a_shelter_and_its_people_are_never_written_to(town: Town) -> None:
    case = await town.open("police", "shelter")
    town.clock.time = (await town.meeting(case.id)).starts_at + HOUR
    await register(town, case, {"shelter": NO_NOTICE})
    assert town.told(Kind.ABSENCE_REASON) == set()
    assert "keeper" not in {i.recipient for i in town.left}
    of = await duties(town, case)
    with pytest.raises(NotAllowed):
        await town.do(explain_absence, "keeper", ExplainAbsence(of["shelter"], DeclineReason.LEAVE))


async def twice(town: Town, first: Attendance, second: Attendance, *, between: bool = False) -> list[Intent]:
    """The police at a meeting of one case, then of another; `between`: they come to one in between."""
    for attendance in (first, *([PRESENT] if between else []), second):
        case = await town.open("police", "health")
        town.clock.time = (await town.meeting(case.id)).starts_at + HOUR
        await register(town, case, {"police": attendance})
    return [i for i in town.left if i.kind is Kind.DIRECTOR_TEXT]


async def test_a_second_time_in_a_row_offers_a_text_also_across_cases(town: Town) -> None:
    (offered,) = await twice(town, NO_NOTICE, NO_NOTICE)
    assert offered.recipient == "coordinator"
    assert offered.mark.isdecimal()


@pytest.mark.parametrize(
    ("first", "second", "between"),
    [(NOTICE, NO_NOTICE, False), (NO_NOTICE, NOTICE, False), (NO_NOTICE, NO_NOTICE, True)],
)
async def test_not_in_a_row_offers_nothing(
    town: Town, first: Attendance, second: Attendance, between: bool
) -> None:
    assert await twice(town, first, second, between=between) == []


async def test_what_was_wrong_is_taken_back_and_what_was_missed_is_told(town: Town) -> None:
    case, meeting = await begun(town, after=HOUR)
    of = await duties(town, case)
    await register(town, case, {"welfare": NO_NOTICE})
    asked = await town.posted(case.id, Kind.ABSENCE_REASON, of["welfare"], "caseworker")
    await town.do(explain_absence, "caseworker", ExplainAbsence(of["welfare"], DeclineReason.ILLNESS))
    right = dict.fromkeys(of.values(), PRESENT) | {of["health"]: NO_NOTICE}
    await town.do(correct_attendance, "coordinator", CorrectAttendance(meeting.id, 0, right))
    assert asked.key in {i.key for i in town.left}
    assert "both" in town.told(Kind.ABSENCE_REASON)
    assert (await town.file(case.id)).duty(of["welfare"]).absence_reason is None


# --- closing, and how long a meeting may be ---


async def test_a_case_is_not_closed_over_a_meeting_that_was_held(town: Town) -> None:
    case, _meeting = await begun(town, after=HOUR)
    before = await town.dump()
    with pytest.raises(RegisterFirst):
        await town.do(close_case, "coordinator", CloseCase(case.id))
    assert await town.dump() == before
    await register(town, case, {})
    await town.do(close_case, "coordinator", CloseCase(case.id))


async def test_a_meeting_of_which_nothing_came_is_called_off_and_the_case_closed(town: Town) -> None:
    case, meeting = await begun(town, after=DAY)
    await town.do(cancel_meeting, "coordinator", CancelMeeting(meeting.id))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert (await town.file(case.id)).meetings[0].cancelled_at is not None


@pytest.mark.parametrize(("hours", "allowed"), [(8, True), (8.5, False), (24, False)])
async def test_a_meeting_lasts_a_working_day_at_most(town: Town, hours: float, allowed: bool) -> None:
    case = await town.open("police")
    plan = town.plan(DAY)
    plan = replace(plan, ends_at=plan.starts_at + timedelta(hours=hours))
    if allowed:
        await town.do(call_meeting, "coordinator", CallMeeting(case.id, plan))
        return
    with pytest.raises(Invalid) as refused:
        await town.do(call_meeting, "coordinator", CallMeeting(case.id, plan))
    assert [(p.where, p.code) for p in refused.value.problems] == [("minutes", "invalid.meeting-too-long")]


async def test_an_agency_that_was_only_expected_has_no_duty_and_is_told_nothing(town: Town) -> None:
    case = await town.open("police", choice("health", expected=True))
    town.clock.time = (await town.meeting(case.id)).starts_at + HOUR
    await register(town, case, {})
    assert "both" not in town.told(Kind.MINUTES)
