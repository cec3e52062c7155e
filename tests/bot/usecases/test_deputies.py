"""Deputies wait for the coordinator; seats are handed over; absences propose deputies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Answer, Approval, Case, DeclineReason, SeatEnd, SeatRole
from bot.domain.deputies import possible_deputies
from bot.domain.directory.entities import Contact, Hours, Person
from bot.domain.errors import DeputyGone, Invalid, NotAColleague, NotAllowed, NothingHere, Overtaken, TooLate
from bot.domain.notifications import Kind
from bot.domain.overview import reminder_plan
from bot.domain.overview.missing import Missing, lacks
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.deputies.hand_over import HandOver, hand_over, see_seats, see_successors
from bot.usecases.deputies.naming import (
    ApproveDeputy,
    NameDeputy,
    RefuseDeputy,
    approve_deputy,
    name_deputy,
    refuse_deputy,
    see_nameable,
)
from bot.usecases.directory.absence import NameDeputies, SetAbsence, name_deputies, see_absence, set_absence
from bot.usecases.directory.agencies import Absence, KeepContact, keep_contact
from bot.usecases.meeting import CallMeeting, MoveMeeting, call_meeting, move_meeting
from tests.bot.cast import DAY, HOUR, PERSONS
from tests.bot.usecases.town import Town, roles

COURT, NO, YES = DeclineReason.COURT, Answer.DECLINED, Answer.CONFIRMED


async def named(town: Town, deputy: str = "police:sergeant", **facts: Any) -> Case:
    """The officer has confirmed, and names a deputy."""
    case = await town.open("police", "health")
    await town.confirm(case.id, "officer")
    ask = await town.ask(case.id, "officer")
    await town.do(answer_summons, "officer", AnswerSummons(ask.id, NO, COURT, deputy, **facts))
    return case


async def state(town: Town, case_id: str) -> DutyState:
    file = await town.file(case_id)
    return next(duty_state(file, d) for d in file.duties if file.agency_of(d.involvement_id).id == "police")


async def test_nobody_is_asked_or_seated_before_the_coordinator_has_approved(town: Town) -> None:
    case = await named(town, decides=True)
    assert town.told(Kind.DEPUTY_APPROVAL) == {"coordinator"}
    assert {i.recipient for i in town.left if i.recipient == "sergeant"} == set()
    assert await state(town, case.id) is DutyState.DEPUTY_AWAITS_APPROVAL
    file = await town.file(case.id)
    assert file.seats_of("sergeant") == []
    assert Missing.DEPUTY_AWAITS_APPROVAL in {lack.what for lack in lacks(file, town.clock.now())}
    ask = await town.ask(case.id, "sergeant")
    assert (ask.named_by, ask.decides, ask.open) == ("officer", True, False)
    town.clock.move(HOUR)
    await town.do(approve_deputy, "coordinator", ApproveDeputy(ask.id))
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"sergeant"}
    ask = await town.ask(case.id, "sergeant")
    assert (ask.approval, ask.approved_by, ask.asked_at) == (
        Approval.APPROVED,
        "coordinator",
        town.clock.now(),
    )
    assert roles(await town.file(case.id), "sergeant") == {SeatRole.DEPUTY}
    assert await state(town, case.id) is DutyState.DEPUTY_ASKED


async def test_who_named_a_refused_deputy_is_told_and_can_name_another(town: Town) -> None:
    case = await named(town)
    ask = await town.ask(case.id, "sergeant")
    for why, code in (("  ", "invalid.refusal"), ("ring 55 55 55 55", "guard.phone")):
        with pytest.raises(Invalid) as refused:
            await town.do(refuse_deputy, "coordinator", RefuseDeputy(ask.id, why))
        assert [(p.where, p.code) for p in refused.value.problems] == [("refusal", code)]
    await town.do(refuse_deputy, "coordinator", RefuseDeputy(ask.id, "Kan ikke ta beslutninger."))
    assert town.told(Kind.DEPUTY_REFUSED) == {"officer"}
    assert await state(town, case.id) is DutyState.DECLINED
    ask = await town.ask(case.id, "sergeant")
    assert (ask.refusal, ask.live) == ("Kan ikke ta beslutninger.", False)
    await town.answer(case.id, "officer", NO, reason=COURT, deputy="police:detective")
    assert await state(town, case.id) is DutyState.DEPUTY_ASKED
    assert (await town.file(case.id)).seats_of("sergeant") == []


async def test_only_a_coordinator_decides_once_and_before_the_meeting(town: Town) -> None:
    case = await named(town)
    ask = await town.ask(case.id, "sergeant")
    for actor in ("officer", "sergeant", "chief", "deputy-coordinator", "stranger"):
        with pytest.raises(NotAllowed):
            await town.do(approve_deputy, actor, ApproveDeputy(ask.id))
    await town.do(approve_deputy, "coordinator", ApproveDeputy(ask.id))
    with pytest.raises(Overtaken):
        await town.do(refuse_deputy, "coordinator", RefuseDeputy(ask.id, "Nei."))
    other = await named(town)
    late = await town.ask(other.id, "sergeant")
    town.clock.time = (await town.meeting(other.id)).starts_at + timedelta(minutes=1)
    with pytest.raises(TooLate):
        await town.do(approve_deputy, "coordinator", ApproveDeputy(late.id))


async def _leaves(town: Town) -> None:
    retire = KeepContact("police", 3, Hours.ALWAYS, contact_id="police:sergeant", retire=True)
    await town.do(keep_contact, "coordinator", retire)


async def _is_out_of_reach(town: Town) -> None:
    await town.run(lambda uow: uow.change(PERSONS["sergeant"], deactivated=True, work_mail=None))


@pytest.mark.parametrize("gone", [_leaves, _is_out_of_reach])
async def test_a_deputy_who_is_gone_before_the_approval_is_not_asked_but_can_be_refused(
    town: Town, gone: Callable[[Town], Awaitable[None]]
) -> None:
    case = await named(town)
    await gone(town)
    ask = await town.ask(case.id, "sergeant")
    with pytest.raises(DeputyGone):
        await town.do(approve_deputy, "coordinator", ApproveDeputy(ask.id))
    assert (await town.file(case.id)).seats_of("sergeant") == []
    await town.do(refuse_deputy, "coordinator", RefuseDeputy(ask.id, "Har sluttet."))
    assert town.told(Kind.DEPUTY_REFUSED) == {"officer"}


async def test_after_a_move_an_approved_deputy_needs_no_second_approval(town: Town) -> None:
    case = await named(town)
    await town.approve(case.id)
    held = await town.meeting(case.id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
    assert await state(town, case.id) is DutyState.DEPUTY_ASKED
    assert town.told(Kind.DEPUTY_APPROVAL) == set()
    ask = await town.ask(case.id, "officer")
    declined = AnswerSummons(ask.id, NO, COURT, "police:sergeant", sequence=1)
    await town.do(answer_summons, "officer", replace(declined, deputy="police:detective"))
    assert await state(town, case.id) is DutyState.DEPUTY_AWAITS_APPROVAL, "another one does"


async def test_a_leader_names_a_deputy_of_their_own_agency_and_a_coordinator_needs_no_approval(
    town: Town,
) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer", "caseworker")
    police = await town.ask(case.id, "officer")
    command = NameDeputy(police.id, "police:sergeant", None, decides=False)
    found = await town.run(lambda uow: see_nameable(uow, _person("chief"), "C-none"))
    assert [a.id for _, a in found] == [police.id], "not those of other agencies"
    with pytest.raises(NotAllowed):
        await town.do(name_deputy, "head", command)
    await town.do(name_deputy, "chief", command)
    assert await state(town, case.id) is DutyState.DEPUTY_AWAITS_APPROVAL
    named = await town.ask(case.id, "officer")
    assert (named.answered_by, named.answer, named.reason) == ("chief", NO, None), "why is nobody's business"
    assert (await town.file(case.id)).seats_of("chief") == []
    await town.do(name_deputy, "coordinator", NameDeputy(police.id, "police:detective", COURT, decides=True))
    assert await state(town, case.id) is DutyState.DEPUTY_ASKED
    assert (await town.ask(case.id, "detective")).approved_by == "coordinator"
    with pytest.raises(NothingHere):
        await town.run(lambda uow: see_nameable(uow, _person("stranger"), "C-none"))


def _person(person_id: str) -> Person:
    return PERSONS[person_id]


async def test_those_away_or_waiting_are_no_deputies(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    file, ask = await town.file(case.id), await town.ask(case.id, "officer")
    day = file.meetings[0].starts_at.date()
    now = town.clock.now()

    def offered(**facts: Any) -> list[str]:
        contacts = tuple(replace(c, **facts) if c.person_id == "sergeant" else c for c in file.contacts)
        return [c.person_id for c in possible_deputies(replace(file, contacts=contacts), ask, now)]

    assert offered() == ["chief", "sergeant", "detective"]
    for facts in ({"waits": True}, {"retired": True}, {"away_from": day, "away_until": day}):
        assert "sergeant" not in offered(**facts)
    assert "sergeant" in offered(away_from=day + DAY, away_until=day + 2 * DAY)


@pytest.mark.parametrize("decision", ["approved", "refused", "comes after all", "moved"])
async def test_the_coordinators_are_reminded_of_a_deputy_on_whom_nobody_decides(
    town: Town, decision: str
) -> None:
    case = await named(town)
    ask = await town.ask(case.id, "officer")
    waits = await town.ask(case.id, "sergeant")
    told = [i for i in town.left if i.kind is Kind.DEPUTY_WAITS]
    assert [(i.recipient, i.subject, i.due_at) for i in told] == [
        ("coordinator", waits.id, waits.asked_at + timedelta(minutes=minutes)) for minutes in (30, 60)
    ]
    file = await town.file(case.id)
    assert all(i.once and reminder_plan.still_planned(file, i) for i in told)
    await town.posted(case.id, Kind.DEPUTY_WAITS, waits.id, "coordinator", told[0].params)
    if decision == "approved":
        await town.do(approve_deputy, "coordinator", ApproveDeputy(waits.id))
    elif decision == "refused":
        await town.do(refuse_deputy, "coordinator", RefuseDeputy(waits.id, "Etaten må stille med leder"))
    elif decision == "moved":
        meeting = await town.meeting(case.id)
        await town.do(move_meeting, "coordinator", MoveMeeting(meeting.id, town.plan(5 * DAY)))
    else:
        await town.do(answer_summons, "officer", AnswerSummons(ask.id, YES))
    file = await town.file(case.id)
    assert not any(reminder_plan.still_planned(file, i) for i in told)
    assert (Kind.DEPUTY_WAITS, waits.id) in {(i.kind, i.subject) for i in town.left}, "what stands goes"


async def test_a_seat_is_handed_over_once_the_new_one_has_confirmed(town: Town) -> None:
    case = await town.open("police", "health")
    await town.confirm(case.id, "officer")
    await town.answer(case.id, "officer", YES)
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(6 * DAY)))
    seat = await town.seat(case.id, "officer")
    await town.do(hand_over, "officer", HandOver(seat.id, "police:sergeant"))
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"sergeant"}
    assert town.told(Kind.HANDED_OVER) == {"coordinator"}
    file = await town.file(case.id)
    assert {"officer"} <= file.room_people()
    assert "sergeant" not in file.room_people()
    assert [a.person_id for a in file.asks if a.live and file.agency_of_ask(a).id == "police"] == [
        "officer",
        "officer",
    ]
    await town.confirm(case.id, "sergeant")
    file = await town.file(case.id)
    assert (await town.seat(case.id, "officer")).end is SeatEnd.HANDED_OVER
    assert "officer" not in file.room_people()
    asks = [a for a in file.asks if a.live and file.agency_of_ask(a).id == "police"]
    assert [(a.person_id, a.answer) for a in asks] == [("sergeant", None)] * 2
    lead = file.lead(file.duty(asks[0].duty_id).involvement_id)
    assert lead is not None
    assert lead.person_id == "sergeant"
    assert town.told(Kind.SUMMONS) == {"sergeant"}
    assert town.told(Kind.PART_OVER) == {"officer"}


async def test_a_seat_that_nobody_takes_over_is_reminded_of(town: Town) -> None:
    case = await town.open("police", "health")
    await town.confirm(case.id, "officer")
    seat = await town.seat(case.id, "officer")
    await town.do(hand_over, "officer", HandOver(seat.id, "police:sergeant"))
    new = await town.seat(case.id, "sergeant")
    kinds = (Kind.SUCCESSOR_UNCONFIRMED, Kind.SUCCESSOR_SILENT)
    told = [i for i in town.left if i.kind in kinds]
    assert [(i.kind, i.recipient, i.subject, i.due_at) for i in told] == [
        (Kind.SUCCESSOR_UNCONFIRMED, "sergeant", new.id, new.asked_at + timedelta(minutes=15)),
        (Kind.SUCCESSOR_SILENT, "coordinator", new.id, new.asked_at + timedelta(minutes=30)),
    ]
    file = await town.file(case.id)
    assert all(i.once and reminder_plan.still_planned(file, i) for i in told)
    await town.do(hand_over, "coordinator", HandOver(seat.id, "police:detective"))
    file = await town.file(case.id)
    assert not any(reminder_plan.still_planned(file, i) for i in told), "now it is another"
    anew = [i for i in town.left if i.kind in kinds]
    assert [i.recipient for i in anew] == ["detective", "coordinator"]
    await town.confirm(case.id, "detective")
    file = await town.file(case.id)
    assert not any(reminder_plan.still_planned(file, i) for i in anew)


async def test_whoever_takes_over_at_once_has_a_chain_and_no_reminder_of_this_kind(town: Town) -> None:
    case = await town.open("police")
    seat = await town.seat(case.id, "officer")
    await town.do(hand_over, "chief", HandOver(seat.id, "police:sergeant"))
    assert town.told(Kind.SUCCESSOR_UNCONFIRMED) == town.told(Kind.SUCCESSOR_SILENT) == set()
    assert town.told(Kind.ESCALATION)


async def test_who_hands_over(town: Town) -> None:
    """The holder, the leader of the same agency, the coordinator; to a contact of the agency."""
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer", "caseworker")
    seat = await town.seat(case.id, "officer")
    for actor in ("caseworker", "head", "sergeant", "stranger", "deputy-coordinator"):
        with pytest.raises(NotAllowed):
            await town.do(hand_over, actor, HandOver(seat.id, "police:sergeant"))
    for contact in ("police:officer", "welfare:head", "nobody"):
        with pytest.raises(NotAColleague):
            await town.do(hand_over, "chief", HandOver(seat.id, contact))
    assert [s.id for _, s in await town.run(lambda uow: see_seats(uow, _person("chief"), "C"))] == [seat.id]
    await town.do(hand_over, "chief", HandOver(seat.id, "police:sergeant"))
    await town.do(hand_over, "coordinator", HandOver(seat.id, "police:detective"))
    assert (await town.seat(case.id, "sergeant")).end is SeatEnd.NOT_NEEDED
    assert [s.person_id for s in (await town.file(case.id)).seats if s.live and s.takes_over] == ["detective"]


async def test_a_leader_gives_a_seat_to_a_colleague_and_not_to_themself(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    seat = await town.seat(case.id, "officer")

    async def offered(actor: str) -> list[str]:
        _, _, contacts = await town.run(lambda uow: see_successors(uow, _person(actor), seat.id))
        return [c.person_id for c in contacts]

    assert await offered("chief") == ["sergeant", "detective"]
    assert await offered("officer") == await offered("coordinator") == ["chief", "sergeant", "detective"]
    with pytest.raises(NotAColleague):
        await town.do(hand_over, "chief", HandOver(seat.id, "police:chief"))
    assert (await town.file(case.id)).seats_of("chief") == []
    await town.do(hand_over, "officer", HandOver(seat.id, "police:chief"))
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"chief"}


async def test_a_coordinators_seat_is_nobody_elses_to_hand_over(town: Town) -> None:
    """A leader gets the answer that anyone gets, for a seat that exists and for one that does not."""
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer", "caseworker")
    seat = await town.seat(case.id, "coordinator")
    for actor in ("chief", "head", "officer", "stranger"):
        for seat_id in (seat.id, "no-such-seat"):
            with pytest.raises(NotAllowed):
                await town.do(hand_over, actor, HandOver(seat_id, "police:sergeant"))


async def test_whoever_has_not_confirmed_is_replaced_at_once(town: Town) -> None:
    case = await town.open("police")
    seat = await town.seat(case.id, "officer")
    await town.do(hand_over, "chief", HandOver(seat.id, "police:sergeant"))
    file = await town.file(case.id)
    assert file.seats_of("officer") == []
    assert [a.person_id for a in file.asks if a.live] == ["sergeant"]


async def test_a_deputy_stays_until_the_new_holder_has_answered(town: Town) -> None:
    case = await named(town)
    await town.approve(case.id)
    await town.confirm(case.id, "sergeant")
    await town.answer(case.id, "sergeant", YES)
    seat = await town.seat(case.id, "officer")
    await town.do(hand_over, "officer", HandOver(seat.id, "police:detective"))
    await town.confirm(case.id, "detective")
    assert await state(town, case.id) is DutyState.DEPUTY_CONFIRMED
    await town.answer(case.id, "detective", YES)
    assert await state(town, case.id) is DutyState.CONFIRMED
    assert (await town.file(case.id)).seats_of("sergeant") == []


async def test_a_deputy_who_takes_the_seat_over_confirms_once(town: Town) -> None:
    case = await named(town)
    await town.approve(case.id)
    await town.confirm(case.id, "sergeant")
    seat = await town.seat(case.id, "officer")
    await town.do(hand_over, "officer", HandOver(seat.id, "police:sergeant"))
    file = await town.file(case.id)
    assert roles(file, "sergeant") == {SeatRole.AGENCY}
    assert [(a.person_id, a.deputy_for) for a in file.asks if a.live and a.person_id != "both"] == [
        ("sergeant", None)
    ]


async def test_an_absence_shows_the_meetings_in_it_and_names_deputies_for_them(town: Town) -> None:
    case = await town.open("police", after=2 * DAY)
    await town.confirm(case.id, "officer")
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(9 * DAY)))
    today = town.clock.now().date()
    away = SetAbsence("police:officer", Absence(today + DAY, today + 4 * DAY))
    with pytest.raises(NotAllowed):
        await town.do(set_absence, "sergeant", away)
    with pytest.raises(Invalid):
        await town.do(set_absence, "officer", replace(away, absence=Absence(None, today - DAY)))
    await town.do(set_absence, "officer", away)
    found = await town.run(lambda uow: see_absence(uow, _person("officer"), "police:officer"))
    file = await town.file(case.id)
    assert [a.meeting_id for _, a, _ in found] == [file.meetings[0].id]
    assert await town.run(lambda uow: see_absence(uow, _person("sergeant"), "police:officer")) == []
    command = NameDeputies({found[0][1].id: "police:sergeant"}, DeclineReason.AWAY, decides=True)
    await town.do(name_deputies, "officer", command)
    assert (await town.ask(case.id, "sergeant")).awaits_approval
    assert await town.run(lambda uow: see_absence(uow, _person("officer"), "police:officer")) == []
    contact = await town.run(lambda uow: uow.get(Contact, "police:officer"))
    assert contact is not None
    assert contact.away(today + 2 * DAY)
