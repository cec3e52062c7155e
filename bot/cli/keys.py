"""`tot keys import`: an export comes back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bot.cli.console import say
from bot.cli.database import keystore_in, note
from bot.domain.audit import Event
from bot.settings import StoreSettings, load
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import keys_in
from storage.key_import import bring_in


def import_from(path: Path) -> None:
    """Bring in the keys of an export."""
    settings = load(StoreSettings)
    with closing(Keyring(keystore_in(settings), settings.secret)) as keyring:
        done = bring_in(settings.database_url, keyring, keys_in(path))
    if done.installed:
        note(settings, Event.KEYS_IMPORTED)
    say(f"{done.new} keys brought into the key store, {done.destroyed} stay destroyed.")
