"""`tot restore --rehearse`: restore a backup into a temporary SQLite database, check it, and remove it.

An upgrade rehearses with the new version the backup that the old one has just made, before it migrates.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Bot
from bot.cli.console import counted, fail, say
from bot.domain.notifications import Kind
from bot.settings import Settings, load
from bot.usecases.ports import UnitOfWork, case_files
from storage.backup import restore
from storage.crypto.keystore import destroyed, keystore_url

_BROKEN = (
    "This backup would not restore everything. Keep it, and find an older one that does "
    "(docs/operate.md, «Back up» and «The log»)."
)
_TAKES_AWAY = (
    "This version would delete messages in Slack although their cases have not changed: {}.\n"
    "Keep the old version, and report this. If it is intended: `tot upgrade … --takes-away`."
)


@dataclass(frozen=True, slots=True)
class _At:
    """A clock that stands still at the time of the backup: what has become due since is no fault."""

    moment: datetime
    offset = timedelta(0)

    def now(self) -> datetime:
        return self.moment


def rehearse(path: Path) -> None:
    """Say what this backup would restore; exit with 1 if that is not everything.

    Exit with 1 also if this version would then delete messages in Slack for no reason. Neither the database
    nor the key store is changed, and nothing is posted.
    """
    settings, begun = load(Settings), time.monotonic()
    keystore = settings.keystore or keystore_url(settings.database_url, None)
    with tempfile.TemporaryDirectory(prefix="tot-rehearsal-") as folder:
        url = f"sqlite:///{folder}/tot.db"
        with closing(settings.keyring()) as keyring:
            made_at, _ = restore(url, keyring, path)
        there = settings.model_copy(update={"database_url": url, "keystore": keystore})
        say(f"This backup was made on {made_at:%Y-%m-%d %H:%M} UTC. It would restore:")
        broken, unwanted = asyncio.run(_look_through(Bot(there, _At(made_at))))
    say(f"Tried in {time.monotonic() - begun:.1f} seconds, and removed again.")
    if broken:
        raise fail(_BROKEN)
    if unwanted:
        kinds = ", ".join(f"{kind} ×{number}" for kind, number in sorted(unwanted.items()))
        raise fail(_TAKES_AWAY.format(kinds))


async def _look_through(bot: Bot) -> tuple[bool, Counter[Kind]]:
    """Say what is in the database; return whether it is broken, and which messages would be deleted."""
    database = bot.database
    try:
        await database.check_schema(must_exist=True)
        rows, broken = await database.log.verify()
        unreadable = sum(map(_is_case, await database.unreadable()))
        # The backup does not restore cases erased since it was made.
        living = await database.read(lambda uow: [name for name, _ in uow.documents.living()])
        erased = sum(map(_is_case, destroyed(database.keyring.keystore.all()).intersection(living)))
        are_open = await database.read(_are_open)
        opened = are_open.count(True)
        say(f"  cases: {opened} open, {len(are_open) - opened} closed; {erased} deleted since stay deleted")
        say(f"  log: {counted(rows, 'row')}, {broken or 'all unchanged'}")
        if unreadable:
            say(f"  cases that cannot be read: {unreadable}; their keys are lost (docs/operate.md)")
        return bool(unreadable or broken), await bot.unwanted()
    finally:
        await database.close()


def _are_open(uow: UnitOfWork) -> list[bool]:
    cases = (uow.cases_of_team(team.id) for team in uow.teams())
    return [file.open for of_team in cases for file in case_files(uow, of_team, closed_too=True)]


def _is_case(scope: str) -> bool:
    return scope.startswith("case/")
