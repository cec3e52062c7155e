"""The persons of a case: closing it for one of them, and taking more in."""

from __future__ import annotations

import pytest

from bot.domain.case.entities import Case, ClosedPerson, SeatEnd
from bot.domain.errors import Invalid, NotAllowed
from bot.domain.notification_params import PersonsChange
from bot.domain.notifications import Kind
from bot.usecases.involvement.agencies import (
    ChangeInvolvement,
    InviteAgency,
    change_involvement,
    invite_agency,
)
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.persons import AddPersons, ClosePerson, add_persons, close_person, leaving_with
from handlers.blocks.formatting import folded
from tests.bot.cast import DAY, choice
from tests.bot.usecases.town import Town
from tests.every import every


@every(
    ("letters", "pieces"),
    [
        ("A", ["A"]),
        ("ABC", ["A", "B", "C"]),
        ("ABCD", ["A–D"]),
        ("ABCDFXYZ", ["A–D", "F", "X", "Y", "Z"]),
        ("ACDEFG", ["A", "C–G"]),
        ("", []),
    ],
)
def test_four_letters_in_a_row_are_one_piece(letters: str, pieces: list[str]) -> None:
    assert folded(letters) == pieces


async def siblings(town: Town) -> Case:
    """Three persons: the police are there for all, health for B alone, follow-up for A and B."""
    case = await town.open(
        *(choice("police", persons="ABC"), choice("health", persons="B"), choice("follow-up", persons="AB")),
        persons=3,
    )
    await town.confirm(case.id, "officer", "both", "deputy-coordinator")
    return case


async def persons_of(town: Town, case_id: str) -> dict[str, str]:
    file = await town.file(case_id)
    return {i.agency_id: i.persons for i in file.involvements if i.ended_at is None}


async def test_closing_for_one_goes_on_for_the_others(town: Town) -> None:
    case = await siblings(town)
    assert [i.agency_id for i in leaving_with(await town.file(case.id), "B")] == ["health"]
    await town.do(close_person, "coordinator", ClosePerson(case.id, "B"))
    file = await town.file(case.id)
    assert file.open
    assert (file.case.letters, file.open_letters) == ("ABC", "AC")
    assert await persons_of(town, case.id) == {"police": "AC", "follow-up": "A"}
    assert "both" not in file.room_people()
    assert file.room_people() >= {"officer", "deputy-coordinator", "coordinator"}
    assert {s.end for s in file.seats if s.person_id == "both"} == {SeatEnd.PART_OVER}
    assert town.told(Kind.PART_OVER) == {"both"}
    assert town.told(Kind.PERSONS_CHANGED) == {None}


async def test_a_closed_person_cannot_be_chosen_any_more(town: Town) -> None:
    case = await siblings(town)
    await town.do(close_person, "coordinator", ClosePerson(case.id, "B"))
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    for letter in ("B", "D", "AC", ""):
        with pytest.raises(Invalid, match="person-closed"):
            await town.do(close_person, "coordinator", ClosePerson(case.id, letter))
    invitation = InviteAgency(case.id, choice("social", persons="B"))
    with pytest.raises(Invalid):
        await town.do(invite_agency, "coordinator", invitation)
    changed = ChangeInvolvement(part.id, "AB", part.reason, part.ground)
    with pytest.raises(Invalid):
        await town.do(change_involvement, "coordinator", changed)


async def test_the_last_person_is_closed_with_the_case(town: Town) -> None:
    case = await siblings(town)
    for letter in "BA":
        await town.do(close_person, "coordinator", ClosePerson(case.id, letter))
    assert await persons_of(town, case.id) == {"police": "C"}
    with pytest.raises(Invalid, match="last-person"):
        await town.do(close_person, "coordinator", ClosePerson(case.id, "C"))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert not (await town.file(case.id)).open


async def test_more_persons_get_the_letters_that_follow_also_after_closed_ones(town: Town) -> None:
    case = await siblings(town)
    await town.do(close_person, "coordinator", ClosePerson(case.id, "C"))
    police = (await town.file(case.id)).involvement_of_agency("police")
    assert police is not None
    await town.do(add_persons, "coordinator", AddPersons(case.id, 2, (police.id,)))
    file = await town.file(case.id)
    assert file.open_letters == "ABDE"
    assert await persons_of(town, case.id) == {"police": "ABDE", "health": "B", "follow-up": "AB"}
    assert {i.params for i in town.left if i.kind is Kind.PERSONS_CHANGED} == {PersonsChange("DE")}
    for number in (0, 22):
        with pytest.raises(Invalid):
            await town.do(add_persons, "coordinator", AddPersons(case.id, number))
    with pytest.raises(NotAllowed):
        await town.do(add_persons, "coordinator", AddPersons(case.id, 1, ("elsewhere",)))


async def test_only_a_coordinator_of_the_case_may(town: Town) -> None:
    case = await siblings(town)
    for actor in ("officer", "stranger", "other-coordinator"):
        with pytest.raises(NotAllowed):
            await town.do(close_person, actor, ClosePerson(case.id, "B"))
        with pytest.raises(NotAllowed):
            await town.do(add_persons, actor, AddPersons(case.id, 1))


async def test_a_purge_forgets_who_was_closed(town: Town) -> None:
    case = await siblings(town)
    await town.do(close_person, "coordinator", ClosePerson(case.id, "B"))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    town.clock.move(40 * DAY)
    await town.run(lambda uow: forget_case(uow, case.id))
    assert await town.database.read(lambda uow: uow.find(ClosedPerson)) == []
