"""«Ikke vår sak»: it ends the chain, is neither forfall nor absence; the coordinator has the last word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.answers import DutyState, calls, quorum_reachable, standings
from bot.domain.attendance import absent_duties
from bot.domain.case.entities import Answer, Case, DeclineReason, SeatEnd
from bot.domain.directory.entities import NotOurs
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed, Overtaken
from bot.domain.escalation import chain as escalation_chain
from bot.domain.notifications import Kind
from bot.domain.overview.missing import Lack, Missing, lacks
from bot.usecases.escalation import escalate
from bot.usecases.involvement.acknowledgement import Acknowledge, PassOn, acknowledge, pass_on
from bot.usecases.involvement.agencies import InviteAgency, ReleaseAgency, invite_agency, release_agency
from bot.usecases.involvement.not_ours import (
    AskAgain,
    SayNotOurs,
    TakeBackNotOurs,
    ask_again,
    say_not_ours,
    take_back_not_ours,
)
from bot.usecases.meeting import CallMeeting, call_meeting
from tests.bot import cast
from tests.bot.cast import HOUR
from tests.bot.usecases.town import Town

AWAY = NotOurs.OTHER_DISTRICT


async def says(town: Town, case: Case, person_id: str, reason: NotOurs = AWAY) -> None:
    seat = await town.seat(case.id, person_id)
    await town.do(say_not_ours, person_id, SayNotOurs(seat.id, reason))


async def state(town: Town, case: Case, agency_id: str) -> DutyState:
    file = await town.file(case.id)
    return next(s.state for s in standings(file, town.clock.now()) if s.involvement.agency_id == agency_id)


async def part_id(town: Town, case: Case, agency_id: str) -> str:
    part = (await town.file(case.id)).involvement_of_agency(agency_id)
    assert part is not None
    return part.id


@pytest.mark.parametrize("confirmed", [False, True])
async def test_it_can_be_said_before_taushetsplikt_and_after(town: Town, confirmed: bool) -> None:
    case = await town.open("police", "welfare")
    if confirmed:
        await town.confirm(case.id, "officer")
    await says(town, case, "officer")
    assert town.told(Kind.NOT_OURS) == {"coordinator"}
    assert not {Kind.LEADER_ASKED, Kind.PART_OVER, Kind.AGENCY_LEFT} & {n.kind for n in town.left}
    file = await town.file(case.id)
    assert await state(town, case, "police") is DutyState.NOT_OURS
    assert Lack(Missing.NOT_OURS, await part_id(town, case, "police")) in lacks(file, town.clock.now())
    assert ("officer" in file.room_people()) is confirmed, "until it is accepted"
    with pytest.raises(NoLongerAsked):
        await says(town, case, "officer")


async def test_it_ends_the_chain_and_goes_to_no_leader(town: Town) -> None:
    case = await town.open("police", "welfare")
    meeting = await town.meeting(case.id)
    ask = await town.ask(case.id, "officer")
    town.clock.move(31 * timedelta(minutes=1))
    taken = await town.run(lambda uow: escalate(uow, ask.id))
    assert [s.person_id for s in taken] == ["officer", "sergeant"]
    await says(town, case, "officer")
    file = await town.file(case.id)
    assert not [h for h in escalation_chain.heads(file, meeting) if file.agency_of_ask(h).id == "police"]
    assert not [s for s, _ in calls(file, file.meetings[0]) if s.involvement.agency_id == "police"]
    assert (await town.seat(case.id, "sergeant")).end is SeatEnd.COLLEAGUE_ANSWERED
    with pytest.raises(Overtaken):
        await town.do(acknowledge, "sergeant", Acknowledge((await town.seat(case.id, "sergeant")).id))
    town.clock.move(5 * HOUR)
    assert not await town.run(lambda uow: escalate(uow, ask.id))


async def test_it_is_neither_forfall_nor_absence(town: Town) -> None:
    case = await town.open("police", "welfare", "health")
    await town.confirm(case.id, "officer", "caseworker")
    await says(town, case, "officer")
    file, meeting = await town.file(case.id), await town.meeting(case.id)
    assert "police" not in {file.agency_of(d.involvement_id).id for d in absent_duties(file, meeting)}
    assert not quorum_reachable(file, meeting.id), "the police do not count"
    await town.register(case.id)
    registered = (await town.file(case.id)).duties_of(meeting.id)
    assert {file.agency_of(d.involvement_id).id for d in registered} == {"welfare", "health"}
    assert Kind.ABSENCE_REASON not in {n.kind for n in town.left}


async def test_nothing_new_is_asked_while_it_stands(town: Town) -> None:
    case = await town.open("police", "welfare")
    await says(town, case, "officer")
    seat = await town.seat(case.id, "officer")
    with pytest.raises(NoLongerAsked):
        await town.do(acknowledge, "officer", Acknowledge(seat.id))
    with pytest.raises(NoLongerAsked):
        await town.do(pass_on, "officer", PassOn(seat.id, "police:sergeant"))
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(49 * HOUR)))
    file = await town.file(case.id)
    asked = {file.agency_of_ask(a).id for a in file.asks if a.live}
    assert asked == {"welfare"}
    with pytest.raises(Invalid):
        await town.do(invite_agency, "coordinator", InviteAgency(case.id, cast.choice("police")))


async def test_the_coordinator_accepts_it(town: Town) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer")
    await says(town, case, "officer")
    await town.do(release_agency, "coordinator", ReleaseAgency(await part_id(town, case, "police")))
    assert town.told(Kind.PART_OVER) == {"officer"}
    assert "officer" not in (await town.file(case.id)).room_people()
    with pytest.raises(NoLongerAsked):
        await town.do(ask_again, "coordinator", AskAgain(await part_id(town, case, "police")))


@pytest.mark.parametrize("confirmed", [False, True])
async def test_the_coordinator_rings_and_asks_again(town: Town, confirmed: bool) -> None:
    case = await town.open("police", "welfare")
    if confirmed:
        await town.confirm(case.id, "officer")
    first = await town.ask(case.id, "officer")
    await says(town, case, "officer")
    town.clock.move(HOUR)
    await town.do(ask_again, "coordinator", AskAgain(await part_id(town, case, "police")))
    assert town.told(Kind.SUMMONS if confirmed else Kind.ACKNOWLEDGEMENT) == {"officer"}
    anew = await town.ask(case.id, "officer")
    assert anew.id != first.id
    assert anew.asked_at == town.clock.now()
    assert await state(town, case, "police") in (DutyState.AWAITS_ANSWER, DutyState.AWAITS_CONFIDENTIALITY)
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", Answer.CONFIRMED)
    assert await state(town, case, "police") is DutyState.CONFIRMED


@pytest.mark.parametrize("confirmed", [False, True])
async def test_whoever_said_it_takes_it_back_until_it_is_accepted(town: Town, confirmed: bool) -> None:
    case = await town.open("police", "welfare")
    if confirmed:
        await town.confirm(case.id, "officer")
    seat = await town.seat(case.id, "officer")
    with pytest.raises(NoLongerAsked):
        await town.do(take_back_not_ours, "officer", TakeBackNotOurs(seat.id))
    await says(town, case, "officer")
    with pytest.raises(NotAllowed):
        await town.do(take_back_not_ours, "sergeant", TakeBackNotOurs(seat.id))
    await town.do(take_back_not_ours, "officer", TakeBackNotOurs(seat.id))
    assert await state(town, case, "police") in (DutyState.AWAITS_ANSWER, DutyState.AWAITS_CONFIDENTIALITY)
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", Answer.CONFIRMED)
    await says(town, case, "officer")
    await town.do(release_agency, "coordinator", ReleaseAgency(await part_id(town, case, "police")))
    with pytest.raises(NoLongerAsked):
        await town.do(take_back_not_ours, "officer", TakeBackNotOurs(seat.id))


async def test_a_deputy_is_let_go_and_cannot_say_it(town: Town) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer")
    await town.sends_sergeant(case.id)
    with pytest.raises(NoLongerAsked):
        await says(town, case, "sergeant")
    await says(town, case, "officer")
    assert (await town.seat(case.id, "sergeant")).end is SeatEnd.NOT_NEEDED
    assert "sergeant" not in (await town.file(case.id)).room_people()


async def test_where_a_colleague_comes_it_is_the_agencys_case(town: Town) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer")
    ask = await town.ask(case.id, "officer")
    town.clock.move(31 * timedelta(minutes=1))
    await town.run(lambda uow: escalate(uow, ask.id))
    await town.confirm(case.id, "sergeant")
    await town.answer(case.id, "sergeant", Answer.CONFIRMED)
    with pytest.raises(Overtaken):
        await says(town, case, "officer")


async def test_who_has_declined_may_say_it_after_all(town: Town) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", Answer.DECLINED, reason=DeclineReason.COURT)
    await says(town, case, "officer", NotOurs.NOT_INVOLVED)
    assert await state(town, case, "police") is DutyState.NOT_OURS
