"""A deleted case leaves both reports' numbers unchanged, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.entities import Answer, Attendance, Case, FormerRoom, Measure, Room, RoomTrouble
from bot.domain.report.figures import Period
from bot.domain.report.yearly import Figure, Split, YearCount, YearMeasure
from bot.usecases.lifecycle import forget_case
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import report_of, year_report_of
from storage.crypto.keyring import case_scope
from storage.database import SqlDatabase
from tests.bot import cast
from tests.bot.case_files import ask, case_file, duty, meeting, part, summoned
from tests.bot.cast import DAY, HOUR, T0
from tests.databases import sqlite_alone
from tests.storage.released import tables_of

NOVEMBER = date(2026, 11, 1)
MINUTE = timedelta(minutes=1)
#: Ids, and other fields that differ between cases.
OWN = ("id", "case_id", "meeting_id", "duty_id", "involvement_id", "uid", "code", "channel_id")


def closed_case(name: str, *came: Attendance) -> list[Any]:
    """Return a case of two persons and three agencies, one of which has answered, closed after a meeting."""
    first = ask("officer", "police", answer=Answer.CONFIRMED, answered_at=T0 + 20 * MINUTE)
    agencies = ("police", "health", "shelter")
    held = meeting(registered_at=T0 + 28 * HOUR)
    room = Room("room", "case", "C1", trouble=RoomTrouble.SHARED, trouble_at=T0)
    file = case_file(
        *(held, part("police"), *summoned("both", "health")[:2], part("shelter"), first),
        *(duty(a, attendance=how) for a, how in zip(agencies, came, strict=True)),
        *(ask("both", "health"), ask("keeper", "shelter")),
        closed_at=T0 + 2 * DAY,
        room=room,
    )
    outcomes = (Outcome.DONE, Outcome.NOT_POSSIBLE, Outcome.NOT_POSSIBLE, Outcome.NOT_DONE)
    action = CaseAction("action", "case", "in:police", "A", T0.date(), T0, "coordinator", "housing")
    need = CaseNeed("need", "case", "housing", T0, "in:police", T0 + HOUR)
    facts: list[Any] = [
        *(file.case, room, *file.involvements, *file.seats, held, *file.duties, *file.asks, need),
        *(replace(action, id=f"action{n}", outcome=o, ended_at=T0 + DAY) for n, o in enumerate(outcomes)),
        replace(need, id="need2", need="health", involvement_id=None, taken_at=None),
        FormerRoom("former", "case", "p4qx", "C2", T0, emptied_at=T0),
    ]
    return [replace(e, **{f: f"{name}-{v}" for f in OWN if (v := getattr(e, f, None))}) for e in facts]


FIRST = (Attendance.ABSENT_WITHOUT_NOTICE, Attendance.ABSENT_WITH_NOTICE, Attendance.PRESENT)
SECOND = (Attendance.LATE, Attendance.ABSENT_WITH_NOTICE, Attendance.DEPUTY_PRESENT)
IDS = ("a-case", "b-case")


@pytest.fixture
async def filled(database: SqlDatabase) -> SqlDatabase:
    await database.write(lambda uow: uow.add(*cast.DIRECTORY))
    await database.write(lambda uow: uow.add(*closed_case("a", *FIRST), *closed_case("b", *SECOND)))
    return database


async def numbers(database: SqlDatabase) -> tuple[object, object]:
    """Return the whole duty report, and the whole yearly report."""

    def read(uow: UnitOfWork) -> tuple[object, object]:
        duties = report_of(uow, cast.TEAM, Period(NOVEMBER, date(2026, 12, 1))).numbers
        return {key: n for key, n in duties.items() if n}, year_report_of(uow, cast.TEAM, 2026).years

    return await database.read(read)


async def forget(database: SqlDatabase, case_id: str) -> None:
    await database.write(partial(forget_case, case_id=case_id))


async def test_a_deletion_leaves_the_reports_as_they_were_and_counts_alone(filled: SqlDatabase) -> None:
    duties, years = before = await numbers(filled)
    police = {m: n for (agency, month, m), n in duties.items() if (agency, month) == ("police", NOVEMBER)}  # type: ignore[attr-defined]
    assert (police[Measure.SUMMONED], police[Measure.ANSWERED_IN_1_HOUR]) == (2, 2)
    ended = (Measure.ACTION_DONE, Measure.ACTION_NOT_POSSIBLE, Measure.ACTION_NOT_DONE)
    assert [police[measure] for measure in ended] == [2, 4, 2]
    year = years[2026]  # type: ignore[index]
    assert (year.figures[Figure.CASES], year.figures[Figure.PERSONS_NEW]) == (2, 4)
    assert year.splits[Split.QUORUM] == {"meeting_enough": 0, "meeting_too_few": 2}
    assert year.splits[Split.FIRST_MEETING]["first_in_72_hours"] == 2
    needs = {p: n for p, n in year.splits[Split.NEED_TAKEN].items() if n}
    assert needs == {"need_in_24_hours": 2, "need_nobody": 2}
    for case_id in (*IDS, *IDS):
        await forget(filled, case_id)
        assert await numbers(filled) == before, "also if it is forgotten once more"

    left = await filled._transactions.read(tables_of)
    naming = {name for name, rows in left.items() for row in rows if {*map(str, row.values())} & {*IDS}}
    assert naming == {"documents"}, "its code, and the year"
    # They contain nothing finer than a year: a team, a year, the figure, the number.
    for year_count in await filled.read(lambda uow: uow.find(YearCount)):
        assert (year_count.team_id, year_count.year) == ("team", 2026)
        assert year_count.measure in set(YearMeasure)


@sqlite_alone
async def test_of_a_deleted_case_and_its_rooms_codes_and_years_are_left(filled: SqlDatabase) -> None:
    await filled.write(lambda uow: uow.add(FormerRoom("still", "a-case", "p4qy", "C3", T0)))
    await forget(filled, "a-case")
    year = datetime(2026, 1, 1, 12, tzinfo=UTC)
    case = await filled.read(lambda uow: uow.get(Case, "a-case"))
    assert case is not None
    assert (case.code, case.opened_at, case.closed_at, case.purged_at) == ("a-k7f3", *[year] * 3)
    kept = {f.name for f in fields(case) if getattr(case, f.name)}
    assert kept == {"id", "team_id", "code", "phase", "persons", "opened_at", "closed_at", "purged_at"}
    rooms = await filled.read(lambda uow: uow.find(FormerRoom, case_id="a-case"))
    assert {(r.left_at, r.emptied_at) for r in rooms} == {(year, year), (year, None)}
    (bare,) = await filled.read(lambda uow: uow.find(Room, case_id="a-case"))
    assert (bare.trouble, bare.trouble_at) == (None, None)


async def test_a_case_from_an_old_backup_whose_key_is_gone_is_in_no_report(filled: SqlDatabase) -> None:
    filled.keyring.destroy(case_scope("a-case"))
    left = await numbers(filled)
    assert left[1][2026].figures[Figure.CASES] == 1  # type: ignore[index]
    for _ in range(2):
        await filled.finish_erasing()
        assert await numbers(filled) == left
    assert await filled.read(lambda uow: uow.get(Case, "a-case")) is None
