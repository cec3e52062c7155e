"""`tot backup` and `tot restore`."""

from __future__ import annotations

from pathlib import Path

from bot.cli.console import agree, fail, say
from bot.cli.opening import note, with_database
from bot.domain.audit import Event
from bot.settings import load_store_settings
from storage.backup import restore
from storage.database import SqlDatabase
from storage.vault.keys import Vault
from storage.vault.keystore import Keystore, keystore_url


def back_up_to(path: Path) -> None:
    """Write one backup."""

    async def write_it(database: SqlDatabase) -> None:
        await database.back_up(path)

    settings = load_store_settings()
    if path.exists():
        raise fail(f"{path} exists: nothing has been written")
    # Logged first, so that the backup is not older than the log of it.
    note(settings, Event.BACKED_UP)
    try:
        with_database(settings, write_it)
    except FileExistsError:
        raise fail(f"{path} exists: nothing has been written") from None
    except OSError as error:
        raise fail(f"{path} cannot be written: {error.strerror}") from None
    say(f"Written to {path}. It cannot be read without the key store: export that as well (tot keys export).")


def restore_from(path: Path, *, over_newer: bool, yes: bool) -> None:
    """Replace the database by a backup."""
    settings = load_store_settings()
    agree("Replace the database by this backup?", yes=yes)
    vault = Vault(Keystore(keystore_url(settings.database_url, settings.keystore)), settings.secret)
    try:
        restored = restore(settings.database_url, vault, path, over_newer=over_newer)
    finally:
        vault.close()
    note(settings, Event.RESTORED)
    say(f"Restored as of {restored.made_at:%Y-%m-%d %H:%M} UTC.")
    say(f"{restored.held_back} messages that waited then are looked for in Slack before they are posted.")
