"""The database alone does not reveal who is in which case: no row of it names anybody."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, select, text

from bot.cli.demo import rehearse
from bot.domain.case.entities import Ask
from bot.domain.directory.entities import Person
from storage.database import SqlDatabase
from tests.e2e import kit
from tests.storage import entities as some
from tests.stories.town import CONFIRM, Town, Townsperson

#: The people asked first, of any agency, and their deputies.
ASKED = ("politi-exit", "barnevern", "sosialtjenesten", "helse", "udi", "vara-koordinator")
DEPUTIES = {"politi-exit": "Vakthavende", "barnevern": "Leder"}


async def play(url: str, number: int, seed: int) -> list[Person]:
    """Play this many cases that overlap, some people answering and some not; return all people."""
    chance = Random(seed)  # noqa: S311
    async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        town = Town(rehearsal)
        await town.rest()
        for _ in range(number):
            await town.opens_case(*chance.sample(kit.SIX, chance.randint(3, 5)))
            # Pending asks of an earlier case are answered too.
            for handle in chance.sample(ASKED, len(ASKED)):
                await _answers(town.person(handle), chance)
            if "Godkjenn" in town.koordinator.offers("tot-bot"):
                await town.koordinator.presses("Godkjenn", in_="tot-bot")
            if chance.random() < 0.2:
                await town.koordinator.does("/tot avslutt", in_=town.room)
            await town.later(f"{chance.randint(20, 200)} s")
        await town.helse.is_deactivated()
        await rehearsal.bot.scheduler.tidy()
        return await rehearsal.bot.database.read(lambda uow: uow.find(Person))


async def _answers(who: Townsperson, chance: Random) -> None:
    """Answer the newest ask, as most people do."""
    if CONFIRM in who.offers("tot-bot") and chance.random() < 0.8:
        await who.confirms()
    if "Jeg kommer" not in who.offers("tot-bot"):
        return
    if who.handle in DEPUTIES and chance.random() < 0.4:
        await who.does("Kan ikke", {"i stedet": DEPUTIES[who.handle]}, in_="tot-bot")
    elif chance.random() < 0.8:
        await who.presses("Jeg kommer", in_="tot-bot")


def stolen(url: str) -> list[dict[str, Any]]:
    """Return every row of every table, as whoever has the database and no key reads it."""
    engine, tables = create_engine(url), MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        rows = [dict(row) for t in tables.sorted_tables for row in connection.execute(select(t)).mappings()]
    engine.dispose()
    return rows


@pytest.mark.long
@pytest.mark.parametrize(
    ("cases", "database_url"),
    [(1, "sqlite"), pytest.param(2, "postgres", marks=pytest.mark.slow)],
    indirect=["database_url"],
)
async def test_no_row_names_anybody(cases: int, database_url: str) -> None:
    """Not even by a pseudonym: bytes that recur would tie somebody to what was written beside them."""
    people = await play(database_url, cases, seed=18)
    names = {name for each in people for name in (each.id, each.slack_id, each.work_mail) if name}
    assert len(names) > 2 * len(people)
    rows = stolen(database_url)
    assert [row.get("kind") for row in rows].count("case") == cases
    assert [name for name in names if name in repr(rows)] == []
    sealed = [value for row in rows for value in row.values() if isinstance(value, bytes)]
    assert len(set(sealed)) == len(sealed)
    # Nor by where a row lies: PostgreSQL writes a changed row elsewhere, until it is reordered.
    if "postgresql" in database_url:
        with create_engine(database_url).connect() as connection:
            lie = list(connection.scalars(text("SELECT scope FROM ledgers ORDER BY ctid")))
        assert lie == sorted(lie)


#: What a mail reveals to its reader.
UID, TOKEN = "0f2d6c9a4b7e81d35c60@tot", "5b1e9d7c3a"
SENT = [
    *(replace(e, uid=UID) if isinstance(e, Ask) and e.id == some.ASK.id else e for e in some.OPEN),
    replace(some.ENTRY, uid=UID, token=TOKEN),
    *(replace(some.JOINT, purged_at=None), replace(some.INVITED, uid=f"9{UID}")),
    replace(some.JOINT_ENTRY, uid=f"9{UID}", token=f"9{TOKEN}"),
]


async def test_a_mail_leads_to_no_case(database: SqlDatabase, database_url: str) -> None:
    """Somebody with an invitation and the database cannot connect the two."""
    await database.write(lambda uow: uow.add(*SENT))
    rows = repr(stolen(database_url))
    assert f"'id': '{some.CASE.id}'" in rows
    assert UID not in rows
    assert TOKEN not in rows
