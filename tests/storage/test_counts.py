"""A deleted case leaves the report's numbers, unchanged, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from bot.domain.case.actions import Outcome
from bot.domain.case.duty import Count, Measure
from bot.domain.case.entities import Answer, Attendance, Case, DeclineReason
from bot.domain.errors import Overtaken
from bot.domain.report.figures import Period, Report
from bot.usecases.actions.actions import EndAction, end_action
from bot.usecases.attendance.register import RegisterAttendance, register_attendance
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import keep_counts, report_for, report_of
from storage.crypto.keyring import case_scope
from tests.bot import cast
from tests.bot.cast import HOUR
from tests.bot.usecases.actions.test_actions import agreed, begin
from tests.bot.usecases.town import StillClock, Town, spoken_with
from tests.databases import open_database

PERIOD = Period(date(2026, 11, 1), date(2026, 12, 1))


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """The cast, settled in, on either kind of database."""
    clock = StillClock()
    database = open_database(database_url, clock)
    yield await Town(database, clock).settle_in()
    await database.close()


async def closed_case(town: Town, *came: Attendance) -> Case:
    """A case with three agencies, one of which has answered; who came is registered, and it is closed."""
    case = await town.open("police", "health", "shelter")
    await town.confirm(case.id, "officer")
    town.clock.move(timedelta(minutes=20))
    await town.answer(case.id, "officer", Answer.CONFIRMED)
    town.clock.move(HOUR)
    await town.answer(case.id, "officer", Answer.DECLINED, reason=DeclineReason.COURT)
    held = await town.meeting(case.id)
    town.clock.time = held.starts_at + HOUR
    file = await town.file(case.id)
    duties = sorted(file.duties_of(held.id), key=lambda d: file.agency_of(d.involvement_id).id)
    registered = {d.id: a for d, a in zip(duties, came, strict=True)}
    calls = dict.fromkeys(spoken_with(file, registered), held.starts_at + timedelta(minutes=1))
    await town.do(register_attendance, "coordinator", RegisterAttendance(held.id, registered, calls=calls))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    return case


async def numbers(town: Town) -> dict[tuple[str, date, Measure], int]:
    """The whole report."""

    def read(uow: UnitOfWork) -> Report:
        return report_of(uow, cast.TEAM, PERIOD)

    return {key: n for key, n in (await town.database.read(read)).numbers.items() if n}


FIRST = (Attendance.ABSENT_WITHOUT_NOTICE, Attendance.ABSENT_WITH_NOTICE, Attendance.PRESENT)
SECOND = (Attendance.LATE, Attendance.ABSENT_WITH_NOTICE, Attendance.DEPUTY_PRESENT)


async def test_a_deletion_leaves_the_report_as_it_was(town: Town) -> None:
    first, second = await closed_case(town, *FIRST), await closed_case(town, *SECOND)
    before = await numbers(town)
    november = date(2026, 11, 1)
    assert before["police", november, Measure.SUMMONED] == 2
    assert before["police", november, Measure.ABSENT_WITH_NOTICE] == 2
    assert before["police", november, Measure.ANSWERED_IN_1_HOUR] == 2, "from the first answer"
    assert before["health", november, Measure.NOT_ANSWERED] == 2
    for case in (first, second):
        await town.run(partial(forget_case, case_id=case.id))
        assert await numbers(town) == before
    rows = await town.dump()
    assert not any(rows[t] for t in ("duties", "asks", "meetings", "involvements", "seats"))
    assert sum(c.number for c in await town.database.read(lambda uow: uow.find(Count))) == sum(
        before.values()
    )


async def test_forgetting_twice_counts_once(town: Town) -> None:
    case = await closed_case(town, *FIRST)
    before = await numbers(town)
    for _ in range(2):
        await town.run(lambda uow: forget_case(uow, case.id))
    assert await numbers(town) == before


async def test_a_deletion_that_does_not_come_to_its_end_counts_nothing(town: Town) -> None:
    case = await closed_case(town, *FIRST)
    before = await numbers(town)

    def cut_off(uow: UnitOfWork) -> None:
        forget_case(uow, case.id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await town.run(cut_off)
    assert await numbers(town) == before
    assert await town.database.read(lambda uow: uow.find(Count)) == []


async def test_two_cases_forgotten_at_the_same_moment_are_both_counted(town: Town) -> None:
    cases = [await closed_case(town, *FIRST), await closed_case(town, *SECOND)]
    before = await numbers(town)

    async def forget(case: Case) -> None:
        for _ in range(20):
            try:
                await town.database.write(lambda uow: forget_case(uow, case.id))
            except Overtaken:  # as the dispatcher does: it runs it again
                continue
            return

    await asyncio.gather(*map(forget, cases))
    assert await numbers(town) == before


async def test_a_case_from_an_old_backup_whose_key_is_gone_is_counted_when_it_is_taken_away(
    town: Town,
) -> None:
    case = await closed_case(town, *FIRST)
    before = await numbers(town)
    town.database.keyring.destroy(case_scope(case.id))
    assert await numbers(town) == before, "what is counted needs no key"
    for _ in range(2):
        await town.database.finish_erasing()
        assert await numbers(town) == before
    assert (await town.dump())["duties"] == []


async def test_what_is_kept_is_added_to(town: Town) -> None:
    case = await closed_case(town, *FIRST)
    file = await town.file(case.id)
    for _ in range(2):
        await town.run(lambda uow: keep_counts(uow, replace(file, case=case)))
    kept = await town.database.read(lambda uow: uow.find(Count, agency_id="police"))
    assert {c.number for c in kept} == {2}


async def test_a_report_is_for_who_coordinates_the_team_when_it_is_made(town: Town) -> None:
    await closed_case(town, *FIRST)

    def made(person_id: str) -> Callable[[UnitOfWork], Report | None]:
        return lambda uow: report_for(uow, person_id, "team", PERIOD)

    assert await town.database.read(made("coordinator")) is not None
    for other in ("officer", "other-coordinator", "stranger", "nobody"):
        assert await town.database.read(made(other)) is None


async def test_how_actions_ended_outlives_the_case_the_last_two_kept_apart(town: Town) -> None:
    case = await begin(town)
    for outcome in (Outcome.DONE, Outcome.NOT_POSSIBLE, Outcome.NOT_POSSIBLE, Outcome.NOT_DONE):
        action = await agreed(town, case)
        await town.do(end_action, "coordinator", EndAction(action.id, outcome))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    before = await numbers(town)
    november = date(2026, 11, 1)
    ended = (Measure.ACTION_DONE, Measure.ACTION_NOT_POSSIBLE, Measure.ACTION_NOT_DONE)
    assert [before["police", november, measure] for measure in ended] == [1, 2, 1]
    await town.run(partial(forget_case, case_id=case.id))
    assert await numbers(town) == before
