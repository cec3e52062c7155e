"""The candidate's database comes to the present schema with rows, log, keys and all that waits; and back."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind
from storage import audit_guards, migrate
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.master_key import secret_of_environment
from storage.stored import STORED
from tests.databases import SettableClock, connected, keystore_at, open_database
from tests.ledgers import entries_in
from tests.storage.entities import EVERYTHING
from tests.storage.released import put_back, read, tables_of

CLAIMED_AT_ONCE = 1000


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    with connected(url) as connection:
        assert audit_guards.faults(connection) == []
        return tables_of(connection)


async def test_it_comes_to_the_present_and_back(empty_url: str, clock: SettableClock, tmp_path: Path) -> None:
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
        found = await database.read(lambda uow, kind=kind: uow.find(kind))  # type: ignore[misc]
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

    with closing(Keyring(keystore_at(empty_url), secret_of_environment())) as keys:
        back = restore(empty_url, keys, tmp_path / "before.backup", over_newer=True)
    assert back.held_back == len(waited)
    # Restoring changes these on purpose: no form is in a backup, what waited is held back.
    apart = {name: before[name] for name in ("documents", "installation", "ledgers")}
    assert {**rows_of(empty_url), **apart} == before
    assert migrate.differences(empty_url) == []
