"""`tot restore --rehearse`: restore a backup into a temporary SQLite database, check it, and remove it."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.cli.console import counted, fail, say
from bot.cli.database import keystore_in, with_database
from bot.settings import StoreSettings, load
from bot.usecases.ports import UnitOfWork, case_files
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import keystore_url
from storage.database import SqlDatabase

_BROKEN = (
    "This backup would not restore everything. Keep it, and find an older one that does "
    "(docs/operate.md, «Back up» and «The log»)."
)


@dataclass(frozen=True, slots=True)
class _Cases:
    open: int
    closed: int
    erased: int
    unreadable: int


def rehearse(path: Path) -> None:
    """Say what this backup would restore; exit with 1 if that is not everything.

    Neither the database nor the key store is changed, and nothing is posted.
    """
    settings, begun = load(StoreSettings), time.monotonic()
    keystore = settings.keystore or keystore_url(settings.database_url, None)
    with tempfile.TemporaryDirectory(prefix="tot-rehearsal-") as folder:
        url = f"sqlite:///{folder}/tot.db"
        with closing(Keyring(keystore_in(settings), settings.secret)) as keyring:
            made_at = restore(url, keyring, path).made_at
        there = settings.model_copy(update={"database_url": url, "keystore": keystore})
        cases, rows, broken = with_database(
            there, partial(_look_through, settings.anchor_file), must_exist=True
        )
    say(f"This backup was made on {made_at:%Y-%m-%d %H:%M} UTC. It would restore:")
    say(f"  cases: {cases.open} open, {cases.closed} closed; {cases.erased} deleted since stay deleted")
    say(f"  log: {counted(rows, 'row')}, {'all unchanged' if broken is None else broken}")
    if cases.unreadable:
        say(f"  cases that cannot be read: {cases.unreadable}; their keys are lost (docs/operate.md)")
    say(f"Tried in {time.monotonic() - begun:.1f} seconds, and removed again.")
    if cases.unreadable or broken is not None:
        raise fail(_BROKEN)


async def _look_through(anchors: Path, database: SqlDatabase) -> tuple[_Cases, int, str | None]:
    rows, broken = await database.log.verify(anchors)
    destroyed = {row.scope for row in database.keyring.keystore.all() if row.wrapped is None}
    unreadable = sum(_is_case(scope) for scope in await database.unreadable())
    # The backup does not restore cases erased since it was made.
    erased = sum(_is_case(scope) for scope in destroyed.intersection(await database.living()))
    are_open = await database.read(_are_open)
    return _Cases(are_open.count(True), are_open.count(False), erased, unreadable), rows, broken


def _are_open(uow: UnitOfWork) -> list[bool]:
    cases = (uow.cases_of_team(team.id) for team in uow.teams())
    return [file.open for of_team in cases for file in case_files(uow, of_team, closed_too=True)]


def _is_case(scope: str) -> bool:
    return scope.startswith("case/")
