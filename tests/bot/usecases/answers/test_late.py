"""An answer given on a button or in a form from before the meeting was moved."""

from __future__ import annotations

import pytest

from bot.domain.case.entities import Answer, DeclineReason, Via
from bot.domain.errors import MovedMeanwhile, MovedSince
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer, see_deputies
from bot.usecases.authorization import get_or_make_person
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.meeting import MoveMeeting, move_meeting
from tests.bot import cast
from tests.bot.cast import DAY
from tests.bot.usecases.town import Town

YES, NO, COURT = Answer.CONFIRMED, Answer.DECLINED, DeclineReason.COURT


async def test_an_answer_to_the_time_before_a_move_does_not_count_for_the_new_one(town: Town) -> None:
    case = await town.open("police", "counsel", after=4 * DAY)
    await town.confirm(case.id, "officer")
    seat = await town.seat(case.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    held = await town.meeting(case.id)
    mine, theirs = await town.ask(case.id, "officer"), await town.ask(case.id, "lawyer")
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
    before = await town.dump()
    for answer, reason in ((YES, None), (NO, COURT)):
        with pytest.raises(MovedSince):
            await town.do(answer_summons, "officer", AnswerSummons(mine.id, answer, reason, sequence=0))
        recorded = RecordAnswer(theirs.id, Via.PHONE, answer, reason, sequence=0)
        with pytest.raises(MovedMeanwhile):
            await town.do(record_answer, "coordinator", recorded)
    with pytest.raises(MovedSince):
        await town.run(
            lambda uow: see_deputies(uow, get_or_make_person(uow, cast.slack("officer")), mine.id, 0)
        )
    assert await town.dump() == before
    await town.do(answer_summons, "officer", AnswerSummons(mine.id, YES, sequence=1))
    await town.do(record_answer, "coordinator", RecordAnswer(theirs.id, Via.PHONE, YES, sequence=1))
    assert [(await town.ask(case.id, who)).answer for who in ("officer", "lawyer")] == [YES, YES]
