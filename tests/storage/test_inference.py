"""The database alone does not reveal who is in which case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.inference.attacker import Attack, stolen
from tests.inference.play import play
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
