"""The database alone does not reveal who is in which case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case.entities import Ask
from storage.database import SqlDatabase
from tests.inference.attacker import Attack, stolen
from tests.inference.play import play
from tests.storage import entities as some
from tests.storage.entities import HOUR, T0

SECOND = timedelta(seconds=1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("cases", "database_url"),
    [(1, "sqlite"), pytest.param(2, "postgres", marks=pytest.mark.slow)],
    indirect=["database_url"],
)
async def test_a_thief_does_no_better_than_a_guess(cases: int, database_url: str) -> None:
    truth, people = await play(database_url, cases, seed=18)
    rows = stolen(database_url)
    attack = Attack(rows, people)
    assert len(truth) > cases
    assert (attack.named(truth), dict(attack.why)) == (set(), {})
    # A row's position reveals nothing: PostgreSQL writes a changed row elsewhere, until it is reordered.
    if "postgresql" in database_url:
        lie = sorted(rows["ledgers"], key=lambda row: tuple(map(int, row["@ctid"].strip("()").split(","))))
        assert [row["scope"] for row in lie] == sorted(row["scope"] for row in lie)
    # The same thief is competent: it finds revealing tables, by neighbours, by a name, or by the time.
    pairs = [(case, person) for person, case in sorted(truth)]
    for told in (
        {"told": [{"case": case, "person": person} for case, person in pairs]},
        {
            "cases": [{"case": case, "mark": f"{case}-{person}".encode()} for case, person in pairs],
            "people": [{"person": person, "mark": f"{case}-{person}".encode()} for case, person in pairs],
        },
        {
            "cases": [{"case": case, "at": T0 + n * HOUR} for n, (case, _) in enumerate(pairs)],
            "people": [{"person": person, "at": T0 + n * HOUR} for n, (_, person) in enumerate(pairs)],
        },
        {
            "cases": [{"case": case, "at": T0 + n * HOUR} for n, (case, _) in enumerate(pairs)],
            "people": [{"person": who, "at": T0 + n * HOUR + SECOND} for n, (_, who) in enumerate(pairs)],
        },
    ):
        assert Attack({**rows, **told}, people).named(truth) == truth


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
