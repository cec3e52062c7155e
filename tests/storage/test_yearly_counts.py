"""A deleted case leaves the yearly report as it was, and its counters tell of no closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.domain.case.actions import Outcome
from bot.domain.case.entities import Attendance, Case
from bot.domain.report.yearly import Figure, Split, YearCount, YearMeasure, YearReport
from bot.usecases.actions.actions import EndAction, end_action
from bot.usecases.actions.needs import NoteNeeds, TakeNeed, note_needs, take_need
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import keep_counts, year_report_of
from storage.crypto.keyring import case_scope
from tests.bot import cast
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.actions.test_actions import agreed, begin, part_of
from tests.bot.usecases.town import StillClock, Town, spoken_with
from tests.databases import open_database

#: What is left of a case, and of its room, so that no code is given twice and no channel is forgotten.
BARE = {"cases", "rooms", "former_rooms"}
COUNTERS = ("counts", "yearly_counts")


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """The cast, settled in, on either kind of database."""
    clock = StillClock()
    database = open_database(database_url, clock)
    yield await Town(database, clock).settle_in()
    await database.close()


async def worked_on(town: Town) -> Case:
    """A case of two persons: a meeting with too few services, a need that was taken, one that was not."""
    case = await begin(town)
    await town.do(note_needs, "coordinator", NoteNeeds(case.id, ("housing", "health")))
    town.clock.move(2 * HOUR)
    police = await part_of(town, case, "police")
    needs = {need.need: need for need in (await town.file(case.id)).needs}
    await town.do(take_need, "officer", TakeNeed(needs["housing"].id, police))
    await town.do(end_action, "coordinator", EndAction((await agreed(town, case)).id, Outcome.DONE))
    held = await town.meeting(case.id)
    town.clock.time = held.starts_at + HOUR
    file = await town.file(case.id)
    came = {d.id: Attendance.ABSENT_WITH_NOTICE for d in file.duties_of(held.id)}
    calls = dict.fromkeys(spoken_with(file, came), held.starts_at + timedelta(minutes=1))
    await town.do(register_attendance, "coordinator", RegisterAttendance(held.id, came, calls=calls))
    return case


async def report(town: Town) -> YearReport:
    def read(uow: UnitOfWork) -> YearReport:
        return year_report_of(uow, cast.TEAM, 2026)

    return await town.database.read(read)


async def kept(town: Town) -> Counter[tuple[int, YearMeasure]]:
    counts = await town.database.read(lambda uow: uow.find(YearCount))
    return Counter({(c.year, c.measure): c.number for c in counts})


async def test_a_deletion_leaves_the_report_as_it_was_and_counts_alone(town: Town) -> None:
    case = await worked_on(town)
    before = await report(town)
    numbers = before.years[2026]
    assert numbers.figures[Figure.CASES] == 1
    assert numbers.figures[Figure.PERSONS_NEW] == 2
    assert numbers.splits[Split.QUORUM] == {"meeting_enough": 0, "meeting_too_few": 1}
    assert numbers.splits[Split.FIRST_MEETING]["first_in_24_hours"] == 1
    assert {p: n for p, n in numbers.splits[Split.NEED_TAKEN].items() if n} == {
        "need_in_24_hours": 1,
        "need_nobody": 1,
    }
    await town.do(close_case, "coordinator", CloseCase(case.id))
    await town.run(partial(forget_case, case_id=case.id))
    after = await report(town)
    assert after.years == before.years
    assert after.duty.numbers == before.duty.numbers
    (left,) = await town.database.read(lambda uow: uow.find(Case))
    new_year = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert (left.opened_at, left.closed_at, left.purged_at) == (new_year,) * 3
    assert {left.delete_on, left.erasing_since, left.phase_since, left.rhythm, left.in_charge_at} == {None}
    rows = await town.dump()
    naming = {name for name, table in rows.items() for row in table if case.id in row}
    assert naming <= BARE
    assert {name for name in COUNTERS if rows[name]} == set(COUNTERS)
    # Nothing finer than a year stands in them: a team, a year, what was counted, how many.
    for _, team, year, measure, number in rows["yearly_counts"]:
        assert (team, year, number) == ("team", 2026, 1)
        assert measure in set(YearMeasure)


async def test_two_backups_differ_in_their_counters_by_a_deletion_alone(town: Town) -> None:
    """Night after night, from before the case was opened until after it was closed, and then deleted."""

    async def counters() -> list[object]:
        rows = await town.dump()
        return [rows[name] for name in COUNTERS]

    nights = [await counters()]
    case = await worked_on(town)
    nights.append(await counters())
    await town.do(close_case, "coordinator", CloseCase(case.id))
    nights.append(await counters())
    town.clock.move(29 * DAY)
    nights.append(await counters())
    assert all(night == [[], []] for night in nights)
    await town.run(partial(forget_case, case_id=case.id))
    assert await counters() != nights[-1]


async def test_when_a_case_was_closed_makes_no_difference_to_what_is_added(town: Town) -> None:
    added = []
    for days in (1, 17):
        before = await kept(town)
        case = await worked_on(town)
        town.clock.move(days * DAY)
        await town.do(close_case, "coordinator", CloseCase(case.id))
        await town.run(partial(forget_case, case_id=case.id))
        added.append(await kept(town) - before)
    assert added[0] == added[1]


async def test_a_case_from_an_old_backup_is_counted_once_when_it_is_taken_away(town: Town) -> None:
    case = await worked_on(town)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    before = (await report(town)).years
    town.database.keyring.destroy(case_scope(case.id))
    for _ in range(2):
        await town.database.finish_erasing()
        assert (await report(town)).years == before


async def test_what_is_kept_is_added_to(town: Town) -> None:
    case = await worked_on(town)
    file = await town.file(case.id)
    for _ in range(2):
        await town.run(lambda uow: keep_counts(uow, file))
    assert set((await kept(town)).values()) == {2}
