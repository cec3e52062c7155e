"""«Ført etterpå»: what was agreed on the telephone, entered with the register at its own time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.case.duty import Measure
from bot.domain.case.entities import Answer, Attendance, Via
from bot.domain.errors import Invalid, NotAllowed
from bot.domain.report.figures import tally
from bot.usecases.answers import RecordAnswer, record_answer
from bot.usecases.attendance.register import CorrectAttendance, correct_attendance
from bot.usecases.attendance.roll_call import NameChair, name_chair
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from tests.bot.cast import HOUR, slack
from tests.bot.usecases.attendance.held_meetings import MINUTE, NOTICE, PRESENT, begun, duties, register
from tests.bot.usecases.town import Town

NOT_REACHED = Attendance.NOT_REACHED


async def test_who_was_rung_counts_as_having_answered_then_and_come(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    asked = await town.ask(case.id, "lawyer")
    spoken = asked.asked_at + 20 * MINUTE
    await register(town, case, {"health": NOTICE}, calls={asked.id: spoken})
    ask, seat = await town.ask(case.id, "lawyer"), await town.seat(case.id, "lawyer")
    assert (seat.acknowledged_at, seat.acknowledged_via) == (spoken, Via.PHONE)
    assert (ask.answer, ask.answered_at, ask.told_at, ask.told_via) == (
        *(Answer.CONFIRMED, spoken, spoken),
        Via.PHONE,
    )
    counted = {m for agency, _, m in tally(await town.file(case.id)) if agency == "counsel"}
    assert counted == {
        Measure.SUMMONED,
        Measure.PRESENT,
        Measure.ANSWERED_IN_1_HOUR,
        Measure.CONFIRMED_IN_TIME,
    }


async def test_an_agency_that_came_has_confirmed_taushetsplikt_first(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    counsel = (await duties(town, case))["counsel"]
    with pytest.raises(Invalid) as refused:
        await register(town, case, {}, calls={})
    assert [(p.where, p.code) for p in refused.value.problems] == [(counsel, "invalid.came-unconfirmed")]
    await register(town, case, {"counsel": NOT_REACHED}, calls={})
    of = await duties(town, case)
    meeting = await town.meeting(case.id)
    came = dict.fromkeys(of.values(), PRESENT)
    with pytest.raises(Invalid):
        await town.do(correct_attendance, "coordinator", CorrectAttendance(meeting.id, 0, came))
    ask = await town.ask(case.id, "lawyer")
    calls = {ask.id: ask.asked_at}
    await town.do(correct_attendance, "coordinator", CorrectAttendance(meeting.id, 0, came, calls=calls))
    assert (await town.seat(case.id, "lawyer")).acknowledged_at == ask.asked_at


async def test_who_said_on_the_telephone_that_nobody_can_come_is_away_with_notice(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    asked = await town.ask(case.id, "lawyer")
    await register(town, case, {"counsel": NOTICE}, calls={asked.id: asked.asked_at + MINUTE})
    assert (await town.ask(case.id, "lawyer")).answer is Answer.DECLINED


async def test_a_call_after_the_meeting_began_is_no_answer_to_it(town: Town) -> None:
    case, meeting = await begun(town, after=HOUR)
    asked = await town.ask(case.id, "lawyer")
    await register(town, case, {}, calls={asked.id: meeting.starts_at + MINUTE})
    ask = await town.ask(case.id, "lawyer")
    assert (ask.answer, ask.told_via) == (None, Via.PHONE)


@pytest.mark.parametrize("by", [2 * HOUR, -timedelta(days=3)])
async def test_a_time_that_cannot_be_is_said_at_its_field(town: Town, by: timedelta) -> None:
    case, meeting = await begun(town, after=HOUR)
    asked = await town.ask(case.id, "lawyer")
    with pytest.raises(Invalid) as refused:
        await register(town, case, {}, calls={asked.id: meeting.starts_at + by})
    assert refused.value.problems[0].where == f"call:{asked.id}"


async def test_whoever_was_spoken_to_was_reached_and_a_call_is_of_this_meeting(town: Town) -> None:
    case, _ = await begun(town, after=HOUR)
    asked = await town.ask(case.id, "lawyer")
    with pytest.raises(Invalid):
        await register(town, case, {"counsel": NOT_REACHED}, calls={asked.id: asked.asked_at})
    with pytest.raises(NotAllowed):
        await register(town, case, {}, calls={"elsewhere": asked.asked_at})


async def test_before_the_meeting_too_it_is_entered_at_its_own_time(town: Town) -> None:
    case = await town.open("police", "counsel")
    spoken = town.clock.time + 5 * MINUTE
    town.clock.move(2 * HOUR)
    seat = await town.seat(case.id, "lawyer")
    record = RecordAcknowledgement(seat.id, Via.PHONE, spoken)
    await town.do(record_acknowledgement, "coordinator", record)
    asked = await town.ask(case.id, "lawyer")
    answer = RecordAnswer(asked.id, Via.PHONE, Answer.CONFIRMED, at=spoken)
    await town.do(record_answer, "coordinator", answer)
    assert (await town.seat(case.id, "lawyer")).acknowledged_at == spoken
    ask = await town.ask(case.id, "lawyer")
    assert (ask.answered_at, ask.first_answered_at, ask.told_at) == (spoken, spoken, spoken)
    ahead = RecordAnswer(asked.id, Via.PHONE, Answer.CONFIRMED, at=town.clock.time + HOUR)
    with pytest.raises(Invalid):
        await town.do(record_answer, "coordinator", ahead)


async def test_whoever_merely_chairs_the_meeting_records_nobodys_taushetsplikt(town: Town) -> None:
    case, meeting = await begun(town, after=HOUR)
    await town.do(name_chair, "coordinator", NameChair(meeting.id, slack("officer")))
    asked = await town.ask(case.id, "lawyer")
    with pytest.raises(NotAllowed):
        await register(town, case, {}, "officer", calls={asked.id: asked.asked_at})
    with pytest.raises(Invalid) as refused:
        await register(town, case, {}, "officer", calls={})
    assert [p.code for p in refused.value.problems] == ["invalid.came-unrecorded"]
    assert not (await town.seat(case.id, "lawyer")).confirmed
