"""The steps of an escalation as they are taken, the leader's answer, and what an answer of anybody ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import escalation
from bot.domain.case import Answer, Ask, Case, DeclineReason, Phase, Seat, SeatEnd, Via
from bot.domain.case_file import CaseFile
from bot.domain.directory import Contact, Team
from bot.domain.duty import Step, StepKind
from bot.domain.duty_state import DutyState, duty_state
from bot.domain.errors import NoLongerAsked, NotAColleague, NotAllowed, Overtaken, TooLate
from bot.domain.intents import Kind
from bot.usecases.acknowledge import Acknowledge, acknowledge
from bot.usecases.answer_summons import AnswerSummons, RecordAnswer, answer_summons, record_answer, see_call
from bot.usecases.approve_deputy import ApproveDeputy, approve_deputy
from bot.usecases.change_phase import ChangePhase, change_phase
from bot.usecases.door import who
from bot.usecases.escalate import escalate
from bot.usecases.meetings import CancelMeeting, MoveMeeting, cancel_meeting, move_meeting
from bot.usecases.name_attendee import NameAttendee, name_attendee, see_who_can_come
from bot.usecases.pass_on import PassOn, pass_on
from tests.bot import cast
from tests.bot.usecases.always import always_holds
from tests.bot.usecases.town import DAY, HOUR, Town

MINUTE = timedelta(minutes=1)
REMINDER, NEXT_CONTACT, LEADER, COORDINATOR = StepKind


async def pass_time(town: Town, case: Case, minutes: int) -> list[Step]:
    """So many minutes later every row of the plan that has fallen due is delivered; the steps taken."""
    town.clock.move(minutes * MINUTE)
    taken: list[Step] = []
    for _ in range(5):
        file = await town.file(case.id)
        due = [r.subject for r in escalation.ahead(file) if r.due_at and r.due_at <= town.clock.now()]
        for subject in due:
            taken.extend(await town.run(lambda uow, id=subject: escalate(uow, id)))  # type: ignore[misc]
    file = await town.file(case.id)
    always_holds(file)
    return taken


def kinds(steps: list[Step]) -> list[tuple[StepKind, str | None]]:
    return [(s.kind, s.person_id) for s in steps]


def live(file: CaseFile, agency: str = "police") -> set[str]:
    """Whose asks stand for the agency at the latest meeting."""
    (duty,) = (
        d for d in file.duties_of(file.meetings[-1].id) if file.agency_of(d.involvement_id).id == agency
    )
    return {a.person_id for a in file.asks_of(duty.id)}


async def leaders_step(town: Town, case: Case) -> Step:
    return [s for s in (await town.file(case.id)).steps if s.kind is LEADER and s.person_id][-1]


async def change_contact(town: Town, contact_id: str, **facts: object) -> None:
    def change(uow: object) -> None:
        contact = uow.get(Contact, contact_id)  # type: ignore[attr-defined]
        uow.change(contact, **facts)  # type: ignore[attr-defined]

    await town.database.write(change)


# --- the steps ---


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
    assert escalation.exhausted(file, file.duties[0])
    assert await pass_time(town, case, 300) == []
    assert {s.ask_id for s in file.steps} == {asked.id}


async def test_whom_each_step_tells(town: Town) -> None:
    case = await town.open("police")
    asked = await town.ask(case.id, "officer")
    told: list[tuple[Kind, str | None, bool]] = []
    for minutes in (15, 15, 30, 30):
        town.clock.move(minutes * MINUTE)
        await town.run(lambda uow: escalate(uow, asked.id))
        of_chain = (Kind.UNANSWERED, Kind.ACKNOWLEDGEMENT, Kind.LEADER_ASKED, Kind.CHAIN_EXHAUSTED)
        told += [(i.kind, i.recipient, i.once) for i in town.left if i.kind in of_chain]
        assert Kind.ROOM in {i.kind for i in town.left}, "the card shows it"
    assert told == [
        (Kind.UNANSWERED, "officer", False),
        (Kind.ACKNOWLEDGEMENT, "sergeant", False),
        (Kind.LEADER_ASKED, "chief", False),
        (Kind.CHAIN_EXHAUSTED, "coordinator", False),
    ]


async def test_a_step_that_comes_late_is_made_up_for_in_order(town: Town) -> None:
    case = await town.open("police")
    assert [k for k, _ in kinds(await pass_time(town, case, 61))] == [REMINDER, NEXT_CONTACT, LEADER]


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
        file.agency_of(d.involvement_id).id: kinds(escalation.steps_of(file, d.id)[1:])
        for d in file.duties_of(file.meetings[0].id)
    }
    nobody = [(NEXT_CONTACT, None), (LEADER, None), (COORDINATOR, None)]
    assert by_agency == {
        "welfare": [(NEXT_CONTACT, None), (LEADER, "head")],
        "emergency": nobody,
        "counsel": nobody,
        "shelter": nobody,
    }


async def test_night_and_weekend_do_not_stop_an_acute_one_and_do_stop_another(town: Town) -> None:
    town.clock.time = cast.oslo("2026-11-27 22:30")
    acute = await town.open("police", after=3 * DAY)
    working = await town.open("police", after=10 * DAY, phase=Phase.WORKING)
    assert len(await pass_time(town, acute, 90)) == 4
    assert await pass_time(town, working, 48 * 60) == []


async def test_a_change_of_phase_moves_the_steps_that_are_left(town: Town) -> None:
    case = await town.open("police", after=10 * DAY)
    await pass_time(town, case, 20)
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING))
    assert await pass_time(town, case, 60) == []
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.ACUTE))
    overdue = [i for i in town.left if i.kind is Kind.ESCALATION]
    assert [i.mark.partition(".")[0] for i in overdue] == ["next_contact"]
    assert [k for k, _ in kinds(await pass_time(town, case, 0))] == [NEXT_CONTACT, LEADER]


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


# --- an answer ---


async def asked_both(town: Town, *confirmed: str) -> tuple[Case, Ask, Ask]:
    """The officer does not answer, and the sergeant is asked as well; these have confirmed taushetsplikt."""
    case = await town.open("police", "health")
    await pass_time(town, case, 31)
    await town.confirm(case.id, *confirmed)
    return case, await town.ask(case.id, "officer"), await town.ask(case.id, "sergeant")


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
    assert not escalation.ahead(file)
    await town.run(lambda uow: see_call(uow, who(uow, cast.slack("coordinator")), asked.id))


# --- the leader ---


async def test_a_leader_says_who_comes_and_gets_no_seat(town: Town) -> None:
    case, _, _ = await asked_both(town)
    await pass_time(town, case, 30)
    step = await leaders_step(town, case)
    await town.do(name_attendee, "chief", NameAttendee(step.id, "police:detective"))
    file = await town.file(case.id)
    always_holds(file)
    assert live(file) == {"detective"}
    named = await town.ask(case.id, "detective")
    assert (named.named_by, named.escalated_from) == ("chief", step.ask_id)
    assert not file.seats_of("chief")
    assert {p: (await town.seat(case.id, p)).end for p in ("officer", "sergeant")} == dict.fromkeys(
        ("officer", "sergeant"), SeatEnd.COLLEAGUE_ANSWERED
    )
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"detective"}
    assert (await leaders_step(town, case)).answered_at is not None
    with pytest.raises(NoLongerAsked):
        await town.do(name_attendee, "chief", NameAttendee(step.id, "police:sergeant"))
    with pytest.raises(Overtaken) as refusal:
        await town.do(acknowledge, "officer", Acknowledge((await town.seat(case.id, "officer")).id))
    assert refusal.value.details == {"by": "chief"}


async def test_whoever_is_named_has_a_chain_of_their_own(town: Town) -> None:
    case, _, _ = await asked_both(town)
    await pass_time(town, case, 30)
    await town.do(
        name_attendee, "chief", NameAttendee((await leaders_step(town, case)).id, "police:detective")
    )
    assert kinds(await pass_time(town, case, 95)) == [
        (REMINDER, "detective"),
        (NEXT_CONTACT, None),
        (LEADER, "chief"),
        (COORDINATOR, None),
    ]
    again = await leaders_step(town, case)
    await town.do(name_attendee, "chief", NameAttendee(again.id, "police:officer"))
    assert live(await town.file(case.id)) == {"officer"}


@pytest.mark.parametrize("person", ["officer", "chief"])
async def test_a_leader_can_name_the_silent_one_or_come_themself(town: Town, person: str) -> None:
    case, _, _ = await asked_both(town)
    await pass_time(town, case, 30)
    step = await leaders_step(town, case)
    await town.do(name_attendee, "chief", NameAttendee(step.id, f"police:{person}"))
    file = await town.file(case.id)
    always_holds(file)
    assert live(file) == {person}
    (seat,) = [s for s in file.seats_of(person) if s.live]
    assert not seat.confirmed, "taushetsplikt first, like anybody"
    await town.confirm(case.id, person)
    await town.answer(case.id, person, Answer.CONFIRMED)


async def test_only_the_leader_who_was_asked_can_say_who_comes(town: Town) -> None:
    case, _, _ = await asked_both(town)
    await pass_time(town, case, 30)
    step = await leaders_step(town, case)
    for person in ("coordinator", "officer", "sergeant", "head", "stranger"):
        with pytest.raises(NotAllowed):
            await town.do(name_attendee, person, NameAttendee(step.id, "police:detective"))
    with pytest.raises(NotAllowed):
        await town.do(name_attendee, "chief", NameAttendee("no such step", "police:detective"))
    for contact in ("welfare:head", "no such contact"):
        with pytest.raises(NotAColleague):
            await town.do(name_attendee, "chief", NameAttendee(step.id, contact))
    _, _, found = await town.run(lambda uow: see_who_can_come(uow, who(uow, cast.slack("chief")), step.id))
    assert [c.person_id for c in found] == ["chief", "officer", "sergeant", "detective"]
    await change_contact(town, "police:chief", leader=False)
    with pytest.raises(NotAllowed):
        await town.do(name_attendee, "chief", NameAttendee(step.id, "police:detective"))


async def test_the_leader_comes_too_late(town: Town) -> None:
    case, first, _ = await asked_both(town, "officer")
    await pass_time(town, case, 30)
    step = await leaders_step(town, case)
    naming = NameAttendee(step.id, "police:detective")
    await town.answer(case.id, "officer", Answer.CONFIRMED)
    with pytest.raises(Overtaken) as refusal:
        await town.do(name_attendee, "chief", naming)
    assert refusal.value.details == {"by": "officer"}
    held = await town.meeting(case.id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(2 * DAY)))
    with pytest.raises(NoLongerAsked):
        await town.do(name_attendee, "chief", naming)
    await pass_time(town, case, 61)
    step = await leaders_step(town, case)
    town.clock.move(3 * DAY)
    with pytest.raises(TooLate):
        await town.do(name_attendee, "chief", NameAttendee(step.id, "police:detective"))
    assert first.id == (await town.ask(case.id, "officer")).id


# --- what else happens to the meeting ---


async def test_a_moved_meeting_asks_the_seat_holder_again_and_begins_a_chain_of_its_own(town: Town) -> None:
    case, first, _ = await asked_both(town)
    held = await town.meeting(case.id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(3 * DAY)))
    file = await town.file(case.id)
    always_holds(file)
    assert live(file) == {"officer"}
    assert (await town.seat(case.id, "sergeant")).end is SeatEnd.NOT_NEEDED
    taken = await pass_time(town, case, 31)
    assert [(s.kind, s.person_id, s.sequence) for s in taken if s.ask_id == first.id] == [
        (REMINDER, "officer", 1),
        (NEXT_CONTACT, "sergeant", 1),
    ]


async def test_whoever_answered_for_the_agency_is_asked_again_when_the_meeting_moves(town: Town) -> None:
    case, _, second = await asked_both(town, "sergeant")
    await town.answer(case.id, "sergeant", Answer.CONFIRMED)
    held = await town.meeting(case.id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(3 * DAY)))
    file = await town.file(case.id)
    assert live(file) == {"sergeant"}
    again = file.ask(second.id)
    assert again is not None
    assert (again.sequence, again.answer) == (1, None)


async def test_a_meeting_called_off_leaves_no_seat_that_came_of_silence(town: Town) -> None:
    case, _, _ = await asked_both(town)
    held = await town.meeting(case.id)
    await town.do(cancel_meeting, "coordinator", CancelMeeting(held.id))
    file = await town.file(case.id)
    always_holds(file)
    assert not file.seats_of("sergeant")
    assert file.seats_of("officer"), "the agency's first seat stays"
    assert not escalation.ahead(file)


async def test_the_rules_of_the_team_are_its_own(town: Town) -> None:
    rules = replace(cast.RULES, acute_steps=(1, 2, 3, 4))
    await town.database.write(lambda uow: uow.change(uow.find(Team, id="team")[0], rules=rules))
    case = await town.open("police")
    assert len(await pass_time(town, case, 5)) == 4
