"""Entities as stored, on both databases; and uniqueness."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case.entities import CODE_ALPHABET, Ask, Duty, Involvement, Room, Seat, SeatRole
from bot.domain.directory.entities import Coordinator, Ground, Person, Reason
from bot.domain.errors import Overtaken
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase
from storage.documents.aggregates import AGGREGATES
from storage.unit_of_work import STORED
from tests.databases import sqlite_alone
from tests.storage import entities as some
from tests.storage.conftest import must_fail
from tests.storage.entities import EVERYTHING, HOUR, T0


def test_every_kind_and_field_is_filled_in_one_of_the_examples() -> None:
    """`full` in tests/storage/entities.py gives each a value; otherwise only None is ever stored and read."""
    assert {type(e) for e in EVERYTHING} == set(STORED)
    given = {(type(e), f.name) for e in EVERYTHING for f in fields(e) if getattr(e, f.name) is not None}  # type: ignore[arg-type]
    missing = {(kind, f.name) for kind in STORED for f in fields(kind) if (kind, f.name) not in given}
    roots = {a.root for a in AGGREGATES.values() if a.kept}
    assert missing == {(root, "purged_at") for root in roots}, "that one is `test_documents`'"


def test_whoever_a_field_names_is_known_to_be_named() -> None:
    """These fields decide whether somebody may be forgotten."""
    people = {each.id for each in EVERYTHING if isinstance(each, Person)}
    for entity in EVERYTHING:
        kind = type(entity)
        values = {f.name: getattr(entity, f.name) for f in fields(entity) if f.name != "id"}  # type: ignore[arg-type]
        named = {name for name, value in values.items() if type(value) is str and value in people}
        assert named <= set(STORED[kind].persons), kind


async def test_each_comes_back_as_it_was_added_and_can_be_removed_in_any_order(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*EVERYTHING))

    def read(uow: UnitOfWork) -> list[object]:
        return [uow.get(type(e), e.id) for e in EVERYTHING]  # type: ignore[attr-defined]

    def remove(uow: UnitOfWork) -> None:
        for entity in reversed(EVERYTHING):
            uow.remove(entity)

    def count(uow: UnitOfWork) -> int:
        return sum(len(uow.find(kind)) for kind in STORED)

    assert tuple(await database.read(read)) == EVERYTHING
    assert await database.read(count) == len(EVERYTHING)
    for _ in range(2):
        await database.write(remove)
        assert await database.read(count) == 0


async def test_nothing_refers_to_what_is_not_there(database: SqlDatabase) -> None:
    await must_fail(LookupError, database.write(lambda uow: uow.add(some.ROOM)))
    assert await database.read(lambda uow: uow.find(Room)) == []


async def test_a_changed_entity_is_written_only_over_what_was_read(filled: SqlDatabase) -> None:
    (seen,) = await filled.read(lambda uow: uow.find(Ask, id="ask"))
    await filled.write(lambda uow: uow.change(seen, answered_by="officer", answered_at=T0))

    await must_fail(Overtaken, filled.write(lambda uow: uow.change(seen, answered_by="leader")))
    # A concurrent change elsewhere in the row is kept.
    await filled.write(lambda uow: uow.change(seen, told_at=T0))

    stored = await filled.read(lambda uow: uow.get(Ask, "ask"))
    assert stored == replace(seen, answered_by="officer", answered_at=T0, told_at=T0)
    await filled.write(lambda uow: uow.remove(some.DRAFT))
    await must_fail(Overtaken, filled.write(lambda uow: uow.change(some.DRAFT, data="{}")))


async def test_a_naive_time_is_refused_and_another_zones_is_the_same_moment(filled: SqlDatabase) -> None:
    naive = datetime(2026, 11, 24, 9)  # noqa: DTZ001
    await must_fail(
        ValueError, filled.write(lambda uow: uow.change(some.DRAFT, created_at=naive)), match="naive"
    )
    there = (T0 + HOUR).astimezone(ZoneInfo("Europe/Oslo"))
    await filled.write(lambda uow: uow.change(some.DRAFT, created_at=there))
    (draft,) = await filled.read(lambda uow: uow.find(type(some.DRAFT)))
    assert (draft.created_at, draft.created_at.utcoffset()) == (there, timedelta(0))


@sqlite_alone
async def test_ids_and_codes(filled: SqlDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await filled.read(lambda uow: {uow.ids.new() for _ in range(100)})
    assert len(ids) == 100
    assert {len(i) for i in ids} == {22}
    codes = await filled.read(lambda uow: [uow.ids.code() for _ in range(100)])
    assert all(len(c) == 4 and set(c) <= set(CODE_ALPHABET) for c in codes)
    # The system's randomness draws a code that a case has, and then a free one.
    drawn = iter("k7f3x2y9")
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    assert await filled.read(lambda uow: uow.ids.code()) == "x2y9"


async def test_reading_cannot_write(database: SqlDatabase) -> None:
    for entity in (some.TEAM, some.DRILL):
        with pytest.raises(RuntimeError):
            await database.read(lambda uow, entity=entity: uow.add(entity))  # type: ignore[misc]
    assert await database.read(lambda uow: uow.teams()) == []


_DEPUTY_SEAT = Seat("x", "case", "nurse", SeatRole.DEPUTY, T0, "inv1", "meeting")
REFUSED: dict[str, tuple[object, ...]] = {
    "an id": (replace(some.DRAFT, data="again"),),
    "a team's key": (replace(some.TEAM, id="x"),),
    "a Slack id": (Person("x", slack_id="U2"),),
    "a work mail": (Person("x", work_mail="nurse@health.example"),),
    "a coordinator now": (Coordinator("x", "team", "leader", T0 + HOUR),),
    "an agency's key in the team": (replace(some.POLICE, id="x"),),
    "a case's room": (Room("x", "case"),),
    "an agency's part": (Involvement("x", "case", "police", "A", Reason.HEALTH, Ground.CONSENT),),
    "a coordinator's seat": (Seat("x", "case", "leader", SeatRole.COORDINATOR, T0),),
    "an agency's seat": (Seat("x", "case", "officer", SeatRole.AGENCY, T0, "inv1"),),
    "a deputy's seat for a meeting": (_DEPUTY_SEAT, replace(_DEPUTY_SEAT, id="y")),
    "a duty": (Duty("x", "case", "meeting", "inv1", T0),),
    "a principal's ask": (Ask("x", "case", "duty", "meeting", "nurse", "uid-3", T0, 2),),
    "a posted message": (replace(some.POSTED, id="x"),),
}


async def test_there_is_only_one(filled: SqlDatabase) -> None:
    for *before, second in REFUSED.values():
        for entity in before:
            await filled.write(lambda uow, entity=entity: uow.add(entity))  # type: ignore[misc]
        await must_fail(Overtaken, filled.write(lambda uow, second=second: uow.add(second)))  # type: ignore[misc]
        for entity in before:
            await filled.write(lambda uow, entity=entity: uow.remove(entity))  # type: ignore[misc]
    await must_fail(Overtaken, filled.write(lambda uow: uow.change(some.OFFICER, slack_id="U1")))
