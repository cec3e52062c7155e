"""«Kan ikke» before taushetsplikt: nobody has to confirm in order to say no, nor to say why."""

from __future__ import annotations

import pytest

from bot.domain.answers import DutyState, calls, standings
from bot.domain.case.entities import Answer, Case, DeclineReason, SeatEnd
from bot.domain.errors import NoLongerAsked, NotAllowed, TooLate
from bot.domain.escalation import chain as escalation_chain
from bot.usecases.answers import SayCannot, say_cannot
from bot.usecases.escalation import escalate
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge
from tests.bot.cast import HOUR
from tests.bot.usecases.town import Town


async def says(town: Town, case: Case, person_id: str) -> None:
    seat = await town.seat(case.id, person_id)
    await town.do(say_cannot, person_id, SayCannot(seat.id))


async def state(town: Town, case: Case) -> DutyState:
    file = await town.file(case.id)
    return next(s.state for s in standings(file, town.clock.now()) if s.involvement.agency_id == "police")


async def test_the_coordinator_is_told_at_once_and_the_room_stays_closed(town: Town) -> None:
    case = await town.open("police", "welfare")
    await says(town, case, "officer")
    file = await town.file(case.id)
    ask = await town.ask(case.id, "officer")
    assert (ask.answer, ask.reason) == (Answer.DECLINED, None)
    assert await state(town, case) is DutyState.DECLINED
    assert [c.ask.person_id for _, c in calls(file, file.meetings[0]) if c.ask] == ["officer"]
    assert "officer" not in file.room_people()
    heads = [a.person_id for a in escalation_chain.heads(file, file.meetings[0])]
    assert "officer" not in heads, "nobody waits for them"
    with pytest.raises(NoLongerAsked):
        await says(town, case, "officer")


async def test_it_can_be_thought_better_of(town: Town) -> None:
    case = await town.open("police", "welfare")
    await says(town, case, "officer")
    seat = await town.seat(case.id, "officer")
    await town.do(acknowledge, "officer", Acknowledge(seat.id))
    assert "officer" in (await town.file(case.id)).room_people()
    with pytest.raises(NoLongerAsked):
        await town.do(say_cannot, "officer", SayCannot(seat.id))


async def test_a_colleague_who_is_asked_too_still_is(town: Town) -> None:
    case = await town.open("police", "welfare")
    ask = await town.ask(case.id, "officer")
    for due in escalation_chain.chain(await town.file(case.id), ask)[:2]:
        town.clock.move(due.at - town.clock.now())
        await town.run(lambda uow: escalate(uow, ask.id))
    seat = await town.seat(case.id, "officer")
    await says(town, case, "officer")
    file = await town.file(case.id)
    assert [a.person_id for a in file.asks_of(ask.duty_id)] == ["sergeant"]
    ended = file.seat(seat.id)
    assert ended is not None
    assert ended.end is SeatEnd.PASSED_ON
    assert await state(town, case) is DutyState.AWAITS_CONFIDENTIALITY


async def test_only_ones_own_and_only_before_the_start(town: Town) -> None:
    case = await town.open("police", "welfare")
    seat = await town.seat(case.id, "officer")
    with pytest.raises(NotAllowed):
        await town.do(say_cannot, "sergeant", SayCannot(seat.id))
    town.clock.move(26 * HOUR)
    with pytest.raises(TooLate):
        await town.do(say_cannot, "officer", SayCannot(seat.id))


async def test_a_deputy_is_not_stuck(town: Town) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer")
    declined = {"reason": DeclineReason.COURT, "deputy": "police:sergeant"}
    await town.answer(case.id, "officer", Answer.DECLINED, **declined)
    await says(town, case, "sergeant")
    assert (await town.ask(case.id, "sergeant")).answer is Answer.DECLINED
    assert await state(town, case) is DutyState.DECLINED, "somebody has to be found"
