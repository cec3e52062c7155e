"""A closed case that is opened again: everybody is asked anew, nothing is counted twice, nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case.entities import Answer, Case, DeclineReason, PauseReason, Phase, Room, RoomTrouble
from bot.domain.case.file import Standing
from bot.domain.directory.entities import Contact
from bot.domain.errors import CaseIsClosed, Invalid, NoLongerAsked, NotAllowed, NothingHere, ReviewOutdated
from bot.domain.notifications import Kind
from bot.domain.report.figures import tally
from bot.domain.report.yearly import year_tally
from bot.usecases.actions.actions import AgreeAction, agree_action
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.involvement.acknowledgement import PassOn, pass_on
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.involvement.choosing import Chosen
from bot.usecases.lifecycle.closing import CloseCase, begin_erasing, close_case, due_for_purge
from bot.usecases.lifecycle.phases import PauseCase, pause_case
from bot.usecases.lifecycle.reopening import (
    REOPEN_CASE,
    ReopenCase,
    choosing,
    in_at_closing,
    reopen_case,
    review_reopening,
)
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import Send, keep_draft, send_draft
from tests.bot.cast import DAY, choice
from tests.bot.usecases.town import Town

YES = Answer.CONFIRMED


async def closed(town: Town, *agencies: Any, phase: Phase = Phase.ACUTE) -> Case:
    """A case of these agencies that has met once, and is closed."""
    case = await town.open(*agencies, phase=phase)
    await town.confirm(case.id, "officer", "both", "caseworker")
    await town.register(case.id)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    return case


async def command(town: Town, case: Case, **facts: Any) -> ReopenCase:
    file = await town.file(case.id)
    parts = tuple(i.id for i in in_at_closing(file))
    return ReopenCase(case.id, **{"phase": file.case.phase, "parts": parts, "meeting": town.plan(), **facts})


async def test_everybody_is_asked_anew_taushetsplikt_first(town: Town) -> None:
    case = await closed(town, "police", "health", "counsel")
    await town.do(reopen_case, "coordinator", await command(town, case))
    file = await town.file(case.id)
    assert (file.case.closed_at, file.case.delete_on) == (None, None)
    assert {file.standing(i) for i in file.involvements} == {Standing.ASKED}
    assert file.room_people() == {"coordinator"}, "nobody is in before they have confirmed once more"
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"officer", "both"}
    assert town.told(Kind.CASE_ACKNOWLEDGEMENT) == {"deputy-coordinator"}
    assert town.told(Kind.SUMMONS) == set(), "the meeting is theirs to see afterwards"
    assert town.told(Kind.CASE_REOPENED) == {None}
    meeting = await town.meeting(case.id)
    assert {file.agency_of(d.involvement_id).id for d in file.duties_of(meeting.id)} == {
        *("police", "health", "counsel")
    }
    await town.confirm(case.id, "officer")
    assert town.told(Kind.INVITE) == {"officer"}, "the meeting stands in the question that they confirmed"
    await town.answer(case.id, "officer", YES)
    assert (await town.file(case.id)).room_people() == {"coordinator", "officer"}


async def test_a_deputy_who_had_confirmed_before_the_closing_is_asked_anew(town: Town) -> None:
    case = await town.open("police", "health")
    await town.confirm(case.id, "officer", "both")
    await town.sends_sergeant(case.id)
    await town.register(case.id)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    await town.do(reopen_case, "coordinator", await command(town, case))
    await town.confirm(case.id, "officer")
    ask = await town.ask(case.id, "officer")
    sends = AnswerSummons(ask.id, Answer.DECLINED, DeclineReason.COURT, "police:sergeant")
    await town.do(answer_summons, "officer", sends)
    await town.approve(case.id)
    assert not (await town.seat(case.id, "sergeant")).confirmed
    assert "sergeant" not in (await town.file(case.id)).room_people()


async def test_who_left_at_an_earlier_closing_is_no_more_asked_than_anybody(town: Town) -> None:
    case = await closed(town, "police", "health")
    await town.do(reopen_case, "coordinator", await command(town, case, parts=(await part(town, case),)))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    ask = await town.ask(case.id, "both")
    with pytest.raises(NoLongerAsked):
        await town.do(answer_summons, "both", AnswerSummons(ask.id, YES))


async def part(town: Town, case: Case) -> str:
    """The id of the police's part."""
    found = (await town.file(case.id)).involvement_of_agency("police")
    assert found is not None
    return found.id


async def test_what_the_agencies_had_to_do_is_still_theirs(town: Town) -> None:
    case = await town.open("police", "health")
    await town.confirm(case.id, "officer")
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    due_on = town.clock.now().date() + timedelta(days=9)
    await town.do(agree_action, "officer", AgreeAction(case.id, part.id, "A", due_on, text="ringe skolen"))
    await town.do(pause_case, "coordinator", PauseCase(case.id, PauseReason.NOT_NOW, due_on, part.id))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    await town.do(reopen_case, "coordinator", await command(town, case))
    file = await town.file(case.id)
    (action,) = file.actions
    assert action.open
    assert file.involvement(action.involvement_id).ended_at is None
    assert file.pause is None, "it does not wait any more"


async def test_who_left_before_stays_out_and_who_was_expected_is_so_again(town: Town) -> None:
    case = await town.open("police", "health", choice("social", expected=True))
    gone = (await town.file(case.id)).involvement_of_agency("health")
    assert gone is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(gone.id))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    asked = await command(town, case)
    assert gone.id not in asked.parts
    await town.do(reopen_case, "coordinator", asked)
    file = await town.file(case.id)
    standings = {file.agencies[i.agency_id].id: file.standing(i) for i in file.involvements}
    assert standings == {
        "police": Standing.ASKED,
        "health": Standing.ENDED,
        "social": Standing.EXPECTED,
    }
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"officer"}


async def test_an_agency_that_is_not_ticked_is_told_nothing(town: Town) -> None:
    case = await closed(town, "police", "health")
    file = await town.file(case.id)
    police = file.involvement_of_agency("police")
    assert police is not None
    await town.do(reopen_case, "coordinator", await command(town, case, parts=(police.id,)))
    assert town.told(Kind.ACKNOWLEDGEMENT) == {"officer"}
    await town.do(close_case, "coordinator", CloseCase(case.id))
    nobody = await command(town, case, parts=())
    with pytest.raises(Invalid):
        await town.do(reopen_case, "coordinator", nobody)


async def test_whoever_had_the_case_is_asked_and_the_next_one_where_they_are_gone(town: Town) -> None:
    case = await town.open("police")
    seat = await town.seat(case.id, "officer")
    await town.do(pass_on, "officer", PassOn(seat.id, "police:detective"))
    await town.confirm(case.id, "detective")
    await town.do(close_case, "coordinator", CloseCase(case.id))
    asked = await command(town, case)
    review = await town.do(review_reopening, "coordinator", asked)
    (told,) = review.told.values()
    assert told.person is not None
    assert told.person.id == "detective"
    other = next(c.id for c, person in told.people if person.id == "officer")
    instead = choosing(asked, "police", Chosen(other))
    (told,) = (await town.do(review_reopening, "coordinator", instead)).told.values()
    assert told.person is not None
    assert told.person.id == "officer"


async def test_other_people_than_those_shown_are_not_told(town: Town) -> None:
    case = await closed(town, "police")
    asked = await command(town, case)
    shown = await town.do(
        lambda uow, actor, c: keep_draft(uow, actor, REOPEN_CASE, "view", c), "coordinator", asked
    )

    def away(uow: UnitOfWork) -> None:
        (contact,) = uow.find(Contact, person_id="officer")
        uow.change(contact, retired=True)

    await town.run(away)
    with pytest.raises(ReviewOutdated):
        await town.do(
            lambda uow, actor, c: send_draft(uow, actor, REOPEN_CASE, c),
            "coordinator",
            Send(shown.draft_id, shown.seen),
        )
    assert not (await town.file(case.id)).open


async def test_nothing_is_counted_twice(town: Town) -> None:
    case = await closed(town, "police", "health")
    before = await town.file(case.id)
    await town.do(reopen_case, "coordinator", await command(town, case))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    after = await town.file(case.id)
    assert tally(after) == tally(before), "a meeting that was called off with the case counts for nothing"
    assert year_tally(after) == year_tally(before)


async def test_only_a_confirmed_coordinator_of_a_closed_case_that_is_not_being_erased(town: Town) -> None:
    case = await closed(town, "police")
    asked = await command(town, case)
    for person in ("deputy-coordinator", "officer", "stranger"):
        with pytest.raises(NotAllowed):
            await town.do(reopen_case, person, asked)
    await town.do(reopen_case, "coordinator", asked)
    with pytest.raises(NothingHere):
        await town.do(reopen_case, "coordinator", asked)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    again = await command(town, case, meeting=town.plan(60 * DAY))
    town.clock.move(45 * DAY)
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is not None
    with pytest.raises(NothingHere):
        await town.do(reopen_case, "coordinator", again)


async def test_a_deletion_that_was_planned_before_takes_no_case_that_was_opened_again(
    town: Town,
) -> None:
    case = await closed(town, "police")
    town.clock.move(31 * DAY)
    assert [c.id for c in await town.run(due_for_purge)] == [case.id]
    await town.do(reopen_case, "coordinator", await command(town, case))
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is None, "it is open"
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is None, "its date is another now"
    assert await town.run(due_for_purge) == []


async def test_an_answer_from_before_the_closing_counts_no_more(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    old = await town.ask(case.id, "officer")
    await town.do(close_case, "coordinator", CloseCase(case.id))
    with pytest.raises(CaseIsClosed):
        await town.do(answer_summons, "officer", AnswerSummons(old.id, YES))
    await town.do(reopen_case, "coordinator", await command(town, case))
    new = await town.ask(case.id, "officer")
    assert new.id != old.id
    assert (await town.file(case.id)).awaits_confidentiality(new)


async def test_a_room_that_cannot_be_used_is_replaced_under_another_code(town: Town) -> None:
    case = await closed(town, "police")

    def in_trouble(uow: UnitOfWork) -> None:
        (room,) = uow.find(Room, case_id=case.id)
        uow.change(room, channel_id="C1", trouble=RoomTrouble.ARCHIVED, trouble_at=uow.now)

    await town.run(in_trouble)
    review = await town.do(review_reopening, "coordinator", await command(town, case))
    assert review.new_room
    await town.do(reopen_case, "coordinator", await command(town, case))
    file = await town.file(case.id)
    assert file.case.code != case.code
    assert (file.room.channel_id, file.room.trouble) == (None, None)
    assert [former.channel_id for former in file.former_rooms] == ["C1"]
