"""The candidate's database comes to the present schema with rows, log, keys and all that waits; and back."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind
from bot.usecases.ports import UnitOfWork
from storage import audit_guards, migrate
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import Keystore, keystore_url
from storage.crypto.master_key import secret_of_environment
from storage.stored import STORED
from storage.transactions import database_url as with_driver
from tests.databases import SettableClock, keystore_of, open_database
from tests.ledgers import entries_in
from tests.storage.entities import EVERYTHING
from tests.storage.released import put_back, read, tables_of

CLAIMED_AT_ONCE = 1000


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    engine = create_engine(with_driver(url))
    with engine.connect() as connection:
        found = tables_of(connection)
        assert audit_guards.faults(connection) == []
    engine.dispose()
    return found


async def test_it_comes_to_the_present_schema_and_goes_back(
    empty_url: str, clock: SettableClock, tmp_path: Path
) -> None:
    kept = read()["tables"]
    assert all(kept.values()), "every table had rows"
    put_back(empty_url)
    assert rows_of(empty_url) == kept, "as they were stored"

    migrate.upgrade(empty_url)

    assert migrate.differences(empty_url) == [], (
        "the schema has changed: write a migration; before the candidate is tagged, "
        "`python -m tests.storage.released` stores it anew"
    )
    after = rows_of(empty_url)
    for name, rows in kept.items():
        assert [{key: row[key] for key in rows[0]} for row in after[name]] == rows, name

    clock.move(timedelta(days=3650))
    database = open_database(empty_url, clock)
    await database.check_schema()
    assert await database.log.verify() == (len(kept["audit"]), None)
    for kind in STORED:
        found = await database.read(partial(_all_of, kind))
        assert len(found) == sum(type(each) is kind for each in EVERYTHING), kind
    await database.back_up(tmp_path / "before.backup")
    before = rows_of(empty_url)

    entries = await database.read(entries_in)
    assert {entry.kind for entry in entries} == set(Kind)
    waited = sorted(entry.kind for entry in entries if entry.unfinished)
    claimed = await database.outbox.claim(CLAIMED_AT_ONCE)
    assert sorted(claim.notification.kind for claim in claimed.rows) == waited
    assert await database.outbox.set_aside_count() == 0
    await database.write(lambda uow: uow.add(Person("later", "Nora")))
    await database.close()

    with closing(
        Keyring(Keystore(keystore_url(empty_url, keystore_of(empty_url))), secret_of_environment())
    ) as keys:
        back = restore(empty_url, keys, tmp_path / "before.backup", over_newer=True)
    assert back.held_back == len(waited)
    assert {**rows_of(empty_url), **_apart(before)} == before
    assert migrate.differences(empty_url) == []


def _apart(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows that restoring changes on purpose: no form is in a backup, what waited is held back."""
    return {name: rows[name] for name in ("documents", "installation", "ledgers")}


def _all_of(kind: type[Any], uow: UnitOfWork) -> list[Any]:
    return uow.find(kind)
