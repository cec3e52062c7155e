"""A deputy who is not needed after all."""

from __future__ import annotations

from bot.domain.case.entities import Answer, DeclineReason
from bot.domain.notifications import Kind
from tests.bot.cast import DAY
from tests.bot.usecases.town import Town

COURT, NO, YES = DeclineReason.COURT, Answer.DECLINED, Answer.CONFIRMED


async def test_a_deputy_who_had_said_yes_is_told_anew_that_they_need_not(town: Town) -> None:
    case_id = (await town.open("police", "health", after=4 * DAY)).id
    await town.confirm(case_id, "officer")
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    await town.confirm(case_id, "sergeant")
    await town.answer(case_id, "officer", YES)
    assert not town.told(Kind.PART_OVER), "they had not said yet: what stands is written anew"
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    await town.answer(case_id, "sergeant", YES)
    await town.answer(case_id, "officer", YES)
    assert town.told(Kind.PART_OVER) == {"sergeant"}
    part = (await town.seat(case_id, "officer")).involvement_id
    told = await town.posted(case_id, Kind.PART_OVER, part or "", "sergeant")
    await town.answer(case_id, "officer", NO, reason=COURT, deputy="police:sergeant")
    assert told.key in {i.key for i in town.left}, "it goes when they are asked again, to ring once more"
