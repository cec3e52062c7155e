"""A person's rights towards a case; tests/handlers/intruders.py tries what each right allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.access import Action, Right, allows, rights_outside, under
from bot.domain.case.entities import SeatEnd, SeatRole
from bot.domain.case.file import Target, rights_in_case
from bot.domain.directory.entities import Person
from tests.bot import cast
from tests.bot.case_files import case_file, deputy_seat, part, seat
from tests.bot.cast import T0
from tests.every import every


def test_somebody_has_the_right_to_every_action_and_no_right_allows_nothing() -> None:
    assert all(action.rights <= set(Right) and action.rights for action in Action)
    assert not any(allows(action, frozenset()) for action in Action)
    own = [action for action in Action if Right.ANYONE not in action.rights]
    assert all(under(action, frozenset(Right)) in action.rights for action in own), "as the log names it"

    # Outside a case one is a coordinator or not.
    assert rights_outside(coordinates=False) == {Right.ANYONE}
    assert rights_outside(coordinates=True) == {Right.ANYONE, Right.TEAM_COORDINATOR}


FILE = case_file(
    *(part("police"), part("shelter"), part("counsel"), part("health"), part("social")),
    seat("deputy-coordinator", None, confirmed=False),
    seat("officer", "police"),
    seat("detective", "police", id="old", ended_at=T0),
    deputy_seat("sergeant", "police"),
    seat("keeper", "shelter"),
    seat("lawyer", "counsel"),
    seat("both", "health", confirmed=False),
    seat("guest", None, id="liaison", role=SeatRole.LIAISON),
    seat("abroad", None, id="liaison-2", role=SeatRole.LIAISON, confirmed=False),
    seat("clerk", "social", confirmed=False),
)
FILE = replace(FILE, persons=FILE.persons | {p: Person(p, f"U-{p}") for p in ("guest", "abroad")})


@every(
    ("person_id", "rights"),
    [
        ("stranger", set()),
        ("nobody at all", set()),
        ("coordinator", {Right.TEAM_COORDINATOR, Right.CASE_COORDINATOR}),
        ("deputy-coordinator", {Right.TEAM_COORDINATOR}),
        ("other-coordinator", set()),
        ("officer", {Right.SEAT_HOLDER}),
        ("sergeant", {Right.DEPUTY}),
        ("detective", set()),
        ("chief", {Right.LEADER}),
        ("keeper", set()),
        ("lawyer", set()),
        ("both", {Right.ASKED}),
        ("clerk", {Right.ASKED}),
        ("head", set()),
        ("guest", {Right.LIAISON}),
        ("abroad", {Right.ASKED}),
    ],
)
def test_rights_in_a_case(person_id: str, rights: set[Right]) -> None:
    assert rights_in_case(FILE, person_id) == rights | {Right.ANYONE}


def test_own_is_for_the_owner_while_the_subject_lives_and_slack_reaches_them() -> None:
    assert Right.OWN in rights_in_case(FILE, "officer", Target("officer"))
    shelter = next(i.id for i in FILE.involvements if FILE.agency_of(i.id).reached_by_coordinator)
    assert Right.OWN not in rights_in_case(FILE, "officer", Target("officer", shelter))
    assert Right.OWN not in rights_in_case(FILE, "sergeant", Target("officer"))
    assert Right.OWN not in rights_in_case(FILE, "coordinator", Target("officer"))
    assert Right.OWN not in rights_in_case(FILE, "lawyer", Target("lawyer"))
    officer = replace(cast.PERSONS["officer"], deactivated=True)
    gone = replace(FILE, persons=FILE.persons | {"officer": officer})
    assert Right.OWN not in rights_in_case(gone, "officer", Target("officer"))
    assert Right.SEAT_HOLDER not in rights_in_case(gone, "officer")

    # A leader has the right only while the agency takes part.
    for part_of_police in (part("police", asked_at=None), part("police", ended_at=T0)):
        assert Right.LEADER not in rights_in_case(case_file(part_of_police), "chief")


def test_a_seat_that_the_closing_ended_is_its_own_right_for_that_agency_alone() -> None:
    over: dict[str, Any] = {"ended_at": T0, "end": SeatEnd.CASE_CLOSED}
    file = case_file(
        *(part("police", ended_at=T0), part("health", ended_at=T0), part("shelter", ended_at=T0)),
        seat("officer", "police", **over),
        seat("sergeant", "police", id="left", ended_at=T0, end=SeatEnd.LEFT),
        seat("detective", "police", id="unconfirmed", confirmed=False, **over),
        seat("keeper", "shelter", **over),
    )
    file = replace(file, case=replace(file.case, closed_at=T0))
    parts = {file.agency_of(i.id).id: i.id for i in file.involvements}
    left = Right.LEFT_AT_CLOSING
    assert left in rights_in_case(file, "officer", Target(own_part=parts["police"]))
    assert left not in rights_in_case(file, "officer", Target(own_part=parts["health"]))
    assert left not in rights_in_case(file, "officer")
    for person_id in ("sergeant", "detective"):
        assert left not in rights_in_case(file, person_id, Target(own_part=parts["police"]))
    assert left not in rights_in_case(file, "keeper", Target(own_part=parts["shelter"]))
    reopened = replace(file, case=replace(file.case, closed_at=None))
    assert left not in rights_in_case(reopened, "officer", Target(own_part=parts["police"]))
