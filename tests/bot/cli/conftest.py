"""Running `tot` as an operator does, with a terminal or without one."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.cli import main
from bot.cli.database import with_database
from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.ephemeral import ACCEPT
from bot.settings import HINTS, StoreSettings, load
from bot.usecases.ports import Clock, UnitOfWork
from storage.database import SqlDatabase
from storage.schema.infrastructure import APPEND_ONLY
from tests.databases import SECRET_KEY, SettableClock, connected, opened, sqlite_url
from tests.storage.entities import OPEN, POSTED

ROOT = Path(__file__).parents[3]
ENTRY = AuditEntry(Action.INVITE_AGENCY, "leader", "case", Right.CASE_COORDINATOR, "person-kanari")


@dataclass(frozen=True)
class Said:
    """A command's exit code and output."""

    code: int
    out: str
    err: str

    def is_refused(self, why: str) -> None:
        assert self.code == 1
        assert why in self.err


class Tot:
    """Runs `tot` with these arguments."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = self._capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    def does(self, *arguments: str) -> str:
        """Run it successfully; return its output."""
        said = self(*arguments)
        assert said.code == 0, said.out + said.err
        return said.out

    def cannot(self, *arguments: str) -> str:
        """Run it; it fails and prints nothing. Return its error output."""
        said = self(*arguments)
        assert (said.code, said.out) == (1, "")
        return said.err


Env = Callable[..., None]
T = TypeVar("T")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear the machine's own settings."""
    for name in HINTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOT_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv(ACCEPT, "yes")  # test files are in memory


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Env:
    """Set these in the environment; None removes one."""

    def change(**settings: object) -> None:
        for name, value in settings.items():
            if value is None:
                monkeypatch.delenv(name)
            else:
                monkeypatch.setenv(name, str(value))

    return change


@pytest.fixture
def tot(capsys: pytest.CaptureFixture[str]) -> Tot:
    return Tot(capsys)


class Typed(io.StringIO):
    """The input of a terminal."""

    def isatty(self) -> bool:
        return True


EXAMPLE = ROOT / "partners.example.toml"
PARTNERS = str(EXAMPLE)


@pytest.fixture(scope="session")
def imported(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to copy: a database of the example's partners and its key store."""
    folder = tmp_path_factory.mktemp("imported")
    shutil.copy(migrated_sqlite, folder / "tot.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", sqlite_url(folder / "tot.db"))
        with pytest.raises(SystemExit) as left:
            main(["partners", "import", PARTNERS])
    assert not left.value.code
    return folder


@pytest.fixture
def with_partners(imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of the commands' database, which has the example's partners."""
    for file in imported.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url(tmp_path / "tot.db"))
    return sqlite_url(tmp_path / "tot.db")


def in_database(work: Callable[[UnitOfWork], T]) -> T:
    """Do this in one transaction of the commands' database."""

    return with_database(load(StoreSettings), lambda database: database.write(work))


def beside(url: str, work: Callable[[SqlDatabase], Awaitable[object]], clock: Clock | None = None) -> None:
    """Do this with a database as the bot does, concurrently with commands."""

    async def run() -> None:
        async with opened(url, clock or SettableClock()) as database:
            await work(database)

    asyncio.run(run())


class Archive:
    """A log of nine rows that the bot wrote some hours ago, anchored at five and at nine."""

    def __init__(self, tot: Tot, url: str, anchors: Path) -> None:
        self.tot = tot
        self.url = url
        self.anchors = anchors
        self.clock = SettableClock()
        self.clock.move(-timedelta(hours=6))

    @property
    def on_postgresql(self) -> bool:
        return self.url.startswith("postgresql")

    def verify(self, *options: str) -> Said:
        return self.tot("audit", "verify", *options)

    def tells(self, code: int, *told: str) -> None:
        """Verify: expect this exit code and these messages."""
        said = self.verify()
        assert said.code == code, said.err
        assert [each for each in told if each not in said.out + said.err] == []

    def by_the_bot(self, *entries: int, anchored: bool = True) -> None:
        """Log this many rows in each transaction, anchored after each."""

        async def log(database: SqlDatabase) -> None:
            for rows in entries:
                for _ in range(rows):
                    await database.log.note(self.clock.now(), ENTRY)
                if anchored:
                    await database.log.anchor(self.anchors, self.clock.now())

        beside(self.url, log, self.clock)

    def begin(self) -> None:
        case = [each for each in OPEN if each is not POSTED]
        beside(self.url, lambda database: database.write(lambda uow: uow.add(*case)), self.clock)
        self.by_the_bot(5, 4)

    def sql(self, *statements: str) -> list[Any]:
        """Return the first column of the last statement's result."""
        with connected(self.url) as connection:
            *_, result = [connection.exec_driver_sql(statement) for statement in statements]
            return list(result.scalars()) if result.returns_rows else []

    def tamper(self, *statements: str) -> None:
        """Act as the database's owner, and restore the triggers afterwards."""
        make = APPEND_ONLY["postgresql" if self.on_postgresql else "sqlite"]
        drop = (
            ["DROP TRIGGER audit_no_change ON audit"]
            if self.on_postgresql
            else ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
        )
        self.sql(*drop, *statements, *make)

    @contextmanager
    def put_back_afterwards(self) -> Iterator[None]:
        """Undo every change to it on SQLite."""
        here = self.anchors.parents[1]
        before = Path(shutil.copytree(here, here.with_name(f"{here.name}-before")))
        try:
            yield
        finally:
            shutil.rmtree(here)
            before.rename(here)

    def rewrite(self, change: Callable[[list[str]], list[str]]) -> None:
        lines = self.anchors.read_text().splitlines(keepends=True)
        self.anchors.write_text("".join(change(lines)))


Begin = Callable[[str], Archive]


@pytest.fixture
def begin(tot: Tot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    anchors = tmp_path / "elsewhere" / "anchors.txt"
    anchors.parent.mkdir()
    monkeypatch.setenv("TOT_AUDIT_ANCHOR", str(anchors))
    for name, begins in ("SLACK_BOT_TOKEN", "xoxb-1"), ("SLACK_APP_TOKEN", "xapp-1"):
        monkeypatch.setenv(name, f"{begins}-kanari")

    def begun(url: str) -> Archive:
        monkeypatch.setenv("DATABASE_URL", url)
        archive = Archive(tot, url, anchors)
        archive.begin()
        return archive

    return begun


@pytest.fixture
def archive(begin: Begin, database_url: str) -> Archive:
    return begin(database_url)


@pytest.fixture
def on_sqlite(begin: Begin, sqlite_database_url: str) -> Archive:
    return begin(sqlite_database_url)
