"""Confirming taushetsplikt, passing on, answering, sending a deputy; recorded for who is not on Slack."""

from __future__ import annotations

import pytest

from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Answer, Ask, Attendance, DeclineReason, SeatEnd, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.domain.errors import Invalid, NoLongerAsked, NotAColleague, NotAllowed, Overtaken, TooLate
from bot.domain.notification_params import PlannedFor
from bot.domain.notifications import Kind
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer, see_deputies
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.involvement.acknowledgement import (
    Acknowledge,
    PassOn,
    RecordAcknowledgement,
    acknowledge,
    pass_on,
    record_acknowledgement,
    see_colleagues,
)
from bot.usecases.meeting import CallMeeting, call_meeting
from tests.bot.cast import DAY, HOUR, T0
from tests.bot.usecases.town import Town, roles, spoken_with

YES, NO, COURT = Answer.CONFIRMED, Answer.DECLINED, DeclineReason.COURT


async def state(town: Town, case_id: str, agency_id: str) -> DutyState:
    file = await town.file(case_id)
    part = file.involvement_of_agency(agency_id)
    assert part is not None
    (duty,) = [d for d in file.duties_of(file.meetings[-1].id) if d.involvement_id == part.id]
    return duty_state(file, duty)


def live(file: CaseFile, person_id: str) -> list[Ask]:
    return [a for a in file.asks if a.live and a.person_id == person_id]


async def test_confirming_opens_the_room_and_brings_the_summons(town: Town) -> None:
    case = await town.open("police", "health")
    assert not town.told(Kind.SUMMONS)
    await town.confirm(case.id, "officer")
    assert (await town.file(case.id)).room_people() == {"coordinator", "officer"}
    assert town.told(Kind.ACKNOWLEDGEMENT) == town.told(Kind.INVITE) == {"officer"}
    assert not town.told(Kind.SUMMONS), "it stands where the question stood"
    assert "officer" in town.told(Kind.MEETING_SOON)
    before = await town.dump()
    seat = await town.seat(case.id, "officer")
    await town.do(acknowledge, "officer", Acknowledge(seat.id))
    assert await town.dump() == before, "twice is once"
    assert town.left == []


async def test_a_reminder_in_which_somebody_says_no_is_brought_in_line(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    meeting = await town.meeting(case.id)
    await town.answer(case.id, "officer", YES)
    told = PlannedFor("before1", T0)
    posted = await town.posted(case.id, Kind.MEETING_SOON, meeting.id, "officer", told)
    await town.answer(case.id, "officer", NO, reason=COURT)
    assert posted.key in {i.key for i in town.left}


async def test_whoever_is_in_for_two_agencies_confirms_for_each(town: Town) -> None:
    case = await town.open("health", "social")
    health, social = [await town.seat(case.id, "both", agency) for agency in ("health", "social")]
    await town.do(acknowledge, "both", Acknowledge(health.id))
    file = await town.file(case.id)
    assert "both" in file.room_people()
    assert file.awaits_confidentiality(await town.ask(case.id, "both", "social"))
    await town.do(acknowledge, "both", Acknowledge(social.id))
    assert (await town.seat(case.id, "both", "social")).confirmed


async def test_a_coordinator_who_is_also_a_contact_is_two_people_with_one_room(town: Town) -> None:
    case = await town.open("follow-up")
    file = await town.file(case.id)
    assert roles(file, "deputy-coordinator") == {SeatRole.COORDINATOR, SeatRole.AGENCY}
    mine = next(s for s in file.seats_of("deputy-coordinator") if s.role is SeatRole.AGENCY)
    await town.do(acknowledge, "deputy-coordinator", Acknowledge(mine.id))
    file = await town.file(case.id)
    assert "deputy-coordinator" in file.room_people()
    assert file.confirmed_coordinators() == ["coordinator"]
    await town.confirm(case.id, "deputy-coordinator")
    assert len((await town.file(case.id)).confirmed_coordinators()) == 2


async def test_it_is_recorded_also_for_those_on_slack_and_opens_the_room_to_them(
    town: Town,
) -> None:
    case = await town.open("police", "counsel", "shelter")
    for person in ("lawyer", "keeper"):
        seat = await town.seat(case.id, person)
        command = RecordAcknowledgement(seat.id, Via.PHONE)
        await town.do(record_acknowledgement, "coordinator", command)
        assert (await town.seat(case.id, person)).acknowledged_by == "coordinator"
        with pytest.raises(Overtaken):
            await town.do(record_acknowledgement, "coordinator", command)
    assert (await town.file(case.id)).room_people() == {"coordinator"}
    officers = await town.seat(case.id, "officer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(officers.id, Via.PHONE))
    assert (await town.file(case.id)).room_people() == {"coordinator", "officer"}


async def test_a_shelters_person_answers_through_the_coordinator_even_with_a_forged_button(
    town: Town,
) -> None:
    case = await town.open("shelter", "police")
    seat, ask = await town.seat(case.id, "keeper"), await town.ask(case.id, "keeper")
    with pytest.raises(NotAllowed):
        await town.do(acknowledge, "keeper", Acknowledge(seat.id))
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.IN_PERSON))
    with pytest.raises(NotAllowed):
        await town.do(answer_summons, "keeper", AnswerSummons(ask.id, YES))
    await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE, YES))
    assert await state(town, case.id, "shelter") is DutyState.CONFIRMED
    assert "keeper" not in {i.recipient for i in town.left}


async def test_passing_on_moves_seat_and_question_to_a_colleague_of_the_same_agency(town: Town) -> None:
    case = await town.open("police")
    seat, ask = await town.seat(case.id, "officer"), await town.ask(case.id, "officer")
    posted = await town.posted(case.id, Kind.ACKNOWLEDGEMENT, seat.id, "officer")
    town.clock.move(HOUR / 2)
    await town.do(pass_on, "officer", PassOn(seat.id, "police:sergeant"))
    file = await town.file(case.id)
    assert (await town.seat(case.id, "officer")).end is SeatEnd.PASSED_ON
    assert live(file, "officer") == []
    (asked,) = live(file, "sergeant")
    assert (asked.duty_id, asked.deputy_for) == (ask.duty_id, None)
    assert asked.window_ends_at == asked.asked_at + HOUR
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"sergeant", "officer"}, "and the old message is made current"
    assert posted.key in {i.key for i in town.left}
    assert {i.subject for i in town.left if i.kind is Kind.ESCALATION} == {asked.id}
    with pytest.raises(NoLongerAsked):
        await town.do(pass_on, "officer", PassOn(seat.id, "police:detective"))


async def test_passing_on_is_for_the_unconfirmed_and_for_colleagues(town: Town) -> None:
    case = await town.open("police", "counsel", "health", "social")
    seat = await town.seat(case.id, "officer")
    for contact in ("counsel:lawyer", "police:officer", "nobody"):
        with pytest.raises(NotAColleague):
            await town.do(pass_on, "officer", PassOn(seat.id, contact))
    *_, colleagues = await town.do(see_colleagues, "officer", seat.id)
    assert [c.person_id for c in colleagues] == ["chief", "sergeant", "detective"]
    await town.confirm(case.id, "officer")
    with pytest.raises(NoLongerAsked):
        await town.do(pass_on, "officer", PassOn(seat.id, "police:sergeant"))
    coordinators = await town.seat(case.id, "deputy-coordinator")
    with pytest.raises(NoLongerAsked):
        await town.do(pass_on, "deputy-coordinator", PassOn(coordinators.id, "police:sergeant"))
    social = await town.seat(case.id, "both", "social")
    await town.do(pass_on, "both", PassOn(social.id, "social:clerk"))
    assert [a.duty_id for a in live(await town.file(case.id), "both")] == [
        (await town.ask(case.id, "both", "health")).duty_id
    ], "what the person is asked for another agency stays"


async def test_an_answer_can_be_changed_until_the_meeting(town: Town) -> None:
    case = await town.open("police", after=3 * HOUR)
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", YES)
    assert await state(town, case.id, "police") is DutyState.CONFIRMED
    assert not town.told(Kind.CALL_LIST)
    await town.answer(case.id, "officer", NO, reason=COURT)
    assert town.told(Kind.CALL_LIST) == {"coordinator"}
    ask = await town.ask(case.id, "officer")
    assert (ask.answer, ask.reason, ask.answered_by) == (NO, COURT, "officer")
    await town.answer(case.id, "officer", YES)
    assert (await town.ask(case.id, "officer")).reason is None
    town.clock.move(3 * HOUR)
    with pytest.raises(TooLate):
        await town.answer(case.id, "officer", NO, reason=COURT)


async def test_what_an_answer_needs(town: Town) -> None:
    case = await town.open("police", "counsel")
    ask = await town.ask(case.id, "officer")
    with pytest.raises(NoLongerAsked):
        await town.do(answer_summons, "officer", AnswerSummons(ask.id, YES))
    with pytest.raises(NoLongerAsked):
        await town.do(see_deputies, "officer", ask.id)
    await town.confirm(case.id, "officer")
    for deputy in ("police:officer", "counsel:lawyer", "nobody"):
        with pytest.raises(NotAColleague):
            await town.answer(case.id, "officer", NO, reason=COURT, deputy=deputy)
    await town.run(lambda uow: uow.change(uow.find(type(ask), id=ask.id)[0], withdrawn_at=uow.now))
    with pytest.raises(NoLongerAsked):
        await town.answer(case.id, "officer", YES)


async def test_a_forfall_needs_no_reason(town: Town) -> None:
    case = await town.open("police", "counsel")
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", NO)
    ask = await town.ask(case.id, "officer")
    assert (ask.answer, ask.reason) == (NO, None)
    assert await state(town, case.id, "police") is DutyState.DECLINED
    rung = await town.ask(case.id, "lawyer")
    await town.do(record_answer, "coordinator", RecordAnswer(rung.id, Via.PHONE, NO, acknowledged=True))
    assert (await town.ask(case.id, "lawyer")).answer is NO


async def test_an_answer_is_recorded_after_taushetsplikt_also_for_those_on_slack(town: Town) -> None:
    case = await town.open("police", "counsel")
    ask = await town.ask(case.id, "lawyer")
    with pytest.raises(Invalid):
        await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE, YES))
    await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE))
    told = await town.ask(case.id, "lawyer")
    assert (told.told_via, told.answer) == (Via.PHONE, None)
    assert await state(town, case.id, "counsel") is DutyState.MUST_BE_CALLED
    seat = await town.seat(case.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    declined = RecordAnswer(ask.id, Via.PHONE, NO, COURT, "counsel:partner")
    await town.do(record_answer, "coordinator", declined)
    assert town.told(Kind.CALL_LIST) == {"coordinator"}
    assert await state(town, case.id, "counsel") is DutyState.MUST_BE_CALLED, "now it is the deputy"
    officers = await town.ask(case.id, "officer")
    with pytest.raises(Invalid):
        await town.do(record_answer, "coordinator", RecordAnswer(officers.id, Via.PHONE, YES))
    seat = await town.seat(case.id, "officer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    assert town.told(Kind.SUMMONS) == town.told(Kind.ACKNOWLEDGEMENT) == {"officer"}
    await town.do(record_answer, "coordinator", RecordAnswer(officers.id, Via.PHONE, YES))
    assert await state(town, case.id, "police") is DutyState.CONFIRMED
    assert (await town.ask(case.id, "officer")).answered_by == "coordinator"


async def _with_deputy(town: Town, deputy: str = "sergeant") -> str:
    case = await town.open("police", "health", after=4 * DAY)
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", NO, reason=COURT, deputy=f"police:{deputy}")
    return case.id


async def test_a_deputy_is_asked_in_turn_with_taushetsplikt_first_and_a_seat_for_one_meeting(
    town: Town,
) -> None:
    case_id = await _with_deputy(town)
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"sergeant"}
    assert not town.told(Kind.CALL_LIST)
    assert "sergeant" not in town.told(Kind.SUMMONS)
    seat = await town.seat(case_id, "sergeant")
    assert (seat.role, seat.meeting_id) == (SeatRole.DEPUTY, (await town.meeting(case_id)).id)
    await town.confirm(case_id, "sergeant")
    await town.answer(case_id, "sergeant", YES)
    assert await state(town, case_id, "police") is DutyState.DEPUTY_CONFIRMED
    assert {"officer", "sergeant"} <= (await town.file(case_id)).room_people()
    await town.register(case_id)
    file = await town.file(case_id)
    assert "sergeant" not in file.room_people()
    assert "officer" in file.room_people()
    assert town.told(Kind.PART_OVER) == {"sergeant"}


async def test_sending_the_same_form_again_changes_nothing_for_the_deputy(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant")
    before = await town.ask(case_id, "sergeant")
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    assert await town.ask(case_id, "sergeant") == before
    await town.answer(case_id, "officer", NO, reason=DeclineReason.ILLNESS)
    assert await town.ask(case_id, "sergeant") == before


async def test_coming_after_all_withdraws_the_deputy_and_the_deputys_deputy(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant")
    await town.answer(case_id, "sergeant", NO, reason=COURT, deputy="police:detective")
    await town.confirm(case_id, "detective")
    await town.answer(case_id, "officer", YES)
    file = await town.file(case_id)
    assert live(file, "sergeant") == live(file, "detective") == []
    assert file.room_people() == {"coordinator", "officer"}
    assert (await town.seat(case_id, "detective")).end is SeatEnd.NOT_NEEDED
    assert await state(town, case_id, "police") is DutyState.CONFIRMED


async def test_another_deputy_replaces_the_first_and_theirs(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant")
    await town.answer(case_id, "sergeant", NO, reason=COURT)
    assert town.told(Kind.CALL_LIST) == {"coordinator"}, "a deputy who cannot come either"
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:detective")
    file = await town.file(case_id)
    assert live(file, "sergeant") == []
    assert len(live(file, "detective")) == 1
    assert roles(file, "sergeant") == set()


async def test_a_deputy_passes_on_and_the_colleague_has_the_seat_for_that_meeting(town: Town) -> None:
    case_id = await _with_deputy(town)
    seat = await town.seat(case_id, "sergeant")
    await town.do(pass_on, "sergeant", PassOn(seat.id, "police:detective"))
    assert roles(await town.file(case_id), "detective") == set(), "another deputy, to be approved"
    await town.approve(case_id)
    file = await town.file(case_id)
    (ask,) = live(file, "detective")
    assert ask.deputy_for == (await town.ask(case_id, "officer")).id
    assert roles(file, "detective") == {SeatRole.DEPUTY}
    assert (await town.seat(case_id, "sergeant")).end is SeatEnd.PASSED_ON
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"detective"}


async def _deputy_twice(town: Town) -> str:
    case_id = await _with_deputy(town)
    await town.do(call_meeting, "coordinator", CallMeeting(case_id, town.plan(6 * DAY)))
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    return case_id


async def test_a_deputy_at_two_meetings_has_two_seats_and_confirms_once(town: Town) -> None:
    case_id = await _deputy_twice(town)
    file = await town.file(case_id)
    assert len(file.seats_of("sergeant")) == 2
    await town.do(acknowledge, "sergeant", Acknowledge(file.seats_of("sergeant")[0].id))
    assert all(s.confirmed for s in (await town.file(case_id)).seats_of("sergeant"))
    first = file.meetings[0]
    town.clock.time = first.starts_at
    duties = file.duties_of(first.id)
    came = {d.id: Attendance.DEPUTY_PRESENT for d in duties}
    calls = spoken_with(await town.file(case_id), came)
    await town.do(register_attendance, "coordinator", RegisterAttendance(first.id, came, calls=calls))
    assert "sergeant" in (await town.file(case_id)).room_people(), "the second meeting is ahead"
    await town.answer(case_id, "sergeant", YES)
    assert await state(town, case_id, "police") is DutyState.DEPUTY_CONFIRMED


async def test_a_deputy_who_has_confirmed_is_not_asked_to_again_for_another_meeting(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant")
    await town.do(call_meeting, "coordinator", CallMeeting(case_id, town.plan(6 * DAY)))
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    assert not town.told(Kind.ACKNOWLEDGEMENT)
    assert "sergeant" in town.told(Kind.SUMMONS)
    assert all(s.confirmed for s in (await town.file(case_id)).seats_of("sergeant"))


async def test_passing_one_meeting_on_keeps_the_other(town: Town) -> None:
    case_id = await _deputy_twice(town)
    first = (await town.file(case_id)).meetings[0]
    seat = next(s for s in (await town.file(case_id)).seats_of("sergeant") if s.meeting_id == first.id)
    await town.do(pass_on, "sergeant", PassOn(seat.id, "police:detective"))
    file = await town.file(case_id)
    assert [a.meeting_id for a in live(file, "detective")] == [first.id]
    assert [a.meeting_id for a in live(file, "sergeant")] == [file.meetings[1].id]
    other = next(s for s in file.seats_of("sergeant"))
    await town.do(pass_on, "sergeant", PassOn(other.id, "police:detective"))
    await town.approve(case_id)
    assert len((await town.file(case_id)).seats_of("detective")) == 2, "a deputy elsewhere may be one here"


async def test_a_deputy_who_was_let_go_and_is_named_again_does_not_confirm_twice(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant")
    await town.answer(case_id, "officer", YES)
    assert "sergeant" not in (await town.file(case_id)).room_people()
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    assert not town.told(Kind.ACKNOWLEDGEMENT)
    assert "sergeant" in town.told(Kind.SUMMONS)
    assert "sergeant" in (await town.file(case_id)).room_people()


async def test_somebody_who_is_a_deputy_for_two_agencies_keeps_one_when_the_other_is_withdrawn(
    town: Town,
) -> None:
    case = await town.open("health", "social", after=4 * DAY)
    # a colleague at the social services who is a contact of health as well
    await town.run(lambda uow: uow.add(Contact("health:clerk", "health", "clerk", 2)))
    await town.confirm(case.id, "both")
    for agency in ("health", "social"):
        ask = await town.ask(case.id, "both", agency)
        await town.do(answer_summons, "both", AnswerSummons(ask.id, NO, COURT, f"{agency}:clerk"))
    await town.approve(case.id)
    await town.confirm(case.id, "clerk")
    ask = await town.ask(case.id, "both", "health")
    await town.do(answer_summons, "both", AnswerSummons(ask.id, YES))
    file = await town.file(case.id)
    assert "clerk" in file.room_people()
    assert [file.agency_of_ask(a).id for a in live(file, "clerk")] == ["social"]
    await town.do(answer_summons, "both", AnswerSummons((await town.ask(case.id, "both", "social")).id, YES))
    assert "clerk" not in (await town.file(case.id)).room_people()
