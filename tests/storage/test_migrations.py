"""One history for both databases: from nothing to head, nothing lost, all of it or none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from typing import TypeVar

import pytest
from alembic.config import Config
from sqlalchemy import Connection, create_engine, inspect, text

from storage import migrate, schema
from storage.database import NoSuchFile
from storage.migrate import BrokenReferences, SchemaError
from storage.schema import metadata
from storage.transactions import database_url as with_driver
from tests.databases import SettableClock, open_database
from tests.storage.entities import EVERYTHING

HEADER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = {revision!r}, {down!r}


def upgrade():
"""


Later = Callable[..., Config]
T = TypeVar("T")


@pytest.fixture
def later(tmp_path: Path) -> Later:
    """Alembic's configuration with revisions that follow ours, each given as the body of its upgrade."""
    folder = tmp_path / "later"
    folder.mkdir()

    def write(*bodies: str) -> Config:
        down = migrate.head()
        for number, body in enumerate(bodies, start=9001):
            header = HEADER.format(revision=str(number), down=down)
            (folder / f"{number}.py").write_text(
                header + "".join(f"    {s}\n" for s in dedent(body).splitlines())
            )
            down = str(number)
        config = migrate.configuration()
        ours = config.get_main_option("version_locations")
        config.set_main_option("version_locations", f"{ours}\n{folder}")
        return config

    return write


def look(url: str, question: Callable[[Connection], T]) -> T:
    engine = create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()


def tables_of(url: str) -> set[str]:
    return look(url, lambda c: set(inspect(c).get_table_names()))


def test_from_nothing_to_head_and_quiet(empty_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    applied: list[str] = []
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url, lambda revision, title: applied.append(f"{revision} {title}"))
    assert migrate.current(empty_url) == migrate.head() == applied[-1].split()[0]
    assert all(len(line.split()) > 2 for line in applied)
    assert tables_of(empty_url) == {*metadata.tables, "alembic_version"}

    migrate.upgrade(empty_url, lambda *_: pytest.fail("there is nothing to apply"))
    assert capfd.readouterr() == ("", "")


async def fill(url: str, clock: SettableClock) -> None:
    database = open_database(url, clock)
    await database.write(lambda uow: uow.add(*EVERYTHING))
    await database.close()


def definitions(connection: Connection) -> set[tuple[str, str]]:
    """Each line that defines something of a table, in no order."""
    rows = connection.execute(text("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    # A table that has been made anew has its name in quotes.
    return {(table, line.strip(" \t,").replace('"', "")) for table, sql in rows for line in sql.splitlines()}


def contents(connection: Connection) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a checksum of them, by the columns that we know."""
    found = {}
    for table in metadata.sorted_tables:
        rows = sorted(map(repr, connection.execute(table.select())))
        found[table.name] = (len(rows), hashlib.sha256("".join(rows).encode()).hexdigest())
    return found


async def test_every_row_survives_the_rebuilding_of_a_table_that_others_refer_to(
    sqlite_database_url: str, later: Later, clock: SettableClock
) -> None:
    """As SQLite needs it for almost every change; PostgreSQL changes a table where it stands."""
    database_url = sqlite_database_url
    await fill(database_url, clock)
    cascading = """
        reference = sa.ForeignKey("persons.id", ondelete="CASCADE", name="fk_pets_person")
        columns = sa.Column("id", sa.Text, primary_key=True), sa.Column("owner", sa.Text, reference)
        op.create_table("pets", *columns)
        op.execute("INSERT INTO pets SELECT 'pet of ' || id, id FROM persons")
    """
    rebuilding = """
        for table in ("persons", "teams", "contacts"):
            with op.batch_alter_table(table, recreate="always") as batch:
                batch.add_column(sa.Column("extra", sa.Text, server_default="x"))
    """
    before, defined = look(database_url, contents), look(database_url, definitions)
    migrate.upgrade(database_url, config=later(cascading, rebuilding))
    after = look(database_url, contents)

    assert after == before
    lost = defined - look(database_url, definitions)
    assert not any("INDEX" in line or "CONSTRAINT" in line for _, line in lost), lost
    assert all(count for name, (count, _) in after.items() if name not in ("receipts", "audit"))
    assert look(database_url, lambda c: c.scalar(text("SELECT count(*) FROM pets"))) == before["persons"][0]
    extra = text("SELECT count(*) FROM contacts WHERE extra = 'x'")
    assert look(database_url, lambda c: c.scalar(extra)) == 2


async def test_a_migration_that_leaves_broken_references_is_undone(
    sqlite_database_url: str, later: Later, clock: SettableClock
) -> None:
    await fill(sqlite_database_url, clock)
    before = look(sqlite_database_url, contents)
    with pytest.raises(BrokenReferences, match=r"9001: .* refers to no teams"):
        migrate.upgrade(sqlite_database_url, config=later("""op.execute("DELETE FROM teams")"""))
    assert look(sqlite_database_url, contents) == before
    assert migrate.current(sqlite_database_url) == migrate.head()


def test_an_upgrade_that_fails_half_way_leaves_nothing(empty_url: str, later: Later) -> None:
    half = """op.create_table("half", sa.Column("id", sa.Text, primary_key=True))"""
    with pytest.raises(LookupError):
        migrate.upgrade(empty_url, config=later(half, "raise LookupError"))
    assert migrate.current(empty_url) is None
    assert tables_of(empty_url) <= {"alembic_version"}


def test_two_upgrades_at_once_follow_each_other(empty_url: str) -> None:
    applied: list[str] = []

    def upgrade(_: int) -> None:
        migrate.upgrade(empty_url, lambda revision, _: applied.append(revision))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(upgrade, range(2)))
    assert len(applied) == len(set(applied))
    assert migrate.current(empty_url) == migrate.head()


def test_the_start_knows_the_newest_revision() -> None:
    assert migrate.head() == schema.NEWEST


async def test_the_bot_works_on_the_newest_schema_only(
    empty_url: str, later: Later, clock: SettableClock
) -> None:
    database = open_database(empty_url, clock)
    if empty_url.startswith("sqlite"):
        # No file is made: an empty one in the wrong place would be taken for the database.
        for _ in range(2):
            with pytest.raises(NoSuchFile, match="run `tot migrate`"):
                await database.check_schema()
        look(empty_url, lambda connection: None)
    with pytest.raises(SchemaError, match="no tables yet: run `tot migrate`"):
        await database.check_schema()

    migrate.upgrade(empty_url)
    await database.check_schema()

    newer = later("pass")
    with pytest.raises(SchemaError, match=r"before 9001: run `tot migrate`"):
        look(empty_url, lambda connection: migrate.check(connection, newer))

    migrate.upgrade(empty_url, config=newer)
    with pytest.raises(SchemaError, match="9001, which this version of the bot does not know"):
        await database.check_schema()
    with pytest.raises(SchemaError, match="does not know"):
        migrate.upgrade(empty_url)
    await database.close()
