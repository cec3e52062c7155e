"""Where an agency stands: one answer for the card, the lacks, the chain, the calls and the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.answers import Call, DutyState, is_new, standing_at, standing_of, standings
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Answer, Approval, Ask
from bot.domain.case.file import CaseFile, Standing
from bot.domain.escalation.chain import heads
from bot.domain.overview.missing import Missing, lacks
from tests.bot.case_files import ask, case_file, duty, meeting, part, seat
from tests.bot.cast import HOUR, MINUTE, T0

OFFICER = ask("officer", "police")


def police(*more: object, after: timedelta = 3 * HOUR, officer: Ask = OFFICER) -> CaseFile:
    facts = (part("police"), seat("officer", "police"), duty("police"), officer)
    return case_file(meeting(T0 + after), *facts, *more)


def taken(file: CaseFile, asked: Ask, kind: StepKind, after: timedelta) -> CaseFile:
    facts = ("case", asked.duty_id, asked.id, asked.sequence, kind, T0 + after)
    step = EscalationStep(f"step:{asked.id}:{kind}", *facts)
    return replace(file, steps=(*file.steps, step))


DECLINED = replace(OFFICER, answer=Answer.DECLINED, answered_at=T0 + 5 * MINUTE)
DEPUTY = ask("sergeant", "police", deputy_for=OFFICER.id, approval=Approval.APPROVED)


def test_who_is_to_be_rung_two_minutes_later_is_new_to_the_list() -> None:
    assert [is_new(Call(OFFICER, T0 + n * MINUTE), T0) for n in (1, 2)] == [False, True]


def test_who_comes_ends_the_chain_of_the_others() -> None:
    """A successor is asked anew while the deputy of the one before has said that they come."""
    file = police(officer=replace(OFFICER, answer=Answer.CONFIRMED, answered_at=T0 + 9 * MINUTE))
    assert standing_at(file, file.duties[0]).since == T0 + 9 * MINUTE
    assert standing_at(police(), police().duties[0]).since == T0
    new = ask("detective", "police", asked_at=T0 + MINUTE)
    comes = replace(DEPUTY, answer=Answer.CONFIRMED, answered_at=T0 + MINUTE)
    file = police(replace(OFFICER, withdrawn_at=T0), seat("detective", "police"), new, comes)
    file = taken(file, new, StepKind.COORDINATOR, HOUR)
    standing = standing_at(file, file.duties[0])
    assert (standing.state, standing.people) == (DutyState.DEPUTY_CONFIRMED, ("sergeant",))
    assert (standing.exhausted, standing.ring) == (False, ())
    assert "in:police" not in {each.involvement_id for each in lacks(file, T0 + HOUR)}
    assert list(heads(file, file.meetings[0])) == []


def test_who_has_declined_alone_is_rung_and_anew_when_the_deputy_falls_away() -> None:
    file = police(officer=DECLINED)
    (call,) = standing_at(file, file.duties[0]).ring
    assert (call.ask, call.since) == (DECLINED, T0 + 5 * MINUTE)
    gone = police(replace(DEPUTY, withdrawn_at=T0 + 20 * MINUTE), officer=DECLINED)
    (call,) = standing_at(gone, gone.duties[0]).ring
    assert (call.ask, call.since) == (DECLINED, T0 + 20 * MINUTE)
    waits = police(replace(DEPUTY, approval=Approval.WAITS), officer=DECLINED)
    assert standing_at(waits, waits.duties[0]).ring == ()


def test_without_a_meeting_it_is_where_the_agency_stands_in_the_case() -> None:
    parts = (part("police", asked_at=None), part("welfare"), part("deserted"), part("health"))
    file = case_file(*parts, seat("caseworker", "welfare", confirmed=False), seat("both", "health"))
    assert [(s.part, s.state, s.people) for s in standings(file, T0)] == [
        (Standing.EXPECTED, DutyState.EXPECTED, ()),
        (Standing.ASKED, DutyState.AWAITS_CONFIDENTIALITY, ("caseworker",)),
        (Standing.ASKED, DutyState.NOBODY_ASKED, ()),
        (Standing.ACTIVE, DutyState.TAKES_PART, ("both",)),
    ]
    assert not any(s.ring for s in standings(file, T0))
    missing = [Missing.NO_MEETING, Missing.NOBODY_TO_ASK, Missing.NO_CONFIDENTIALITY]
    assert [each.what for each in lacks(file, T0)] == missing
    assert standing_of(file, file.involvements[0], None).duty is None
