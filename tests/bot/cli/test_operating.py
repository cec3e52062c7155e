"""An operator at work on an installed bot: keys, audit, backup, restore, purge and report."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from pathlib import Path

import pytest

from bot.domain.access import Action, Right
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Case, Phase, Room
from bot.usecases.ports import UnitOfWork
from storage.crypto.master_key import new_secret, read_secret
from tests.bot.cli.conftest import Env, Tot, in_database

pytestmark = pytest.mark.usefixtures("with_partners")


def test_a_new_key_is_one_line_that_can_be_used(tot: Tot) -> None:
    key, another = tot.does("keys", "new"), tot.does("keys", "new")
    assert key.count("\n") == 1
    assert read_secret(key) != read_secret(another)


def test_without_the_key_there_is_one_line(tot: Tot, env: Env) -> None:
    env(TOT_SECRET_KEY=None)
    said = tot.cannot("partners", "export", "-")
    assert said.startswith("TOT_SECRET_KEY is missing: 32 random bytes")
    assert "For an installed bot, load its settings first" in said
    assert "`tot keys new`" in said
    env(TOT_SECRET_KEY=new_secret())
    another = "is not the master key that wraps this installation's keys: use the one from the safe\n"
    assert tot.cannot("partners", "export", "-").endswith(another)


def test_the_master_key_is_changed(tot: Tot, env: Env) -> None:
    before = tot("partners", "export", "-").out
    assert "TOT_SECRET_KEY_NEW is missing" in tot("keys", "rotate").err
    new = str(new_secret())
    env(TOT_SECRET_KEY_NEW=new)
    said = tot.does("keys", "rotate")
    assert "rows sealed with fresh keys" in said
    assert "keys wrapped with TOT_SECRET_KEY_NEW" in said
    assert new not in said
    env(TOT_SECRET_KEY=new, TOT_SECRET_KEY_NEW=None)
    assert tot("partners", "export", "-").out == before
    env(TOT_SECRET_KEY_NEW=new)
    assert "is the same as TOT_SECRET_KEY" in tot("keys", "rotate").err


def test_back_up_and_restore(tot: Tot, with_partners: str, tmp_path: Path, env: Env) -> None:
    file = tmp_path / "tot.backup"
    assert tot("backup", str(file)).code == 0
    assert "exists: nothing has been written" in tot("backup", str(file)).err
    for command in ("backup",), ("keys", "export"):
        tot(*command, str(tmp_path / "no" / "folder")).is_refused("cannot be written: No such file")
    before = tot("partners", "export", "-").out
    Path(with_partners.removeprefix("sqlite:///")).unlink()
    assert tot("restore", str(file)).code == 1, "nobody there to ask"
    assert "Restored as of" in tot.does("restore", str(file), "--yes")
    assert tot("partners", "export", "-").out == before
    tot("restore", str(file), "--yes").is_refused("there is a database: --replace puts the backup")
    database = Path(with_partners.removeprefix("sqlite:///"))
    for damaged in b"no database" * 1000, database.read_bytes()[:9000]:
        database.write_bytes(damaged)
        tot("restore", str(file), "--yes").is_refused("): --replace puts the backup in its place")
        tot.does("restore", str(file), "--yes", "--replace")
        assert tot("partners", "export", "-").out == before
    env(DATABASE_URL="sqlite:////no/such/folder/tot.db", TOT_KEYSTORE=tmp_path / "tot-keys.db")
    tot("restore", str(file), "--yes").is_refused("tot.db.lock cannot be written: No such file")


@pytest.fixture
def logged(with_partners: str) -> None:
    """Log a case's opening and somebody's removal."""

    def work(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        case = Case("c1", team.id, "k7f3", Phase.ACUTE, 1, "=someone", uow.now)
        uow.add(case, Room("r1", "c1"))
        uow.audit(AuditEntry(Action.OPEN_CASE, "=someone", "c1", Right.TEAM_COORDINATOR))
        uow.audit(AuditEntry(Event.REMOVED, BOT, "c1", subject="p2"))

    in_database(work)


@pytest.mark.usefixtures("logged")
def test_the_log_is_verified_and_exported(tot: Tot) -> None:
    said = tot("audit", "verify")
    assert (said.code, said.out, said.err) == (0, "3 rows, all unchanged.\n", "")
    rows = list(csv.DictReader(io.StringIO(tot("audit", "export", "--case", "k7f3").out)))
    told = [(r["event"], r["actor"], r["subject"], r["right"]) for r in rows]
    assert told == [("open_case", "'=someone", "", "team_coordinator"), ("removed", "bot", "p2", "")]
    assert ",exported," in tot.does("audit", "export", "--case", "k7f3")
    assert tot("audit", "export", "--case", "zzzz").err == "no case has this code\n"


def test_what_an_operator_does_is_in_the_log(tot: Tot, with_partners: str, tmp_path: Path, env: Env) -> None:
    """Each command that changes or exports something is logged, in order, without content."""
    env(TOT_SECRET_KEY_NEW=new_secret())
    backup = tmp_path / "tot.backup"
    tot.does("partners", "export", str(tmp_path / "partners.toml"))
    tot.does("keys", "export", str(tmp_path / "keys"))
    tot.does("keys", "rotate")
    tot.does("backup", str(backup))
    tot.does("restore", str(backup), "--yes", "--replace")
    with contextlib.closing(sqlite3.connect(with_partners.removeprefix("sqlite:///"))) as connection:
        events = connection.execute("SELECT event FROM audit ORDER BY number").fetchall()
    exported = ("partners_imported", "partners_exported", "keys_exported")
    assert events == [(event,) for event in (*exported, "keys_rotated", "backed_up", "restored")]
    assert tot("audit", "verify").out.startswith("6 rows, all unchanged")
