"""People removed from the directory, or who only looked in, are forgotten once nothing names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.case.entities import FormerRoom, Room
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.usecases.overview import KEPT, forget_people
from bot.usecases.ports import Draft, Posted
from storage.crypto.keyring import INSTALLATION
from storage.database import SqlDatabase
from storage.schema.documents import documents
from storage.schema.ledgers import ledgers
from storage.unit_of_work import STORED
from tests.bot import cast
from tests.bot.cast import DAY
from tests.databases import SettableClock, sqlite_alone
from tests.e2e.at_rest import at_rest
from tests.ledgers import waiting_in
from tests.storage.entities import EVERYTHING


async def known(database: SqlDatabase) -> set[str]:
    return {p.id for p in await database.read(lambda uow: uow.find(Person))}


def posted(subject: str, person_id: str, clock: SettableClock) -> Posted:
    """Return a message posted in somebody's direct messages."""
    key = f"{subject}:{person_id}"
    return Posted(key, key, Kind.APPOINTED, subject, "op", "D1", key, "digest", clock.now(), None, person_id)


async def sealed(database: SqlDatabase) -> list[bytes]:
    """Return pieces of the stored directory, and of the ledger that records who was written to."""

    def look(connection: Connection) -> list[bytes]:
        whole = [
            *connection.scalars(select(documents.c.sealed).where(documents.c.kind == "directory")),
            *connection.scalars(select(ledgers.c.sealed).where(ledgers.c.scope == INSTALLATION)),
        ]
        # SQLite stores at most a page contiguously.
        return [value[at : at + 32] for value in whole for at in range(0, len(value), 500)]

    return await database._transactions.read(look)


async def test_nothing_is_left_of_who_was_taken_out(
    database: SqlDatabase, database_url: str, clock: SettableClock
) -> None:
    clerk = replace(cast.PERSONS["clerk"], language=Language.EN)
    role = next(c for c in cast.CONTACTS if c.id == "social:clerk")
    rest = [each for each in cast.DIRECTORY if each not in (role, cast.PERSONS["clerk"])]
    over = Coordinator("over", "team", "clerk", cast.T0, until=cast.T0)
    role = replace(role, title="saksbehandler kveld")
    await database.write(lambda uow: uow.add(*rest, clerk, role, over, posted("team", "clerk", clock)))
    clock.move(KEPT - DAY)
    await database.write(forget_people)
    assert "clerk" in await known(database), "a contact is not forgotten"
    await database.write(lambda uow: uow.change(role, retired=True) and None)
    await database.write(forget_people)
    assert "clerk" in await known(database), "the bot wrote to them less than a month ago"
    with_clerk = await sealed(database)
    before = at_rest(database_url)
    assert sum(piece in before for piece in with_clerk) > 0.9 * len(with_clerk)

    clock.move(2 * DAY)
    await database.write(forget_people)

    assert await known(database) == {*cast.PERSONS} - {"clerk", "stranger"}
    rows = await database.read(lambda uow: [uow.find(kind) for kind in STORED])
    assert "clerk" not in repr(rows), "neither Slack id, mail address, role, title nor message"
    await database.close()
    after = at_rest(database_url)
    assert not [piece for piece in with_clerk if piece in after]


@sqlite_alone
async def test_what_keeps_who_has_no_role_and_how_long(database: SqlDatabase, clock: SettableClock) -> None:
    relieved = replace(cast.COORDINATORS[0], until=cast.T0)
    both = next(c for c in cast.CONTACTS if c.id == "social:both")
    changed = [relieved, replace(both, retired=True)]
    rest = [each for each in cast.DIRECTORY if each not in (cast.COORDINATORS[0], both)]
    speaks = Person("speaks", "U-speaks", language=Language.NN, language_on=clock.now().date())
    form = Draft("form", "officer", f'{{"chair": "{cast.slack("stranger")}"}}', clock.now())
    told = posted("social:both", "officer", clock)
    await database.write(lambda uow: uow.add(*rest, *changed, speaks, form, told))

    await database.write(forget_people)
    assert await known(database) == {*cast.PERSONS, "speaks"} - {"coordinator"}
    posts = await database.read(lambda uow: uow.find(Coordinator))
    assert relieved not in posts, "with them goes when they were one"
    assert await database.read(lambda uow: uow.get(Contact, both.id)), "a message tells of the role"

    clock.move(KEPT - DAY)
    await database.write(lambda uow: uow.remove(form))
    await database.write(forget_people)
    assert await known(database) == {*cast.PERSONS, "speaks"} - {"coordinator", "stranger"}

    clock.move(2 * DAY)
    await database.write(forget_people)
    assert "speaks" not in await known(database), "whoever chose a language is kept for a month"
    assert await database.read(lambda uow: uow.get(Contact, both.id)) is None
    assert "both" in await known(database), "they have another role"
    waiting = await waiting_in(database)
    assert [(n.subject, n.recipient) for n in waiting] == [(both.id, "officer")], "it is taken away"


def _naming() -> Iterator[tuple[type[Any], str]]:
    """Yield every column that names somebody, outside the directory: a new one is included automatically."""
    for kind, mapper in STORED.items():
        if kind not in (Contact, Coordinator):
            yield from ((kind, name) for name in mapper.persons)
    yield from ((Room, "members"), (Room, "left_out"), (FormerRoom, "members"))


def _each_named_alone(entities: Iterable[Any]) -> tuple[list[Any], list[Person]]:
    """Return the unfinished examples, with a different person in each column that names one."""
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


@sqlite_alone
async def test_nobody_is_forgotten_whom_anything_names(database: SqlDatabase) -> None:
    entities, people = _each_named_alone(e for e in EVERYTHING if not isinstance(e, Person))
    assert {(type(e), name) for e in entities for kind, name in _naming() if type(e) is kind} == {*_naming()}
    directory = [e for e in EVERYTHING if isinstance(e, Person)]
    nobody = Person("nobody", "U-nobody", language=Language.EN, language_on=date(2020, 1, 1))
    await database.write(lambda uow: uow.add(*directory, *people, nobody, *entities))
    await database.write(forget_people)
    left = await known(database)
    assert {p.id for p in people} - left == set()
    assert "nobody" not in left
