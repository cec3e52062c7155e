"""`tot keys`: make, change and copy keys. A key is printed only by `tot keys new`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.cli.console import fail, say
from bot.cli.opening import note, with_database
from bot.domain.audit import Event
from bot.domain.errors import TotError
from bot.settings import StoreSettings, load_store_settings
from storage.vault.keystore import Keystore, keystore_url
from storage.vault.rotation import change_master
from storage.vault.secret import SETTING, SecretKey, new_secret, read_secret

NEW = "TOT_SECRET_KEY_NEW"


class NoNewKey(TotError):
    """There is nothing to change the master key to."""


def print_new() -> None:
    """A new master key on standard output."""
    sys.stdout.write(f"{new_secret()}\n")


def rotate(*, fields: bool) -> None:
    """Change the master key to TOT_SECRET_KEY_NEW; with `fields`, seal every field with fresh keys too."""
    settings = load_store_settings()
    new = _new_key(settings)
    if new is None and not fields:
        raise NoNewKey(f"{NEW} is missing: set it to the output of `tot keys new`")
    note(settings, Event.KEYS_ROTATED)
    if fields:
        rows = with_database(settings, lambda database: database.seal_anew())
        say(f"{rows} rows sealed with fresh keys. Backups made before still open with the old ones.")
    if new is not None:
        keystore = _keystore(settings)
        try:
            wrapped = change_master(keystore, settings.secret, new)
        finally:
            keystore.close()
        say(f"{wrapped} keys wrapped with {NEW}. A running bot goes on.")
        say(f"Now set {SETTING} to its value, take {NEW} away, start the bot once more, and export the keys.")


def export(path: Path) -> None:
    """Write the wrapped keys to a file of their own."""
    settings = load_store_settings()
    if path.exists():
        raise fail(f"{path} exists: nothing has been written")
    note(settings, Event.KEYS_EXPORTED)
    keystore = _keystore(settings)
    try:
        number = keystore.copy_to(path)
    except OSError as error:
        raise fail(f"{path} cannot be written: {error.strerror}") from None
    finally:
        keystore.close()
    say(f"{number} keys written to {path}. Destroy older exports: they still open cases erased since.")


def _keystore(settings: StoreSettings) -> Keystore:
    return Keystore(keystore_url(settings.database_url, settings.keystore))


def _new_key(settings: StoreSettings) -> SecretKey | None:
    text = os.environ.get(NEW, "").strip()
    if not text:
        return None
    new = read_secret(text, NEW)
    if new == settings.secret:
        raise NoNewKey(f"{NEW} is the same as {SETTING}: make another with `tot keys new`")
    return new
