"""A chain that reaches the leader, and what a moved or cancelled meeting does to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case.entities import Answer, SeatEnd
from bot.domain.directory.entities import Team
from bot.domain.errors import NoLongerAsked, NotAColleague, NotAllowed, Overtaken, TooLate
from bot.domain.escalation import chain as escalation_chain
from bot.domain.notifications import Kind
from bot.usecases.authorization import get_or_make_person
from bot.usecases.escalation import NameAttendee, name_attendee, see_who_can_come
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge
from bot.usecases.meeting import CancelMeeting, MoveMeeting, cancel_meeting, move_meeting
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.escalation.chains import (
    COORDINATOR,
    LEADER,
    NEXT_CONTACT,
    REMINDER,
    asked_both,
    change_contact,
    kinds,
    leaders_step,
    live,
    pass_time,
)
from tests.bot.usecases.invariants import always_holds
from tests.bot.usecases.town import Town


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
    _, _, found = await town.run(
        lambda uow: see_who_can_come(uow, get_or_make_person(uow, cast.slack("chief")), step.id)
    )
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
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(23 * HOUR)))
    with pytest.raises(NoLongerAsked):
        await town.do(name_attendee, "chief", naming)
    await pass_time(town, case, 61)
    step = await leaders_step(town, case)
    town.clock.move(3 * DAY)
    with pytest.raises(TooLate):
        await town.do(name_attendee, "chief", NameAttendee(step.id, "police:detective"))
    assert first.id == (await town.ask(case.id, "officer")).id


async def test_a_moved_meeting_asks_the_seat_holder_again_and_begins_a_chain_of_its_own(town: Town) -> None:
    case, first, _ = await asked_both(town)
    held = await town.meeting(case.id)
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(23 * HOUR)))
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
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(23 * HOUR)))
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
    assert not escalation_chain.ahead(file)


async def test_the_rules_of_the_team_are_its_own(town: Town) -> None:
    rules = replace(cast.RULES, acute_steps=(1, 2, 3, 4))
    await town.database.write(lambda uow: uow.change(uow.find(Team, id="team")[0], rules=rules))
    case = await town.open("police")
    assert len(await pass_time(town, case, 5)) == 4
