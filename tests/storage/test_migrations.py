"""One history for both databases: from nothing to head, nothing lost, all of it or none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent, indent

import pytest
from alembic.config import Config
from sqlalchemy import inspect

from storage import migrate, schema
from storage.database import NoSuchFile
from storage.migrate import SchemaError
from storage.schema import metadata
from tests.databases import SettableClock, connected, opened

HEADER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = {revision!r}, {down!r}


def upgrade():
"""


Later = Callable[..., Config]


@pytest.fixture
def later(tmp_path: Path) -> Later:
    """Alembic's configuration with revisions that follow ours, each given as the body of its upgrade."""
    folder = tmp_path / "later"
    folder.mkdir()

    def write(*bodies: str) -> Config:
        down = migrate.head()
        for number, body in enumerate(bodies, start=9001):
            header = HEADER.format(revision=str(number), down=down)
            (folder / f"{number}.py").write_text(header + indent(dedent(body), "    ") + "\n")
            down = str(number)
        config = migrate.configuration()
        ours = config.get_main_option("version_locations")
        config.set_main_option("version_locations", f"{ours}\n{folder}")
        return config

    return write


def tables_of(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


def test_from_nothing_to_head_and_quiet(empty_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    applied: list[str] = []
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url, lambda revision, title: applied.append(f"{revision} {title}"))
    assert migrate.current(empty_url) == migrate.head() == applied[-1].split()[0]
    assert all(len(line.split()) > 2 for line in applied)
    assert tables_of(empty_url) == {*metadata.tables, "alembic_version"}

    migrate.upgrade(empty_url, lambda *_: pytest.fail("there is nothing to apply"))
    assert capfd.readouterr() == ("", "")


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


async def test_only_the_newest_schema_will_do(empty_url: str, later: Later, clock: SettableClock) -> None:
    async with opened(empty_url, clock) as database:
        if empty_url.startswith("sqlite"):
            # No file is made: an empty one in the wrong place would be taken for the database.
            for _ in range(2):
                with pytest.raises(NoSuchFile, match="run `tot migrate`"):
                    await database.check_schema()
            tables_of(empty_url)
        with pytest.raises(SchemaError, match="no tables yet: run `tot migrate`"):
            await database.check_schema()

        migrate.upgrade(empty_url)
        await database.check_schema()

        newer = later("pass")
        behind = pytest.raises(SchemaError, match=r"before 9001: run `tot migrate`")
        with behind, connected(empty_url) as connection:
            migrate.check(connection, newer)

        migrate.upgrade(empty_url, config=newer)
        with pytest.raises(SchemaError, match="9001, which this version of the bot does not know"):
            await database.check_schema()
        with pytest.raises(SchemaError, match="does not know"):
            migrate.upgrade(empty_url)
