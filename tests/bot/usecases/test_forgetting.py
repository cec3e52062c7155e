"""People taken out of the directory, or who only looked in, are forgotten once nothing names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.case.entities import Answer, DeclineReason, FormerRoom, Room, RoomTrouble, SeatEnd
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.language import Language
from bot.domain.notification_params import At
from bot.domain.notifications import Kind
from bot.usecases.directory.agencies import KeepContact, keep_contact
from bot.usecases.directory.coordinators import Appoint, Relieve, appoint, relieve
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.overview import KEPT, forget_people
from bot.usecases.ports import Draft, UnitOfWork
from bot.usecases.profile import SetLanguage, set_language
from storage.database import SqlDatabase
from storage.mapper import MAPPERS
from storage.schema.directory import persons
from storage.unit_of_work import SqlUnitOfWork
from tests.bot import cast
from tests.bot.usecases.town import Town
from tests.storage.entities import EVERYTHING
from tests.storage.test_stolen import dump

DAY = timedelta(days=1)


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def take_out(town: Town, contact: str) -> None:
    agency, _ = contact.split(":")
    out = KeepContact(agency, 2, cast.CONTACTS[-1].hours, contact_id=contact, retire=True)
    await town.do(keep_contact, "coordinator", out)


async def known(town: Town) -> set[str]:
    return {p.id for p in await town.database.read(lambda uow: uow.find(Person))}


def everything(uow: UnitOfWork) -> str:
    """All rows of all entities, opened with the keys."""
    return "\n".join(repr(entity) for kind in MAPPERS for entity in uow.find(kind))


def sealed_of(uow: UnitOfWork, person_id: str) -> list[bytes]:
    """Return a person's row as it stands: sealed, and by blind index."""
    assert isinstance(uow, SqlUnitOfWork)
    row = uow._connection.execute(select(persons).where(persons.c.id == person_id)).one()
    return [value for value in row if isinstance(value, bytes)]


def stored_bytes(url: str, folder: Path) -> bytes:
    """The file with all that lies beside it, also where nothing is any more; on PostgreSQL every row."""
    if not url.startswith("sqlite"):
        return dump(url, folder)
    path = Path(url.removeprefix("sqlite:///"))
    return b"".join(
        file.read_bytes() for file in path.parent.glob(f"{path.name}*") if "keys" not in file.name
    )


async def test_nothing_is_left_of_who_was_taken_out(town: Town, database_url: str, tmp_path: Path) -> None:
    await town.do(set_language, "clerk", SetLanguage(Language.EN))
    await town.do(appoint, "coordinator", Appoint("team", cast.slack("clerk")))
    await town.do(relieve, "coordinator", Relieve("team", "clerk"))
    clerk = await town.database.read(lambda uow: uow.get(Contact, "social:clerk"))
    await town.database.write(lambda uow: uow.change(clerk, title="saksbehandler kveld") and None)
    await town.posted(None, Kind.APPOINTED, "team", "clerk", At(town.clock.now()))
    await town.run(forget_people)
    assert "clerk" in await known(town), "a contact is not forgotten"
    await take_out(town, "social:clerk")
    town.clock.move(KEPT - DAY)
    await town.run(forget_people)
    assert "clerk" in await known(town), "the bot wrote to them less than a month ago"
    sealed = await town.database.read(lambda uow: sealed_of(uow, "clerk"))
    before = stored_bytes(database_url, tmp_path)
    assert all(value in before for value in sealed)

    town.clock.move(2 * DAY)
    await town.run(forget_people)

    assert await known(town) == {*cast.PERSONS} - {"clerk", "stranger"}
    rows = await town.database.read(everything)
    assert "clerk" not in rows, "neither Slack id, mail address, role, title nor message"
    await town.database.close()
    after = stored_bytes(database_url, tmp_path)
    assert not [value for value in (*sealed, b"saksbehandler kveld", b"social:clerk") if value in after]


async def test_who_comes_back_is_somebody_new(town: Town) -> None:
    await take_out(town, "social:clerk")
    await town.run(forget_people)
    back = KeepContact("social", 2, cast.CONTACTS[-1].hours, slack_id=cast.slack("clerk"))
    contact = await town.do(keep_contact, "coordinator", back)
    person = await town.database.read(lambda uow: uow.get(Person, contact.person_id))
    assert person == Person(contact.person_id, cast.slack("clerk"))
    assert person.id != "clerk"


async def test_who_is_named_by_a_case_is_kept_until_it_is_deleted(town: Town) -> None:
    case = await town.open("police", "welfare")
    await town.confirm(case.id, "officer")
    await town.answer(
        case.id, "officer", Answer.DECLINED, reason=DeclineReason.AWAY, deputy="police:sergeant"
    )
    seat = await town.seat(case.id, "officer")
    await town.run(lambda uow: uow.change(seat, ended_at=uow.now, end=SeatEnd.LEFT) and None)
    for contact in ("police:officer", "police:detective"):
        await take_out(town, contact)
    await town.run(forget_people)
    kept = await known(town)
    assert "officer" in kept, "asked in an open case, though their seat is over"
    assert "detective" not in kept, "only in the directory of its team"
    assert (await town.file(case.id)).ask((await town.ask(case.id, "officer")).id)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    await town.run(forget_people)
    assert "officer" in await known(town)
    await town.run(lambda uow: forget_case(uow, case.id))
    await town.run(forget_people)
    assert "officer" not in await known(town)


async def test_of_the_rooms_of_a_deleted_case_codes_and_years_are_left(town: Town) -> None:
    case = await town.open("police")
    room = (await town.file(case.id)).room
    now = town.clock.now()
    former = FormerRoom("former", case.id, "p4qx", "C2", now, emptied_at=now)
    still = replace(former, id="still", code="p4qy", emptied_at=None)
    in_trouble = {"trouble": RoomTrouble.SHARED, "trouble_at": now}
    await town.run(lambda uow: uow.add(former, still))
    await town.run(lambda uow: uow.change(room, **in_trouble))
    await town.do(close_case, "coordinator", CloseCase(case.id))
    await town.run(lambda uow: forget_case(uow, case.id))
    left = await town.database.read(lambda uow: uow.find(FormerRoom))
    year = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert {(r.code, r.left_at, r.emptied_at) for r in left} == {("p4qx", year, year), ("p4qy", year, None)}
    (bare,) = await town.database.read(lambda uow: uow.find(Room))
    assert (bare.trouble, bare.trouble_at) == (None, None)


async def test_a_role_that_is_over_goes_though_its_person_stays(town: Town) -> None:
    await take_out(town, "social:both")
    told = await town.posted(None, Kind.CONTACT_APPROVAL, "social:both", "coordinator", At(town.clock.now()))
    await town.run(forget_people)
    assert await town.database.read(lambda uow: uow.get(Contact, "social:both")), "a message tells of it"
    town.clock.move(KEPT + DAY)
    await town.run(forget_people)
    assert await town.database.read(lambda uow: uow.find(Contact, person_id="both", retired=True)) == []
    assert "both" in await known(town)
    assert [(n.kind, n.recipient) for n in town.left] == [(told.kind, "coordinator")], "it is taken away"


async def test_a_relieved_coordinator_is_forgotten_with_when_they_were_one(town: Town) -> None:
    await town.do(relieve, "deputy-coordinator", Relieve("team", "coordinator"))
    await town.run(forget_people)
    assert "coordinator" not in await known(town)
    posts = await town.database.read(lambda uow: uow.find(Coordinator))
    assert {p.person_id for p in posts} == {"deputy-coordinator", "other-coordinator"}


async def test_a_language_is_kept_for_a_month_where_there_is_no_role(town: Town) -> None:
    await town.do(set_language, "stranger", SetLanguage(Language.NN))
    town.clock.move(KEPT - DAY)
    await town.run(forget_people)
    assert "stranger" in await known(town)
    town.clock.move(2 * DAY)
    await town.run(forget_people)
    assert "stranger" not in await known(town)


async def test_a_form_that_names_somebody_keeps_them(town: Town) -> None:
    form = Draft("form", "coordinator", f'{{"chair": "{cast.slack("stranger")}"}}', town.clock.now())
    await town.database.write(lambda uow: uow.add(form))
    await town.run(forget_people)
    assert "stranger" in await known(town)
    await town.database.write(lambda uow: uow.remove(form))
    await town.run(forget_people)
    assert "stranger" not in await known(town)


def _naming() -> Iterator[tuple[type[Any], str]]:
    """Every column that names somebody, but those of the directory: a new one is among them by itself."""
    for kind, mapper in MAPPERS.items():
        if kind not in (Contact, Coordinator):
            yield from ((kind, name) for name in mapper.persons)
    yield from ((Room, "members"), (Room, "left_out"), (FormerRoom, "members"))


def _each_named_alone(entities: Iterable[Any]) -> tuple[list[Any], list[Person]]:
    """The examples, of what is not over, and somebody of their own in each column that names one."""
    alone, people = [], []
    for entity in entities:
        kind, changes = type(entity), {}
        for name in (name for each, name in _naming() if each is kind):
            person = Person(f"{kind.__name__}.{name}.{entity.id}", f"U-{kind.__name__}-{name}-{entity.id}")
            people.append(person)
            changes[name] = (person.id,) if isinstance(getattr(entity, name), tuple) else person.id
        over = {"purged_at": None} if hasattr(entity, "purged_at") else {}
        alone.append(replace(entity, **changes, **over))
    return alone, people


async def test_nobody_is_forgotten_whom_anything_names(database: SqlDatabase) -> None:
    entities, people = _each_named_alone(e for e in EVERYTHING if not isinstance(e, Person))
    assert {(type(e), name) for e in entities for kind, name in _naming() if type(e) is kind} == {*_naming()}
    directory = [e for e in EVERYTHING if isinstance(e, Person)]
    nobody = Person("nobody", "U-nobody", language=Language.EN, language_on=date(2020, 1, 1))
    await database.write(lambda uow: uow.add(*directory, *people, nobody, *entities))
    await database.write(forget_people)
    left = {p.id for p in await database.read(lambda uow: uow.find(Person))}
    assert {p.id for p in people} - left == set()
    assert "nobody" not in left
