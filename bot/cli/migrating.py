"""`tot migrate`."""

from __future__ import annotations

from bot.cli.console import is_terminal, out, say
from bot.settings import load_database_settings
from storage import migrate


def migrate_database() -> None:
    """Upgrade to the newest revision, all of it or nothing."""
    url = load_database_settings().database_url
    applied: list[str] = []

    def progress(revision: str, title: str) -> None:
        applied.append(revision)
        if is_terminal():
            say(f"  {revision}  {title}")

    if is_terminal():
        with out().status("Migrating the database …"):
            migrate.upgrade(url, progress)
    else:
        migrate.upgrade(url, progress)
    done = f"{len(applied)} revision{'s' * (len(applied) != 1)} applied" if applied else "nothing to do"
    say(f"The database is at revision {migrate.head()}: {done}.")
