"""The register and its corrections, what follows when an agency stays away, and closing a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import attendance as attendance_rules
from bot.domain.case.entities import Attendance, DeclineReason, QuorumReason
from bot.domain.errors import (
    CaseIsClosed,
    ChairsOnly,
    Invalid,
    NoLongerAsked,
    NotAllowed,
    Overtaken,
    RegisterFirst,
)
from bot.domain.notification_params import At
from bot.domain.notifications import Kind, Notification
from bot.usecases.attendance.absences import ExplainAbsence, explain_absence
from bot.usecases.attendance.register import CorrectAttendance, correct_attendance, meeting_over
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import CallMeeting, CancelMeeting, call_meeting, cancel_meeting
from tests.bot.cast import DAY, HOUR, choice
from tests.bot.usecases.attendance.held_meetings import (
    LATE,
    NO_NOTICE,
    NOTICE,
    PRESENT,
    begun,
    duties,
    register,
)
from tests.bot.usecases.town import Town


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
    assert attendance_rules.treated(file, file.meetings[0]) == ["guardian", "lawyer"]
    assert town.told(Kind.MINUTES) == {None, "coordinator"}, "the counsel, who was rung, reads no room"
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
    posted = await town.posted(case.id, Kind.MINUTES, meeting.id, "coordinator")
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
    posted = await town.posted(case.id, Kind.MINUTES, meeting.id, "coordinator")
    called = await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(DAY)))
    assert posted.key in {i.key for i in town.left}
    await town.do(cancel_meeting, "coordinator", CancelMeeting(called.id))
    assert posted.key in {i.key for i in town.left}
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(DAY)))
    in_room = await town.posted(case.id, Kind.MINUTES, meeting.id, None)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert in_room.key in {i.key for i in town.left}, "no meeting follows any more"


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
    explain = ExplainAbsence(of["welfare"], DeclineReason.AWAY)
    for nobody in ("head", "officer", "stranger", "deputy-coordinator"):
        with pytest.raises(NotAllowed):
            await town.do(explain_absence, nobody, explain)
    with pytest.raises(NoLongerAsked):
        await town.do(explain_absence, "coordinator", ExplainAbsence(of["police"], DeclineReason.AWAY))
    with pytest.raises(NotAllowed):
        await town.do(explain_absence, "coordinator", ExplainAbsence("no-duty", DeclineReason.AWAY))
    await town.do(explain_absence, "caseworker", explain)
    await town.do(explain_absence, "coordinator", ExplainAbsence(of["counsel"], DeclineReason.COURT))
    file = await town.file(case.id)
    reasons = {a: file.duty(of[a]).absence_reason for a in ("welfare", "counsel", "police")}
    assert reasons == {"welfare": DeclineReason.AWAY, "counsel": DeclineReason.COURT, "police": None}


async def test_nobody_says_why_while_the_agency_may_still_come(town: Town) -> None:
    case, meeting = await begun(town, after=HOUR / 6)
    of = await duties(town, case)
    await register(town, case, {"welfare": NO_NOTICE})
    assert not town.told(Kind.ABSENCE_REASON)
    explain = ExplainAbsence(of["welfare"], DeclineReason.AWAY)
    with pytest.raises(NoLongerAsked):
        await town.do(explain_absence, "caseworker", explain)
    town.clock.time = meeting.ends_at
    await town.run(lambda uow: meeting_over(uow, meeting.id))
    assert town.told(Kind.ABSENCE_REASON) == {"caseworker"}
    await town.do(explain_absence, "caseworker", explain)


async def test_a_lead_who_has_not_confirmed_is_asked_too(town: Town) -> None:
    case = await town.open("police", "welfare")
    meeting = await town.meeting(case.id)
    town.clock.time = meeting.starts_at + HOUR
    await register(town, case, {"welfare": NO_NOTICE})
    assert town.told(Kind.ABSENCE_REASON) == {"caseworker"}
    of = await duties(town, case)
    await town.do(explain_absence, "caseworker", ExplainAbsence(of["welfare"], DeclineReason.AWAY))


async def test_a_shelter_and_its_people_are_never_written_to(town: Town) -> None:
    case = await town.open("police", "shelter")
    town.clock.time = (await town.meeting(case.id)).starts_at + HOUR
    await register(town, case, {"shelter": NO_NOTICE})
    assert town.told(Kind.ABSENCE_REASON) == set()
    assert "keeper" not in {i.recipient for i in town.left}
    of = await duties(town, case)
    with pytest.raises(NotAllowed):
        await town.do(explain_absence, "keeper", ExplainAbsence(of["shelter"], DeclineReason.AWAY))


async def twice(
    town: Town, first: Attendance, second: Attendance, *, between: bool = False
) -> list[Notification]:
    """The police at a meeting of one case, then of another; `between`: they come to one in between."""
    for attendance in (first, *([PRESENT] if between else []), second):
        case = await town.open("police", "health")
        town.clock.time = (await town.meeting(case.id)).starts_at + HOUR
        await register(town, case, {"police": attendance})
    return [i for i in town.left if i.kind is Kind.DIRECTOR_TEXT]


async def test_a_second_time_in_a_row_offers_a_text_also_across_cases(town: Town) -> None:
    (offered,) = await twice(town, NO_NOTICE, NO_NOTICE)
    assert offered.recipient == "coordinator"
    assert offered.params_as(At).at < town.clock.now()


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
    await town.do(explain_absence, "caseworker", ExplainAbsence(of["welfare"], DeclineReason.AWAY))
    right = dict.fromkeys(of.values(), PRESENT) | {of["health"]: NO_NOTICE}
    await town.do(correct_attendance, "coordinator", CorrectAttendance(meeting.id, 0, right))
    assert asked.key in {i.key for i in town.left}
    assert "both" in town.told(Kind.ABSENCE_REASON)
    assert (await town.file(case.id)).duty(of["welfare"]).absence_reason is None


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
