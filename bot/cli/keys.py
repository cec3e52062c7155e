"""`tot keys import`: an export comes back, or keys leave the database that they lock."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bot.cli.console import fail, say
from bot.cli.database import keystore_in, note
from bot.domain.audit import Event
from bot.settings import StoreSettings, load
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import keys_in
from storage.key_import import bring_in, keys_in_database, remove_from_database


def import_from(path: Path | None) -> None:
    """Bring in the keys of an export, or those that an earlier version kept in the database itself."""
    settings = load(StoreSettings)
    with closing(Keyring(keystore_in(settings), settings.secret)) as keyring:
        rows = keys_in_database(settings.database_url) if path is None else keys_in(path)
        if not rows:
            raise fail("there are no keys in the database itself: name a file from `tot keys export`")
        done = bring_in(settings.database_url, keyring, rows)
        if path is None:
            remove_from_database(settings.database_url)
    if done.installed:
        note(settings, Event.KEYS_IMPORTED)
    say(f"{done.new} keys brought into the key store, {done.destroyed} stay destroyed.")
    if path is None:
        say("They are no longer in the database. Destroy older dumps and base backups of it: they hold them.")
