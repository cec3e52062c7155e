"""A meeting is moved: who is asked anew, whose forfall stands, and whom a coordinator has to ring."""

from __future__ import annotations

from bot.domain.answers import DutyState, calls, duty_state
from bot.domain.case.entities import Answer, Ask, DeclineReason, Via
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.meeting import MoveMeeting, move_meeting, review_move
from tests.bot.cast import DAY
from tests.bot.usecases.post_room import PostRoom
from tests.bot.usecases.town import Town

YES, NO, COURT = Answer.CONFIRMED, Answer.DECLINED, DeclineReason.COURT


async def state(town: Town, case_id: str, agency_id: str) -> DutyState:
    file = await town.file(case_id)
    part = file.involvement_of_agency(agency_id)
    assert part is not None
    (duty,) = [d for d in file.duties_of(file.meetings[-1].id) if d.involvement_id == part.id]
    return duty_state(file, duty)


def live(file: CaseFile, person_id: str) -> list[Ask]:
    return [a for a in file.asks if a.person_id == person_id and a.live]


async def moves(town: Town, case_id: str, days: int = 5) -> None:
    held = await town.meeting(case_id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(days * DAY)))


async def _named(town: Town) -> str:
    """The officer cannot come, and names the sergeant."""
    case = await town.open("police", "health", after=4 * DAY)
    await town.confirm(case.id, "officer")
    ask = await town.ask(case.id, "officer")
    await town.do(answer_summons, "officer", AnswerSummons(ask.id, NO, COURT, "police:sergeant"))
    return case.id


async def _with_deputy(town: Town) -> str:
    case_id = await _named(town)
    await town.approve(case_id)
    return case_id


async def test_a_move_asks_the_deputy_and_keeps_what_they_have_confirmed(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant", "both")
    await town.answer(case_id, "sergeant", YES)
    await town.answer(case_id, "both", YES)
    held, before = await town.meeting(case_id), await town.ask(case_id, "both")
    later = MoveMeeting(held.id, town.plan(5 * DAY))
    review = await town.do(review_move, "coordinator", later)
    assert {person_id for _, person_id in review.people} == {"sergeant", "both"}
    assert [[a.person_id for a in asks] for asks in (review.deputies, review.told, review.ring)] == [
        ["sergeant"],
        ["officer"],
        [],
    ]
    await town.do(move_meeting, "coordinator", later)
    for person in ("sergeant", "both"):
        ask = await town.ask(case_id, person)
        assert (ask.answer, ask.sequence, ask.asked_at) == (None, 1, town.clock.now())
    assert (await town.ask(case_id, "both")).uid == before.uid
    stands = await town.ask(case_id, "officer")
    assert (stands.answer, stands.reason, stands.sequence) == (NO, COURT, 1), "the forfall stands"
    assert await state(town, case_id, "police") is DutyState.DEPUTY_ASKED
    assert town.told(Kind.SUMMONS) == {"officer", "sergeant", "both"}, "who sent the deputy may have time now"
    assert not town.told(Kind.ACKNOWLEDGEMENT)
    assert "sergeant" in (await town.file(case_id)).room_people()
    await town.answer(case_id, "sergeant", YES)
    assert await state(town, case_id, "police") is DutyState.DEPUTY_CONFIRMED
    await town.answer(case_id, "officer", YES)
    assert await state(town, case_id, "police") is DutyState.CONFIRMED
    assert live(await town.file(case_id), "sergeant") == []


async def test_a_deputy_who_cannot_at_the_new_time_leaves_the_forfall_alone(town: Town) -> None:
    case_id = await _with_deputy(town)
    await town.confirm(case_id, "sergeant")
    for answer in (YES, NO):
        held = await town.meeting(case_id)
        await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
        await town.answer(case_id, "sergeant", answer, reason=COURT if answer is NO else None)
    assert await state(town, case_id, "police") is DutyState.DECLINED
    held = await town.meeting(case_id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(6 * DAY)))
    assert (await town.ask(case_id, "officer")).answer is None, "nobody stands in: they are asked anew"
    assert live(await town.file(case_id), "sergeant") == []


async def test_a_deputy_on_whom_nobody_has_decided_waits_for_the_new_time(town: Town) -> None:
    case_id = await _named(town)
    held = await town.meeting(case_id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
    assert await state(town, case_id, "police") is DutyState.DEPUTY_AWAITS_APPROVAL
    assert town.told(Kind.DEPUTY_APPROVAL) == {"coordinator"}
    assert {i.recipient for i in town.left if i.recipient == "sergeant"} == set()
    await town.approve(case_id)
    assert (await town.ask(case_id, "sergeant")).sequence == 1
    assert await state(town, case_id, "police") is DutyState.DEPUTY_ASKED


async def _told(town: Town, case_id: str, person_id: str, answer: Answer | None) -> None:
    """Somebody is rung: taushetsplikt, and what they said."""
    seat = await town.seat(case_id, person_id)
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    ask = await town.ask(case_id, person_id)
    command = RecordAnswer(ask.id, Via.PHONE, answer, sequence=ask.sequence)
    await town.do(record_answer, "coordinator", command)


async def ringing(town: Town, case_id: str) -> set[str]:
    file = await town.file(case_id)
    return {c.ask.person_id for _, c in calls(file, file.meetings[-1]) if c.ask is not None}


async def test_whoever_was_told_by_telephone_is_rung_again_also_if_they_are_on_slack(town: Town) -> None:
    case = await town.open("police", "counsel", "health", after=4 * DAY)
    await _told(town, case.id, "officer", YES)
    await _told(town, case.id, "lawyer", YES)
    await town.confirm(case.id, "both")
    await town.answer(case.id, "both", YES)
    assert await ringing(town, case.id) == set()
    held = await town.meeting(case.id)
    review = await town.do(review_move, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
    assert {a.person_id for a in review.ring} == {"officer", "lawyer"}
    await moves(town, case.id)
    assert await ringing(town, case.id) == {"officer", "lawyer"}
    assert town.told(Kind.CALL_LIST) == {"coordinator"}
    assert await state(town, case.id, "police") is DutyState.MUST_BE_CALLED
    await moves(town, case.id, 6)
    assert await ringing(town, case.id) == {"officer", "lawyer"}, "nobody has told them yet"
    await town.answer(case.id, "officer", YES)
    await moves(town, case.id, 7)
    assert await ringing(town, case.id) == {"lawyer"}, "the officer has read it here meanwhile"


async def test_who_was_told_of_the_new_time_need_not_be_rung_though_silent(
    town: Town,
) -> None:
    case = await town.open("police", "health", after=4 * DAY)
    await _told(town, case.id, "officer", YES)
    await moves(town, case.id)
    ask = await town.ask(case.id, "officer")
    await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE, sequence=1))
    assert await ringing(town, case.id) == set()
    await moves(town, case.id, 6)
    assert await ringing(town, case.id) == {"officer"}


async def test_a_deputy_off_slack_is_kept_and_rung(town: Town) -> None:
    """Told by telephone, so that a mail about the new time is not enough."""
    case = await town.open("police", "counsel", after=4 * DAY)
    await _told(town, case.id, "lawyer", None)
    ask = await town.ask(case.id, "lawyer")
    sends = RecordAnswer(ask.id, Via.PHONE, NO, COURT, "counsel:partner")
    await town.do(record_answer, "coordinator", sends)
    await _told(town, case.id, "partner", YES)
    await PostRoom(town, case.id).post()
    await moves(town, case.id)
    assert await ringing(town, case.id) == {"partner"}
    assert not (await town.file(case.id)).awaits_confidentiality(await town.ask(case.id, "partner"))
    await PostRoom(town, case.id).post()
    assert await ringing(town, case.id) == {"partner"}


async def test_who_is_told_by_mail_alone_is_told_of_a_move_by_mail(town: Town) -> None:
    case = await town.open("police", "counsel", after=4 * DAY)
    seat = await town.seat(case.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    await PostRoom(town, case.id).post()
    held = await town.meeting(case.id)
    review = await town.do(review_move, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
    assert review.ring == ()
    await moves(town, case.id)
    await PostRoom(town, case.id).post()
    assert await ringing(town, case.id) == set()
