"""Documents: an unreadable one harms only itself, an erased one leaves little, and everything is found."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.domain.case.entities import Case, FormerRoom, Room, Seat
from bot.domain.directory.entities import Person
from bot.domain.drill import DrillAsk
from bot.domain.guidance import Guidance
from bot.domain.notifications import Kind, Notification
from bot.domain.report.figures import Period
from bot.usecases.directory.partners.schema import FileTable
from bot.usecases.directory.partners.transfer import plan_import
from bot.usecases.overview import forget_people
from bot.usecases.ports import Draft, UnitOfWork
from bot.usecases.report import report_of
from storage.crypto.master_key import KeyLost
from storage.database import SqlDatabase
from storage.documents import document
from storage.documents.aggregates import AGGREGATES
from storage.documents.document import FORMAT, LIFTS
from storage.documents.store import Documents
from storage.schema.documents import DRAFT, documents
from tests.databases import sqlite_alone
from tests.storage import entities as some
from tests.storage.conftest import must_fail
from tests.storage.entities import EVERYTHING, OPEN, T0
from tests.storage.released import read, shape

OTHER = replace(some.CASE, id="other", code="mmmm", closed_at=None, delete_on=None)
MONTH = Period(date(2026, 11, 1), date(2026, 11, 1))
OTHERS_ROOM = Room("others-room", "other", channel_id="C9")


@pytest.fixture
async def filled(database: SqlDatabase) -> SqlDatabase:
    await database.write(lambda uow: uow.add(*OPEN, OTHER, OTHERS_ROOM))
    return database


async def change_row(database: SqlDatabase, id: str, changed: Callable[[Any], dict[str, Any]]) -> None:
    """Change a row behind the bot's back."""
    this = documents.c.id == id

    def work(connection: Connection) -> None:
        row = connection.execute(select(documents).where(this)).one()
        connection.execute(update(documents).where(this).values(**changed(row)))

    await database._transactions.write(work)


def one_bit(row: Any) -> dict[str, Any]:
    return {"sealed": row.sealed[:-40] + bytes([row.sealed[-40] ^ 1]) + row.sealed[-39:]}


def another_version(row: Any) -> dict[str, Any]:
    return {"version": row.version ^ 1}


DAMAGES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "one-bit": one_bit,
    "cut-short": lambda row: {"sealed": row.sealed[: len(row.sealed) // 2]},
    "cut-off": lambda row: {"sealed": row.sealed[:8]},
    "emptied": lambda row: {"sealed": b""},
    "another-version": another_version,
    "claimed-to-be-erased": lambda row: {"erased": True},
}


async def test_one_that_does_not_open_costs_itself(filled: SqlDatabase) -> None:
    for id, damage in DAMAGES.items():
        await filled.write(lambda uow, id=id: uow.add(replace(some.GUIDANCE, id=id)))  # type: ignore[misc]
        await change_row(filled, id, damage)
        await must_fail(KeyLost, filled.read(lambda uow, id=id: uow.get(Guidance, id)))  # type: ignore[misc]
        with pytest.raises(KeyLost):
            await filled.write(lambda uow, id=id: uow.change(replace(some.GUIDANCE, id=id), answers=9))  # type: ignore[misc]
    sound = some.GUIDANCE
    await filled.write(lambda uow: uow.add(sound))
    assert await filled.read(lambda uow: uow.find(Guidance)) == [sound]
    assert await filled.read(lambda uow: uow.cases_of_team("team")) == ["case", "other"]
    named = {f"guidance/{id}" for id in DAMAGES if id != "claimed-to-be-erased"}
    assert set(await filled.unreadable()) == named


async def test_a_directory_that_does_not_open_is_told_by_its_name(
    filled: SqlDatabase, second: SqlDatabase
) -> None:
    await change_row(filled, "directory", one_bit)
    for work in (lambda uow: uow.teams(), lambda uow: uow.case_file("case")):
        await must_fail(KeyLost, second.read(work), match="documents:directory:directory:")
    assert await second.unreadable() == ["directory/directory"]


async def test_a_directory_that_is_gone_is_not_begun_anew(filled: SqlDatabase, second: SqlDatabase) -> None:
    gone = delete(documents).where(documents.c.kind == "directory")
    await filled._transactions.write(lambda connection: connection.execute(gone))
    with pytest.raises(KeyLost, match="restore a backup"):
        await second.write(lambda uow: uow.add(Person("somebody", slack_id="U9")))
    assert await second.unreadable() == ["directory/directory"]


@sqlite_alone
async def test_damaged_links_are_told(filled: SqlDatabase, second: SqlDatabase) -> None:
    """The rest of the hourly upkeep continues, also where a form is damaged."""
    await filled.write(lambda uow: uow.add(some.LEFTOVERS))
    for kind in (DRAFT, "office"):
        id = await filled._transactions.read(
            lambda c, kind=kind: c.scalar(select(documents.c.id).where(documents.c.kind == kind))  # type: ignore[misc]
        )
        await change_row(filled, id, another_version)
    await second.outbox.tidy()
    assert await second.read(lambda uow: uow.find(Draft)) == []
    assert (await second.condition(T0)).leftovers == 0
    assert await second.unreadable() == ["office/office"]


async def test_damaged_cases_tell_nothing_and_forget_nobody(filled: SqlDatabase, second: SqlDatabase) -> None:
    """No earlier state is used either: people released since would be in it again."""
    seat = replace(some.SUCCESSOR, id="released", person_id="nurse", takes_over=None)
    await filled.write(lambda uow: uow.add(some.STRANGER, replace(seat, person_id=some.STRANGER.id)))
    (stored,) = await filled.read(lambda uow: uow.find(Seat, id="released"))
    await filled.write(lambda uow: uow.change(stored, ended_at=T0))
    waiting = [Notification(Kind.ROOM, case, case_id=case) for case in ("case", "other")]
    await filled.write(lambda uow: uow.enqueue(*waiting))
    await change_row(filled, "case", one_bit)

    assert await filled.read(lambda uow: uow.cases_with(some.STRANGER.id)) == []
    assert await filled.read(lambda uow: uow.case_of_channel("C1")) is None
    await must_fail(KeyLost, filled.read(lambda uow: uow.case_file("case")), match="documents:case:case:")
    await must_fail(KeyLost, filled.read(lambda uow: uow.get(Seat, "released")))
    claimed = await filled.outbox.claim(9)
    assert [claim.notification.case_id for claim in claimed.rows] == ["other"]
    assert [(row.case_id, row.error) for row in claimed.set_aside] == [("case", "KeyLost")]
    reported, compared = (
        lambda uow: report_of(uow, some.TEAM, MONTH),
        lambda uow: plan_import(uow, FileTable.model_construct(teams=())),
    )
    for alone in (forget_people, compared, reported):
        for database in (filled, second):
            await must_fail(KeyLost, database.write(alone))
    assert await filled.read(lambda uow: uow.get(Person, some.STRANGER.id)) == some.STRANGER


def test_what_would_not_open_again_is_not_written() -> None:
    made = document.Document("guidance/guidance")
    made.put(replace(some.GUIDANCE, answers="many"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Expected `int`"):
        made.text()


async def test_what_a_newer_version_wrote_stays(filled: SqlDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(document, "FORMAT", FORMAT + 1)
        document._model.cache_clear()
        await filled.write(lambda uow: uow.add(some.GUIDANCE))
    document._model.cache_clear()
    with pytest.raises(KeyLost, match="guidance/guidance was written by a newer version"):
        await filled.read(lambda uow: uow.get(Guidance, "guidance"))
    assert await filled.read(lambda uow: uow.find(Guidance)) == []


def test_fields_that_this_version_does_not_know_are_not_dropped() -> None:
    made = document.Document("guidance/guidance")
    made.put(some.GUIDANCE)
    parsed = json.loads(made.text())
    parsed["Guidance"][0]["invented_later"] = 1
    with pytest.raises(KeyLost, match="not in a format that this version knows"):
        document.Document("guidance/guidance").read(json.dumps(parsed))


def test_an_older_format_is_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(parsed: dict[str, Any]) -> None:
        for each in parsed["Guidance"]:
            each["text"] = each.pop("question")

    monkeypatch.setattr(document, "LIFTS", {FORMAT - 1: renamed})
    made = document.Document("guidance/guidance")
    made.put(some.GUIDANCE)
    older = made.text().replace('"text":', '"question":')
    older = older.replace(f'"format":{FORMAT}', f'"format":{FORMAT - 1}')
    lifted = document.Document("guidance/guidance")
    lifted.read(older)
    assert lifted.root == some.GUIDANCE
    lost = older.replace('"question":', '"text":')
    unknown = older.replace(f'"format":{FORMAT - 1}', '"format":-1')
    for wrong in (lost, unknown, "{}", "[]", "no JSON"):
        with pytest.raises(KeyLost, match="guidance/guidance is not in a format that this version knows"):
            document.Document("guidance/guidance").read(wrong)


def test_every_older_format_has_a_lift_and_another_shape_is_another_format() -> None:
    assert set(LIFTS) == set(range(1, FORMAT))
    assert read()["shape"] == shape(), (
        "what is in documents has changed: raise FORMAT, and write its lift; before the candidate is tagged, "
        "`make docs` stores it anew"
    )


async def test_of_what_is_erased_what_is_counted_is_left(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*EVERYTHING))
    erased = [aggregate for aggregate in AGGREGATES.values() if aggregate.kept]
    roots: list[Any] = [e for e in EVERYTHING if type(e) in {aggregate.root for aggregate in erased}]
    assert len(roots) == len(erased)
    for root in roots:
        await database.write(lambda uow, root=root: uow.change(root, purged_at=T0))  # type: ignore[misc]
    for aggregate in erased:
        (over,) = (replace(each, purged_at=T0) for each in roots if type(each) is aggregate.root)
        (left,) = await database.read(lambda uow, kind=aggregate.root: uow.find(kind))  # type: ignore[misc]
        kept = {f.name for f in fields(left) if getattr(left, f.name) == getattr(over, f.name)}
        assert kept >= aggregate.kept[aggregate.root]
        assert not {f.name for f in fields(left) if getattr(left, f.name)} - aggregate.kept[aggregate.root]
        for kind in (each.kind for each in aggregate.kinds if each.kind not in aggregate.kept):
            assert await database.read(lambda uow, kind=kind: uow.find(kind)) == [], kind  # type: ignore[misc]
    (room,) = await database.read(lambda uow: uow.find(Room))
    assert (room.channel_id, room.name, room.members) == (None, None, ())
    (former,) = await database.read(lambda uow: uow.find(FormerRoom))
    assert (former.code, former.channel_id, former.members) == ("p4qx", "", ())
    assert await database.read(lambda uow: uow.cases_of_team("team")) == []
    drawn = await database.read(lambda uow: (uow.find(Case, code="k7f3"), uow.find(FormerRoom, code="p4qx")))
    assert all(drawn), "no code is given out again"


async def test_an_item_stands_until_it_is_being_erased(database: SqlDatabase) -> None:
    guidance = replace(some.GUIDANCE, erasing_since=None, purged_at=None)

    async def stands() -> bool:
        return await database.read(lambda uow: uow.item_stands(guidance.item))

    assert not await stands()
    await database.write(lambda uow: uow.add(guidance))
    assert await stands()
    await database.write(lambda uow: uow.change(guidance, erasing_since=T0))
    assert not await stands()


async def test_its_size_tells_nothing_but_blocks(filled: SqlDatabase) -> None:
    rows = await filled._transactions.read(lambda c: c.execute(select(documents)).all())
    assert len({len(row.sealed) % Documents.block for row in rows}) == 1


async def test_what_another_process_has_changed_is_found(filled: SqlDatabase, second: SqlDatabase) -> None:
    assert await second.read(lambda uow: uow.find(DrillAsk, token="token-d")) == []
    await filled.write(lambda uow: uow.add(some.DRILL, some.DRILL_ASK))
    assert await second.read(lambda uow: uow.find(DrillAsk, token="token-d")) == [some.DRILL_ASK]
    (seat,) = await second.read(lambda uow: uow.find(Seat, person_id="officer", ended_at=None))
    await second.write(lambda uow: uow.change(seat, ended_at=T0))
    for database in (second, filled):
        assert await database.read(lambda uow: uow.find(Seat, person_id="officer", ended_at=None)) == []
        assert await database.read(lambda uow: uow.cases_with("officer")) == []


async def test_what_a_transaction_has_changed_it_finds(filled: SqlDatabase) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.add(some.DRILL, some.DRILL_ASK)
        assert uow.find(DrillAsk, token="token-d") == [some.DRILL_ASK]
        asked = uow.change(some.DRILL_ASK, token="another")
        assert uow.find(DrillAsk, token="token-d") == []
        assert uow.find(DrillAsk, token="another") == [asked]
        uow.remove(asked)
        assert uow.get(DrillAsk, "drill-ask") is None

    await filled.write(work)


@sqlite_alone
async def test_what_is_rolled_back_is_found_by_nobody(filled: SqlDatabase) -> None:
    """The cache that it leaves is never used."""

    def fails(uow: UnitOfWork) -> None:
        uow.add(some.DRILL, some.DRILL_ASK)
        uow.change(OTHERS_ROOM, channel_id="C7")
        raise LookupError

    async def failing() -> None:
        await must_fail(LookupError, filled.write(fails))

    async def looking(look: Any) -> None:
        assert await look(lambda uow: uow.find(DrillAsk, token="token-d")) == []
        assert await look(lambda uow: uow.case_of_channel("C7")) is None
        assert await look(lambda uow: uow.case_of_channel("C9")) == "other"

    looks = (filled.write, filled.read)
    await asyncio.gather(*(work for _ in range(8) for work in (failing(), *map(looking, looks))))
