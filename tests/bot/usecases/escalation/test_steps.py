"""The steps of an escalation as they are taken, the leader's answer, and what an answer of anybody ends."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.answers import DutyState, duty_state, standing_at, steps_of
from bot.domain.case.entities import Answer, DeclineReason, Phase, Seat, SeatEnd, Via
from bot.domain.errors import Overtaken
from bot.domain.escalation import chain as escalation_chain
from bot.domain.notification_params import At
from bot.domain.notifications import Kind
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer, see_call
from bot.usecases.authorization import get_or_make_person
from bot.usecases.deputies.naming import ApproveDeputy, approve_deputy
from bot.usecases.escalation import escalate
from bot.usecases.involvement.acknowledgement import Acknowledge, PassOn, acknowledge, pass_on
from bot.usecases.lifecycle.phases import ChangePhase, change_phase
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.escalation.chains import (
    COORDINATOR,
    LEADER,
    MINUTE,
    NEXT_CONTACT,
    REMINDER,
    asked_both,
    kinds,
    live,
    pass_time,
)
from tests.bot.usecases.invariants import always_holds
from tests.bot.usecases.town import Town


async def test_each_step_turns_to_whom_it_should_at_its_time_and_once(town: Town) -> None:
    case = await town.open("police")
    asked = await town.ask(case.id, "officer")
    assert await pass_time(town, case, 14) == []
    assert kinds(await pass_time(town, case, 1)) == [(REMINDER, "officer")]
    assert kinds(await pass_time(town, case, 15)) == [(NEXT_CONTACT, "sergeant")]
    file = await town.file(case.id)
    second = await town.ask(case.id, "sergeant")
    assert (second.escalated_from, second.named_by, second.deputy_for) == (asked.id, None, None)
    assert not (await town.seat(case.id, "sergeant")).confirmed
    assert live(file) == {"officer", "sergeant"}
    assert kinds(await pass_time(town, case, 30)) == [(LEADER, "chief")]
    assert not (await town.file(case.id)).seats_of("chief")
    assert kinds(await pass_time(town, case, 30)) == [(COORDINATOR, None)]
    file = await town.file(case.id)
    assert standing_at(file, file.duties[0]).exhausted
    assert await pass_time(town, case, 300) == []
    assert {s.ask_id for s in file.steps} == {asked.id}


async def test_whom_each_step_tells(town: Town) -> None:
    case = await town.open("police")
    asked = await town.ask(case.id, "officer")
    told: list[tuple[Kind, str | None, bool]] = []
    lists: set[datetime] = set()
    for minutes in (15, 15, 30, 30):
        town.clock.move(minutes * MINUTE)
        await town.run(lambda uow: escalate(uow, asked.id))
        of_chain = (Kind.UNANSWERED, Kind.ACKNOWLEDGEMENT, Kind.LEADER_ASKED)
        told += [(i.kind, i.recipient, i.once) for i in town.left if i.kind in of_chain]
        assert Kind.ROOM in {i.kind for i in town.left}, "the card shows it"
        lists |= {i.params_as(At).at for i in town.left if i.kind is Kind.CALL_LIST}
        assert len(lists) == 1, "the number is at hand from the reminder on, and nobody new has to be rung"
    assert told == [
        (Kind.UNANSWERED, "officer", False),
        (Kind.ACKNOWLEDGEMENT, "sergeant", False),
        (Kind.LEADER_ASKED, "chief", False),
    ]


async def test_a_step_that_comes_late_is_made_up_for_in_order(town: Town) -> None:
    case = await town.open("police")
    assert [k for k, _ in kinds(await pass_time(town, case, 61))] == [REMINDER, NEXT_CONTACT, LEADER]


async def test_what_was_due_is_due_though_the_clock_was_put_back(town: Town) -> None:
    case = await town.open("police")
    asked = await town.ask(case.id, "officer")
    due_at = town.clock.now() + 15 * MINUTE
    assert await town.run(lambda uow: escalate(uow, asked.id, due_at - MINUTE)) == []
    assert kinds(await town.run(lambda uow: escalate(uow, asked.id, due_at))) == [(REMINDER, "officer")]


async def test_no_step_runs_once_the_meeting_has_begun(town: Town) -> None:
    case = await town.open("police", after=HOUR)
    asked = await town.ask(case.id, "officer")
    town.clock.move(HOUR)
    assert await town.run(lambda uow: escalate(uow, asked.id)) == []
    assert town.left == []


async def test_where_there_is_nobody_the_next_step_is_taken_at_once(town: Town) -> None:
    case = await town.open("welfare", "emergency", "counsel", "shelter")
    reminded = set(kinds(await pass_time(town, case, 15)))
    assert reminded == {(REMINDER, person) for person in ("caseworker", "night-watch", None)}
    await pass_time(town, case, 15)
    file = await town.file(case.id)
    by_agency = {
        file.agency_of(d.involvement_id).id: kinds(steps_of(file, d.id)[1:])
        for d in file.duties_of(file.meetings[0].id)
    }
    nobody = [(NEXT_CONTACT, None), (LEADER, None), (COORDINATOR, None)]
    assert by_agency == {
        "welfare": [(NEXT_CONTACT, None), (LEADER, "head")],
        "emergency": nobody,
        "counsel": nobody,
        "shelter": nobody,
    }


async def test_night_and_weekend_do_not_stop_what_hastes_and_do_stop_another(town: Town) -> None:
    """Whatever the phase. The coordinators are told twelve hours before, on a Sunday evening too."""
    town.clock.time = cast.oslo("2026-11-27 22:30")
    near = await town.open("police", after=10 * HOUR, phase=Phase.WORKING)
    monday_morning = await town.open("police", after=58 * HOUR)
    monday_evening = await town.open("police", after=68 * HOUR)
    assert len(await pass_time(town, near, 90)) == 4
    assert len(await pass_time(town, monday_morning, 0)) == 4
    assert kinds(await pass_time(town, monday_evening, 45 * 60)) == [(COORDINATOR, None)]


async def test_nobody_to_ask_does_not_bring_the_leader_before_the_morning(town: Town) -> None:
    town.clock.time = cast.oslo("2026-11-24 09:00")
    case = await town.open("welfare", after=2 * DAY)
    assert kinds(await pass_time(town, case, 8 * 60)) == [(REMINDER, "caseworker"), (NEXT_CONTACT, None)]
    assert kinds(await pass_time(town, case, 17 * 60)) == [(LEADER, "head")]


async def test_a_change_of_phase_changes_no_pace(town: Town) -> None:
    case = await town.open("police")
    await pass_time(town, case, 20)
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING))
    assert [k for k, _ in kinds(await pass_time(town, case, 60))] == [NEXT_CONTACT, LEADER]


async def test_who_was_asked_is_not_asked_again_by_another_chain(town: Town) -> None:
    case = await town.open("police")
    await pass_time(town, case, 31)
    seat = await town.seat(case.id, "officer")
    await town.do(pass_on, "officer", PassOn(seat.id, "police:detective"))
    taken = await pass_time(town, case, 31)
    assert kinds(taken) == [(REMINDER, "detective"), (NEXT_CONTACT, None), (LEADER, "chief")]
    assert live(await town.file(case.id)) == {"detective", "sergeant"}


async def test_the_next_contact_can_pass_it_on_and_stays_part_of_the_chain(town: Town) -> None:
    case = await town.open("police")
    asked = await town.ask(case.id, "officer")
    await pass_time(town, case, 31)
    seat = await town.seat(case.id, "sergeant")
    await town.do(pass_on, "sergeant", PassOn(seat.id, "police:detective"))
    assert (await town.ask(case.id, "detective")).escalated_from == asked.id
    assert kinds(await pass_time(town, case, 30)) == [(LEADER, "chief")]


@pytest.mark.parametrize("answer", [(Answer.CONFIRMED, None), (Answer.DECLINED, DeclineReason.COURT)])
async def test_an_answer_of_the_next_contact_ends_the_chain(
    town: Town, answer: tuple[Answer, DeclineReason | None]
) -> None:
    case, first, second = await asked_both(town, "sergeant")
    first_seat = await town.seat(case.id, "officer")
    posted = await town.posted(case.id, Kind.ACKNOWLEDGEMENT, first_seat.id, "officer")
    await town.do(answer_summons, "sergeant", AnswerSummons(second.id, *answer))
    assert posted.key in {i.key for i in town.left}, "the officer's message is made current"
    file = await town.file(case.id)
    always_holds(file)
    assert live(file) == {"sergeant"}
    assert (file.ask(first.id) or first).overtaken_by == "sergeant"
    ended = await town.seat(case.id, "officer")
    assert (ended.end, ended.live) == (SeatEnd.COLLEAGUE_ANSWERED, False)
    assert not [i for i in town.left if i.kind is Kind.ESCALATION and i.subject in (first.id, second.id)]
    assert await town.run(lambda uow: escalate(uow, first.id)) == []
    for press in (
        (acknowledge, Acknowledge(first_seat.id)),
        (pass_on, PassOn(first_seat.id, "police:detective")),
        (answer_summons, AnswerSummons(first.id, Answer.CONFIRMED)),
    ):
        with pytest.raises(Overtaken) as refusal:
            await town.do(press[0], "officer", press[1])  # type: ignore[arg-type]
        assert refusal.value.details == {"by": "sergeant"}


async def test_an_answer_of_the_first_ends_it_too_and_a_confirmed_seat_stays(town: Town) -> None:
    case, first, second = await asked_both(town, "officer", "sergeant")
    await town.answer(case.id, "officer", Answer.CONFIRMED)
    file = await town.file(case.id)
    assert live(file) == {"officer"}
    assert {s.person_id for s in file.seats_for(file.duty(first.duty_id).involvement_id)} == {
        "officer",
        "sergeant",
    }
    with pytest.raises(Overtaken) as refusal:
        await town.do(answer_summons, "sergeant", AnswerSummons(second.id, Answer.CONFIRMED))
    assert refusal.value.details == {"by": "officer"}


async def test_who_declined_for_the_agency_may_name_the_silent_one_as_deputy(town: Town) -> None:
    case, _, second = await asked_both(town, "sergeant")
    declined = AnswerSummons(second.id, Answer.DECLINED, DeclineReason.COURT, "police:officer")
    await town.do(answer_summons, "sergeant", declined)
    file = await town.file(case.id)
    always_holds(file)
    assert live(file) == {"sergeant", "officer"}
    assert duty_state(file, file.duty(second.duty_id)) is DutyState.DEPUTY_AWAITS_APPROVAL
    deputy = next(a for a in file.asks_of(second.duty_id) if a.deputy_for == second.id)
    await town.do(approve_deputy, "coordinator", ApproveDeputy(deputy.id))
    file = await town.file(case.id)
    assert duty_state(file, file.duty(second.duty_id)) is DutyState.DEPUTY_ASKED
    assert kinds(await pass_time(town, case, 200))[0] == (REMINDER, "officer")


async def test_what_is_recorded_for_somebody_outside_slack_ends_the_chain(town: Town) -> None:
    case = await town.open("counsel")
    asked = await town.ask(case.id, "lawyer")
    await pass_time(town, case, 31)
    seat = await town.seat(case.id, "lawyer")
    await town.database.write(
        lambda uow: uow.change(
            uow.find(Seat, id=seat.id)[0],
            acknowledged_at=uow.now,
            acknowledged_via=Via.PHONE,
            acknowledged_by="coordinator",
        )
    )
    await town.do(record_answer, "coordinator", RecordAnswer(asked.id, Via.PHONE, Answer.CONFIRMED))
    file = await town.file(case.id)
    assert not escalation_chain.ahead(file)
    await town.run(
        lambda uow: see_call(
            uow, get_or_make_person(uow, cast.slack("coordinator")), asked.id, asked.sequence
        )
    )
