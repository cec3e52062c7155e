"""`tot purge`: shows before it does, and shows nothing of any case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.cli.database import with_database
from bot.domain.case.entities import Case, Phase, Room
from bot.domain.notifications import Kind
from bot.settings import StoreSettings, load
from bot.usecases.ports import UnitOfWork
from tests.bot.cli.conftest import Tot, in_a_terminal, in_database

pytestmark = pytest.mark.usefixtures("with_partners")


def closed(code: str, delete_on: date) -> None:
    """A case that is closed, and has to be deleted on this day."""

    def work(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        opener, opened = uow.coordinators(team.id)[0].person_id, datetime(2026, 1, 1, tzinfo=UTC)
        case = Case(code, team.id, code, Phase.ACUTE, 1, opener, opened)
        case = replace(case, closed_at=datetime(2026, 1, 15, tzinfo=UTC), delete_on=delete_on)
        uow.add(case, Room(uow.ids.new(), code))

    in_database(work)


def planned() -> int:
    """How many purges wait for the bot."""

    claimed = with_database(load(StoreSettings), lambda database: database.outbox.claim(100))
    return sum(claim.notification.kind is Kind.PURGE for claim in claimed.rows)


def test_nothing_due_is_nothing_to_do(tot: Tot) -> None:
    closed("k7f3", date(2999, 1, 1))
    assert tot.does("purge") == "No case is due for deletion.\n"
    assert planned() == 0


def test_it_shows_how_many_and_when_and_no_code_and_asks_in_a_terminal(tot: Tot) -> None:
    closed("k7f3", date(2026, 2, 14))
    closed("m4kq", date(2026, 2, 10))
    said = tot("purge")
    assert said.code == 1
    assert said.out.splitlines()[:3] == [
        "2 closed cases due for deletion:",
        "  closed in January 2026, to be deleted on 2026-02-10",
        "  closed in January 2026, to be deleted on 2026-02-14",
    ]
    assert "k7f3" not in said.out + said.err
    assert in_a_terminal(["purge"], "n\n").code == 1
    assert planned() == 0
    assert in_a_terminal(["purge"], "y\n").code == 0
    assert planned() == 2


def test_with_yes_it_is_left_for_the_bot_once(tot: Tot) -> None:
    closed("k7f3", date(2026, 2, 14))
    for _ in range(2):
        assert tot.does("purge", "--yes").splitlines()[-1] == "1 left for the bot to delete."
    assert planned() == 1
    assert "purge_ordered,,operator" in tot.does("audit", "export", "--case", "k7f3")
