"""The door logs: whoever gets in, whoever does not, and whoever is only shown something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.access import Action, Right, under
from bot.domain.audit import SHOWN, Event, done
from bot.domain.case.entities import Answer, DeclineReason, Phase, Seat
from bot.domain.errors import NotAllowed, TotError
from bot.usecases import authorization
from bot.usecases.answers import AnswerSummons, answer_summons
from bot.usecases.deputies.naming import (
    ApproveDeputy,
    RefuseDeputy,
    approve_deputy,
    refuse_deputy,
    see_decision,
)
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge
from bot.usecases.lifecycle.phases import ChangePhase, change_phase
from bot.usecases.overview import look_around
from tests.bot.cast import PERSONS
from tests.bot.usecases.town import Town

USECASES = Path(authorization.__file__).parent


def test_every_action_is_logged_by_its_own_name_unless_it_only_shows_something() -> None:
    shown = {Action.SEE_HELP, Action.SEE_HOME, Action.SET_LANGUAGE, Action.SEE_OWN_ASKS, Action.SEE_ROOM}
    shown |= {Action.SEE_OWN_LOG, Action.SEE_ROSTER, Action.SEE_REPORT, Action.SEE_ACTIONS, Action.SEE_JOINT}
    assert shown == SHOWN
    assert {done(action) for action in shown} == {Event.SERVED}
    assert {action: done(action) for action in Action if action not in shown} == {
        action: action for action in set(Action) - shown
    }
    assert {event.value for event in Event}.isdisjoint(action.value for action in Action)


def test_the_right_is_one_that_counts() -> None:
    everything = frozenset(Right)
    for action in Action:
        if Right.ANYONE not in action.rights:
            assert under(action, everything) in action.rights


def test_there_is_no_other_way_in() -> None:
    """Only the authorization asks the access table what somebody may do in a case."""
    asking = {
        path.name
        for path in USECASES.rglob("*.py")
        if re.search(r"\b(allows|rights_in_case)\b", path.read_text())
    }
    assert asking == {"authorization.py"}


async def events(town: Town, person_id: str) -> list[tuple[str, str | None, bool]]:
    """The log of a person, oldest first: the event, the right, whether a case is named."""
    found = await town.database.log.of_person(person_id)
    return [(e.event, e.right, e.case_id is not None) for e in found[::-1]]


async def test_who_did_what_under_which_right(town: Town) -> None:
    case = await town.open("police")
    assert await events(town, "coordinator") == [("open_case", "team_coordinator", True)]
    seat: Seat = await town.seat(case.id, "officer")
    await town.do(acknowledge, "officer", Acknowledge(seat.id))
    assert await events(town, "officer") == [("acknowledge_seat", "own", True)]
    await town.do(change_phase, "coordinator", ChangePhase(case.id, Phase.WORKING))
    assert (await events(town, "coordinator"))[-1] == ("change_phase", "case_coordinator", True)


async def test_a_refusal_stays_although_nothing_else_does(town: Town) -> None:
    case = await town.open("police")
    before = await town.dump()
    for case_id in (case.id, "no-such-case"):
        with pytest.raises(TotError):
            await town.do(change_phase, "officer", ChangePhase(case_id, Phase.WORKING))
    assert await town.dump() == before
    assert await events(town, "officer") == [("refused", None, True), ("refused", None, True)]


async def test_help_is_no_attempt_and_no_look_into_a_case(town: Town) -> None:
    await town.open("police")
    before = await events(town, "coordinator")
    for person_id in ("coordinator", "officer"):
        await town.do(look_around, person_id, "C1")
    assert await events(town, "coordinator") == before
    assert await events(town, "officer") == []


async def test_a_deputy_finds_nothing_in_their_log_before_the_approval(town: Town) -> None:
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    officers = await town.ask(case.id, "officer")
    for deputy in ("sergeant", "detective"):
        how = (Answer.DECLINED, DeclineReason.COURT, f"police:{deputy}")
        await town.do(answer_summons, "officer", AnswerSummons(officers.id, *how))
        ask = await town.ask(case.id, deputy)
        await town.run(lambda uow, ask=ask: see_decision(uow, PERSONS["coordinator"], ask.id))  # type: ignore[misc]
        for forger in ("stranger", deputy):
            with pytest.raises(NotAllowed):
                await town.do(approve_deputy, forger, ApproveDeputy(ask.id))
        with pytest.raises(NotAllowed):
            await town.do(answer_summons, deputy, AnswerSummons(ask.id, Answer.CONFIRMED))
        tried = [("refused", None, True)] * 2
        assert await events(town, deputy) == tried, "what they tried themselves, and no more"
        if deputy == "sergeant":
            await town.do(refuse_deputy, "coordinator", RefuseDeputy(ask.id, "Kan ikke avgjøre."))
            assert await events(town, deputy) == tried
        else:
            await town.do(approve_deputy, "coordinator", ApproveDeputy(ask.id))
            assert await events(town, deputy) == [*tried, ("approve_deputy", "case_coordinator", True)]
