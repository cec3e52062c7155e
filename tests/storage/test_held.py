"""What a transaction has written it reads again as it is now, whatever it has read before."""

from __future__ import annotations

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.usecases.ports import Posted, UnitOfWork
from storage.database import SqlDatabase
from tests.storage.entities import CASE, EVERYTHING, LEADER, OPEN, POSTED, ROOM, T0

_THERE = {(type(e), getattr(e, "id")) for e in OPEN}  # noqa: B009 - all of them have one
LATER = tuple(e for e in EVERYTHING if (type(e), getattr(e, "id")) not in _THERE)  # noqa: B009


def looked_at(uow: UnitOfWork, kind: type[object]) -> list[object]:
    """Everything of a kind, and the case; both have been asked for before."""
    uow.case_file(CASE.id)
    return uow.find(kind)


async def test_what_is_added_and_removed(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN))

    def one_by_one(uow: UnitOfWork) -> CaseFile | None:
        for entity in LATER:
            assert entity not in looked_at(uow, type(entity))
            uow.add(entity)
            assert entity in looked_at(uow, type(entity))
        return uow.case_file(CASE.id)

    def away_again(uow: UnitOfWork) -> CaseFile | None:
        for entity in reversed(LATER):
            assert entity in looked_at(uow, type(entity))
            uow.remove(entity)
            assert entity not in looked_at(uow, type(entity))
        return uow.case_file(CASE.id)

    before = await database.read(lambda uow: uow.case_file(CASE.id))
    full = await database.write(one_by_one)
    assert full == await database.read(lambda uow: uow.case_file(CASE.id))
    assert full != before
    assert await database.write(away_again) == before


async def test_what_is_changed(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN))

    def change(uow: UnitOfWork) -> CaseFile:
        file = uow.case_file(CASE.id)
        assert file is not None
        uow.change(file.persons[LEADER.id], language=Language.NB)
        again = uow.case_file(CASE.id)
        assert again is not None
        assert again.persons[LEADER.id].language is Language.NB
        uow.change(again.room, members=(LEADER.id,))
        uow.change(again.case, persons=7)
        last = uow.case_file(CASE.id)
        assert last is not None
        return last

    file = await database.write(change)
    assert file.room.members == (LEADER.id,) != ROOM.members
    assert file.case.persons == 7
    assert file == await database.read(lambda uow: uow.case_file(CASE.id))


async def test_what_is_looked_for_in_all_cases_is_not_found_in_one_that_is_purged(
    database: SqlDatabase,
) -> None:
    await database.write(lambda uow: uow.add(*OPEN))

    def purge(uow: UnitOfWork) -> tuple[list[Posted], list[Posted]]:
        before = uow.find(Posted, key=POSTED.key)
        file = uow.case_file(CASE.id)
        assert file is not None
        uow.change(file.case, purged_at=T0)
        return before, uow.find(Posted, key=POSTED.key)

    assert await database.write(purge) == ([POSTED], [])


async def test_what_one_does_with_a_list_is_not_read_again(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN))

    def work(uow: UnitOfWork) -> int:
        uow.find(Person).clear()
        return len(uow.find(Person))

    assert await database.write(work) > 1
