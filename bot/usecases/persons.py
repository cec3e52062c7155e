"""Add persons to an open case, and close it for one of them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.access import Action
from bot.domain.case.entities import ClosedPerson, Involvement, SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Overtaken, Problem
from bot.usecases.authorization import CaseContext, enter_case
from bot.usecases.case import MOST_PERSONS
from bot.usecases.involvement.agencies import end_part
from bot.usecases.ports import UnitOfWork


def add_persons(
    uow: UnitOfWork,
    actor: Person,
    case_id: str,
    seen: int,
    *,
    number: int | None,
    parts: tuple[str, ...] = (),
) -> None:
    """Add persons, whom these agencies' parts (by involvement id) cover too. Only the room is told.

    `seen` is the number of letters that the case had when the form was opened.
    """
    here = enter_case(uow, actor, Action.ADD_PERSONS, case_id)
    case = here.file().case
    if case.persons != seen:
        raise Overtaken
    most = MOST_PERSONS - case.persons
    if number is None or not 1 <= number <= most:
        raise Invalid(Problem("number", "invalid.more-persons", {"most": str(most)}))
    grown = uow.change(case, persons=case.persons + number)
    for part in here.file().involvements:
        if part.live and part.id in parts:
            uow.change(part, persons=part.persons + grown.letters[case.persons :])


def parts_covering(file: CaseFile, letter: str) -> Iterator[Involvement]:
    """The parts that have not ended and cover this person."""
    return (i for i in file.involvements if i.live and letter in i.persons)


def leaving_with(file: CaseFile, letter: str) -> list[Involvement]:
    """The parts that end when the case is closed for this person: they cover no other open person."""
    return [i for i in parts_covering(file, letter) if not _without(file, i, letter)]


def _without(file: CaseFile, part: Involvement, letter: str) -> str:
    return "".join(p for p in part.persons if p != letter and p in file.open_letters)


def close_person(uow: UnitOfWork, actor: Person, case_id: str, letter: str) -> None:
    """Close the case for one person. For the last one, the case itself is closed instead."""
    here = enter_case(uow, actor, Action.CLOSE_PERSON, case_id)
    check_closable(here.file(), letter)
    end_person(here, letter)


def check_closable(file: CaseFile, letter: str) -> None:
    """Raise Invalid unless the person is one of several for whom the case is still open."""
    if len(letter) != 1 or letter not in file.open_letters:
        raise Invalid(Problem("what", "invalid.person-closed"))
    if file.open_letters == letter:
        raise Invalid(Problem("what", "invalid.last-person"))


def end_person(here: CaseContext, letter: str) -> None:
    """Close the case for a person. The caller checks that it can be closed for them."""
    uow, file = here.uow, here.file()
    uow.add(ClosedPerson(uow.ids.new(), file.case.id, letter, uow.now))
    for part in list(parts_covering(file, letter)):
        if left := _without(file, part, letter):
            uow.change(part, persons=left)
        else:
            end_part(here, part, SeatEnd.PART_OVER)
