"""`tot purge`: shows before it does, and shows nothing of any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest

from bot.cli.database import with_database
from bot.domain.case.entities import Case, Phase, Room
from bot.domain.notifications import Kind
from bot.settings import load_store_settings
from bot.usecases.ports import Claim, UnitOfWork
from storage.database import SqlDatabase
from tests.bot.cli.conftest import ROOT, Tot, in_a_terminal

T = TypeVar("T")


class Cases:
    def __init__(self, url: str) -> None:
        self.url = url

    def add(
        self, code: str, delete_on: date, closed_at: datetime = datetime(2026, 1, 15, tzinfo=UTC)
    ) -> None:
        def work(uow: UnitOfWork) -> None:
            (team,) = uow.teams()
            opener = uow.coordinators(team.id)[0].person_id
            case = Case(
                id=uow.ids.new(),
                team_id=team.id,
                code=code,
                phase=Phase.ACUTE,
                persons=1,
                opened_by=opener,
                opened_at=datetime(2026, 1, 1, tzinfo=UTC),
                closed_at=closed_at,
                delete_on=delete_on,
            )
            uow.add(case, Room(id=uow.ids.new(), case_id=case.id))

        self._write(work)

    def planned(self) -> int:
        """How many purges wait for the bot."""

        async def claim(database: SqlDatabase) -> list[Claim]:
            return (await database.outbox.claim(100)).rows

        return sum(c.notification.kind is Kind.PURGE for c in with_database(load_store_settings(), claim))

    def _write(self, work: Callable[[UnitOfWork], T]) -> T:
        async def write(database: SqlDatabase) -> T:
            return await database.write(work)

        return with_database(load_store_settings(), write)


@pytest.fixture
def cases(tot: Tot, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Cases:
    monkeypatch.setenv("DATABASE_URL", sqlite_database_url)
    assert tot("partners", "import", str(ROOT / "partners.example.toml")).code == 0
    return Cases(sqlite_database_url)


def test_nothing_due_is_nothing_to_do(tot: Tot, cases: Cases) -> None:
    cases.add("k7f3", date(2999, 1, 1))
    said = tot("purge")
    assert (said.code, said.out) == (0, "No case is due for deletion.\n")
    assert cases.planned() == 0


def test_it_shows_how_many_and_when_and_no_code_and_does_nothing_unasked(tot: Tot, cases: Cases) -> None:
    cases.add("k7f3", date(2026, 2, 14))
    cases.add("m4kq", date(2026, 2, 10))
    said = tot("purge")
    assert said.code == 1
    assert said.out.splitlines()[:3] == [
        "2 closed cases due for deletion:",
        "  closed in January 2026, to be deleted on 2026-02-10",
        "  closed in January 2026, to be deleted on 2026-02-14",
    ]
    assert "k7f3" not in said.out + said.err
    assert cases.planned() == 0


def test_with_yes_it_is_left_for_the_bot_once(tot: Tot, cases: Cases) -> None:
    cases.add("k7f3", date(2026, 2, 14))
    for _ in range(2):
        said = tot("purge", "--yes")
        assert said.code == 0
        assert said.out.splitlines()[-1] == "1 left for the bot to delete."
    assert cases.planned() == 1
    assert "purge_ordered,,operator" in tot("audit", "export", "--case", "k7f3").out


def test_in_a_terminal_it_asks(cases: Cases) -> None:
    cases.add("k7f3", date(2026, 2, 14))
    assert in_a_terminal(["purge"], "n\n").code == 1
    assert cases.planned() == 0
    assert in_a_terminal(["purge"], "y\n").code == 0
    assert cases.planned() == 1
