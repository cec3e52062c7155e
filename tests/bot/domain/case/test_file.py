"""What follows from the facts of a case: where agencies stand, who belongs in the room, what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.answers import DutyState, standing_at
from bot.domain.attendance import quorum_reachable
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import Standing
from bot.domain.directory.entities import AgencyKind, Quorum
from tests.bot import cast
from tests.bot.case_files import ask, case_file, deputy_seat, duty, meeting, part, seat, summoned
from tests.bot.cast import T0
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
