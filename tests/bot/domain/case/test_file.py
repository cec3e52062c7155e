"""What follows from the facts of a case: where agencies stand, who belongs in the room, what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.answers import Call, DutyState, is_new, standing_at, standing_of, standings
from bot.domain.attendance import quorum_reachable
from bot.domain.case.entities import Answer, Approval, Ask, EscalationStep, StepKind
from bot.domain.case.file import CaseFile, Standing
from bot.domain.directory.entities import AgencyKind, Quorum
from bot.domain.escalation import heads
from bot.domain.overview.missing import Missing, lacks
from tests.bot import cast
from tests.bot.case_files import ask, case_file, deputy_seat, duty, meeting, part, seat, summoned
from tests.bot.cast import HOUR, MINUTE, T0
from tests.every import every

NO, YES = Answer.DECLINED, Answer.CONFIRMED


@every(
    ("facts", "standing"),
    [
        ((part("police", asked_at=None),), Standing.EXPECTED),
        ((part("police"),), Standing.ASKED),
        ((part("police"), seat("officer", "police", confirmed=False)), Standing.ASKED),
        ((part("police"), seat("officer", "police", ended_at=T0)), Standing.ASKED),
        ((part("police"), deputy_seat("officer", "police")), Standing.ASKED),
        ((part("police"), seat("officer", "police")), Standing.ACTIVE),
        ((part("police", ended_at=T0), seat("officer", "police")), Standing.ENDED),
        ((part("police", asked_at=None, ended_at=T0),), Standing.ENDED),
    ],
)
def test_standing(facts: tuple[object, ...], standing: Standing) -> None:
    file = case_file(*facts)
    assert file.standing(file.involvement("in:police")) is standing


_POLICE = (part("police"), duty("police"))
_GONE = ask("officer", "police", answer=NO, withdrawn_at=T0)


def _declined(*more: object) -> tuple[object, ...]:
    principal = ask("officer", "police", answer=NO)
    return (part("police"), seat("officer", "police"), duty("police"), principal, *more)


def _deputy(person_id: str = "sergeant", **facts: Any) -> Ask:
    return ask(person_id, "police", deputy_for="ask:officer:police:meeting", **facts)


@every(
    ("facts", "state"),
    [
        (_POLICE, DutyState.NOBODY_ASKED),
        ((*_POLICE, ask("officer", "police", withdrawn_at=T0)), DutyState.NOBODY_ASKED),
        (summoned("officer", "police", confirmed=False), DutyState.AWAITS_CONFIDENTIALITY),
        (summoned("officer", "police"), DutyState.AWAITS_ANSWER),
        (summoned("lawyer", "counsel", confirmed=False), DutyState.MUST_BE_CALLED),
        (summoned("keeper", "shelter"), DutyState.MUST_BE_CALLED),
        (_declined(), DutyState.DECLINED),
        (_declined(_deputy()), DutyState.DEPUTY_ASKED),
        (_declined(_deputy(answer=NO)), DutyState.DECLINED),
        (_declined(_deputy(withdrawn_at=T0)), DutyState.DECLINED),
        (_declined(_deputy(answer=YES)), DutyState.DEPUTY_CONFIRMED),
        (_declined(_deputy(answer=NO), _deputy("detective", answer=YES)), DutyState.DEPUTY_CONFIRMED),
        (_declined(_deputy("lawyer")), DutyState.MUST_BE_CALLED),
        ((*_POLICE, _GONE, _deputy(answer=YES)), DutyState.DEPUTY_CONFIRMED),
        ((*_POLICE, ask("officer", "police", answer=YES), seat("officer", "police")), DutyState.CONFIRMED),
    ],
)
def test_duty_state(facts: tuple[object, ...], state: DutyState) -> None:
    file = case_file(meeting(), *facts)
    assert standing_at(file, file.duties[0]).state is state


_RULES = replace(cast.RULES, quorum=Quorum(2, ((AgencyKind.CHILD_WELFARE, AgencyKind.SOCIAL_SERVICES),)))


@every(
    ("facts", "reachable"),
    [
        ((*summoned("officer", "police"), *summoned("caseworker", "welfare")), True),
        ((*summoned("officer", "police"), *summoned("both", "health")), False),  # nobody of the group
        ((*summoned("caseworker", "welfare"),), False),  # too few
        ((*_declined(), *summoned("caseworker", "welfare"), *summoned("both", "health")), True),
        ((*_declined(), *summoned("caseworker", "welfare")), False),
        ((*_declined(_deputy()), *summoned("caseworker", "welfare")), True),
        ((part("police"), duty("police"), *summoned("caseworker", "welfare")), False),  # nobody asked
    ],
)
def test_quorum_counts_those_who_may_still_come(facts: tuple[object, ...], reachable: bool) -> None:
    assert quorum_reachable(case_file(meeting(), *facts, rules=_RULES), "meeting") is reachable


OFFICER = ask("officer", "police")


def police(*more: object, officer: Ask = OFFICER) -> CaseFile:
    facts = (part("police"), seat("officer", "police"), duty("police"), officer)
    return case_file(meeting(T0 + 3 * HOUR), *facts, *more)


DEPUTY = ask("sergeant", "police", deputy_for=OFFICER.id, approval=Approval.APPROVED)


def test_who_is_to_be_rung_two_minutes_later_is_new_to_the_list() -> None:
    assert [is_new(Call(OFFICER, T0 + n * MINUTE), T0) for n in (1, 2)] == [False, True]


def test_who_comes_ends_the_chain_of_the_others() -> None:
    """A successor is asked again while the predecessor's deputy has said that they come."""
    file = police(officer=replace(OFFICER, answer=Answer.CONFIRMED, answered_at=T0 + 9 * MINUTE))
    assert standing_at(file, file.duties[0]).since == T0 + 9 * MINUTE
    assert standing_at(police(), police().duties[0]).since == T0
    new = ask("detective", "police", asked_at=T0 + MINUTE)
    comes = replace(DEPUTY, answer=Answer.CONFIRMED, answered_at=T0 + MINUTE)
    file = police(replace(OFFICER, withdrawn_at=T0), seat("detective", "police"), new, comes)
    facts = ("case", new.duty_id, new.id, new.sequence, StepKind.COORDINATOR, T0 + HOUR)
    file = replace(file, steps=(EscalationStep("step", *facts),))
    standing = standing_at(file, file.duties[0])
    assert (standing.state, standing.people) == (DutyState.DEPUTY_CONFIRMED, ("sergeant",))
    assert (standing.exhausted, standing.ring) == (False, ())
    assert "in:police" not in {each.involvement_id for each in lacks(file, T0 + HOUR)}
    assert list(heads(file, file.meetings[0])) == []


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
    missing = [Missing.NO_MEETING, DutyState.AWAITS_CONFIDENTIALITY, DutyState.NOBODY_ASKED]
    assert [each.what for each in lacks(file, T0)] == missing
    assert standing_of(file, file.involvements[0], None).duty is None
