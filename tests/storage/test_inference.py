"""The database alone does not tell who is in which case; `python -m tests.inference` plays many more."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.entities import Ask
from bot.domain.joint import JointEntry
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase
from tests.inference.attacker import Attack, stolen
from tests.inference.play import play
from tests.inference.score import scored
from tests.storage import entities as some


@pytest.mark.long
@pytest.mark.parametrize(
    ("cases", "database_url"),
    [(1, "sqlite"), pytest.param(2, "postgres", marks=pytest.mark.slow)],
    indirect=["database_url"],
)
async def test_a_thief_does_no_better_than_a_guess(cases: int, database_url: str, tmp_path: Path) -> None:
    truth, people = await play(database_url, tmp_path, cases, seed=18)
    rows = stolen(database_url)
    score = scored(Attack(rows, people), truth)
    # As many as can tell a thief from a guess: of both who is in a case and who is not.
    assert score.pairs.of > 10 * cases
    assert 0 < score.pairs.right < score.pairs.of
    assert (score.named.right, dict(score.why)) == (0, {})
    assert score.thief == score.nobody
    # Where a row lies tells nothing: PostgreSQL writes a changed one somewhere else, until it is tidied up.
    if "postgresql" in database_url:
        lie = sorted(rows["ledgers"], key=lambda row: tuple(map(int, row["@ctid"].strip("()").split(","))))
        assert [row["scope"] for row in lie] == sorted(row["scope"] for row in lie)
    # A table that tells is found: the same thief, in so few cases, is no bad one.
    told = [{"case": case, "person": person} for case, inside in truth.items() for person in sorted(inside)]
    found = scored(Attack({**rows, "told": told}, people), truth)
    assert found.named.right == found.named.of > cases


@pytest.mark.slow
def test_it_is_told_as_a_table() -> None:
    playing = [sys.executable, "-m", "tests.inference", "1"]
    done = subprocess.run(playing, check=True, capture_output=True, text=True, timeout=600)
    rows = re.findall(r"^(1 cases|all) +\d+/(\d+) = ", done.stdout, re.M)
    assert rows == [("1 cases", "25"), ("all", "25")]


#: What a mail tells its reader.
UID, TOKEN = "0f2d6c9a4b7e81d35c60@tot", "5b1e9d7c3a"
SENT = [
    *(replace(e, uid=UID) if isinstance(e, Ask) and e.id == some.ASK.id else e for e in some.OPEN),
    replace(some.ENTRY, uid=UID, token=TOKEN),
    *(replace(some.JOINT, purged_at=None), replace(some.INVITED, uid=f"9{UID}")),
    replace(some.JOINT_ENTRY, uid=f"9{UID}", token=f"9{TOKEN}"),
]


async def test_a_mail_leads_to_no_case(database: SqlDatabase, database_url: str) -> None:
    """Whoever has an invitation in hand, and the database, does not find the two together."""
    await database.write(lambda uow: uow.add(*SENT))
    rows = repr(stolen(database_url))
    assert f"'id': '{some.CASE.id}'" in rows
    assert UID not in rows
    assert TOKEN not in rows


async def test_a_mail_is_found_by_its_id_and_its_token(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*SENT))

    def look(uow: UnitOfWork) -> list[list[str]]:
        found: list[list[CalendarEntry] | list[JointEntry]] = [
            *(uow.find(CalendarEntry, uid=UID), uow.find(CalendarEntry, token=TOKEN)),
            *(uow.find(JointEntry, uid=f"9{UID}"), uow.find(JointEntry, token=f"9{TOKEN}")),
            *(uow.find(CalendarEntry, token=f"9{TOKEN}"), uow.find(JointEntry, token=TOKEN)),
        ]
        return [[each.id for each in entries] for entries in found]

    case, joint = [some.ENTRY.id], [some.JOINT_ENTRY.id]
    assert await database.read(look) == [case, case, joint, joint, [], []]
