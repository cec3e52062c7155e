"""A coordinator records a call: taushetsplikt, the answer, or both."""

from __future__ import annotations

import pytest

from bot.domain.access import Action
from bot.domain.case.entities import Answer, Ask, DeclineReason, Via
from bot.domain.errors import Invalid
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from bot.usecases.authorization import get_or_make_person
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.meeting import CallMeeting, call_meeting
from bot.usecases.ports import UnitOfWork
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.cast import DAY, slack
from tests.bot.usecases.town import Town

YES = Answer.CONFIRMED


async def test_one_call_confirms_and_answers_and_each_is_recorded_on_its_own(town: Town) -> None:
    case = await town.open("counsel")
    ask = await town.ask(case.id, "lawyer")
    with pytest.raises(Invalid) as nothing:
        await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE, told=False))
    assert [p.code for p in nothing.value.problems] == ["invalid.nothing-said"]
    with pytest.raises(Invalid) as unconfirmed:
        await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE, YES))
    assert [p.code for p in unconfirmed.value.problems] == ["invalid.confidentiality-first"]
    said = RecordAnswer(ask.id, Via.PHONE, YES, acknowledged=True)

    def recorded(uow: UnitOfWork) -> set[str]:
        assert isinstance(uow, SqlUnitOfWork)
        record_answer(uow, get_or_make_person(uow, slack("coordinator")), said)
        return {entry.event.value for entry in uow.entries()}

    assert await town.run(recorded) == {Action.ACKNOWLEDGE_ON_BEHALF.value, Action.ANSWER_ON_BEHALF.value}
    seat, ask = await town.seat(case.id, "lawyer"), await town.ask(case.id, "lawyer")
    assert (seat.acknowledged_via, seat.acknowledged_by) == (Via.PHONE, "coordinator")
    assert (ask.answer, ask.answered_by, ask.told_via) == (YES, "coordinator", Via.PHONE)


async def test_a_call_may_bring_taushetsplikt_alone(town: Town) -> None:
    case = await town.open("counsel")
    ask = await town.ask(case.id, "lawyer")
    said = RecordAnswer(ask.id, Via.PHONE, acknowledged=True, told=False)
    await town.do(record_answer, "coordinator", said)
    assert (await town.seat(case.id, "lawyer")).confirmed
    assert (await town.ask(case.id, "lawyer")).told_via is None


async def test_the_reminder_follows_what_a_call_brought(town: Town) -> None:
    case = await town.open("police")
    ask = await town.ask(case.id, "officer")
    stands = await town.posted(case.id, Kind.UNANSWERED, ask.id, "officer", Revision(ask.sequence))
    seat = await town.seat(case.id, "officer")
    record = RecordAcknowledgement(seat.id, Via.PHONE)
    await town.do(record_acknowledgement, "coordinator", record)
    assert stands.key in {i.key for i in town.left}, "it asks for taushetsplikt no more"
    await town.do(record_answer, "coordinator", RecordAnswer(ask.id, Via.PHONE, YES))
    assert stands.key in {i.key for i in town.left}


async def asks(town: Town, case_id: str, person_id: str) -> list[Ask]:
    return [a for a in (await town.file(case_id)).asks if a.person_id == person_id and a.live]


async def test_one_call_with_a_deputy_for_two_meetings_confirms_both(town: Town) -> None:
    case = await town.open("counsel", "police")
    await town.confirm(case.id, "officer")
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(6 * DAY)))
    for ask in await asks(town, case.id, "officer"):
        sends = AnswerSummons(ask.id, Answer.DECLINED, DeclineReason.COURT, "police:sergeant")
        await town.do(answer_summons, "officer", sends)
    await town.approve(case.id)
    (first, second) = await asks(town, case.id, "sergeant")
    await town.do(record_answer, "coordinator", RecordAnswer(first.id, Via.PHONE, YES, acknowledged=True))
    file = await town.file(case.id)
    assert [seat.confirmed for seat in file.seats_of("sergeant")] == [True, True]
    assert [(a.answer, a.id) for a in await asks(town, case.id, "sergeant")] == [
        (YES, first.id),
        (None, second.id),
    ]
