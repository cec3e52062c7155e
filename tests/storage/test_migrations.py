"""One history for both databases: from nothing or the candidate's database to head, all of it or nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from bot.domain.directory.entities import Person
from bot.domain.errors import TotError
from bot.domain.notifications import Kind
from storage import migrate, schema
from storage.schema import SchemaError, metadata
from storage.unit_of_work import STORED
from tests import databases
from tests.databases import SettableClock, connected, open_database, opened
from tests.ledgers import entries_in
from tests.storage.conftest import must_fail
from tests.storage.entities import EVERYTHING
from tests.storage.released import put_back, read, tables_of


def current(url: str) -> str | None:
    with connected(url) as connection:
        return schema.revision_of(connection)


def differences(url: str) -> list[Any]:
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, metadata)
        return found


def table_names(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


def test_from_nothing_to_head_and_quiet(empty_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert current(empty_url) is None
    assert migrate.upgrade(empty_url)
    assert current(empty_url) == schema.NEWEST
    assert table_names(empty_url) == {*metadata.tables, "alembic_version"}

    assert not migrate.upgrade(empty_url), "there is nothing to apply"
    assert capfd.readouterr() == ("", "")


def test_two_upgrades_at_once_follow_each_other(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(migrate.upgrade, [empty_url] * 2)) == [False, True]
    assert current(empty_url) == schema.NEWEST


def test_the_start_knows_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(migrate.configuration()).get_heads() == [schema.NEWEST]


async def test_only_the_newest_schema_will_do(empty_url: str, clock: SettableClock) -> None:
    async with opened(empty_url, clock) as database:
        if empty_url.startswith("sqlite"):
            # No file is made: an empty one in the wrong place would be taken for the database.
            for _ in range(2):
                await must_fail(TotError, database.check_schema(), match="run `tot migrate`")
            table_names(empty_url)
        await must_fail(SchemaError, database.check_schema(), match="no tables yet: run `tot migrate`")

        migrate.upgrade(empty_url)
        await database.check_schema()

        behind = pytest.raises(SchemaError, match=r"older than 9001: run `tot migrate`")
        with behind, connected(empty_url) as connection:
            schema.check(connection, "9001")

        with connected(empty_url) as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
        with pytest.raises(SchemaError, match="9001, which this version of the bot does not know"):
            await database.check_schema()
        with pytest.raises(SchemaError, match="does not know"):
            migrate.upgrade(empty_url)


CLAIMED_AT_ONCE = 1000


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    with connected(url) as connection:
        return tables_of(connection)


async def test_it_comes_to_the_present_and_back(empty_url: str, clock: SettableClock, tmp_path: Path) -> None:
    kept = read()["tables"]
    assert all(kept.values()), "every table had rows"
    put_back(empty_url)
    assert rows_of(empty_url) == kept, "as they were stored"

    migrate.upgrade(empty_url)

    assert differences(empty_url) == [], (
        "the schema has changed: write a migration; before the candidate is tagged, "
        "`make docs` stores it anew"
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
    claimed: list[Kind] = []
    # One claim ends early where it takes long.
    while rows := (await database.outbox.claim(CLAIMED_AT_ONCE)).rows:
        claimed += (claim.notification.kind for claim in rows)
    assert sorted(claimed) == waited
    assert await database.outbox.set_aside_count() == 0
    await database.write(lambda uow: uow.add(Person("later", "Nora")))
    await database.close()

    assert databases.put_back(empty_url, tmp_path / "before.backup") == len(waited)
    # Restoring changes these on purpose: no form is in a backup, waiting entries are held back.
    apart = {name: before[name] for name in ("documents", "installation", "ledgers")}
    assert {**rows_of(empty_url), **apart} == before
    for forbidden in ("UPDATE audit SET event = 'x'", "DELETE FROM audit WHERE number = 1"):
        with pytest.raises(DBAPIError, match="append-only"), connected(empty_url) as connection:
            connection.exec_driver_sql(forbidden)
    assert differences(empty_url) == []
