"""The file checks of `tot doctor`: key store, backups, exports; who can read them, and on which volume."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.daily_jobs import LATE, age_of, newest_backup
from bot.settings import StoreSettings
from storage.findings import Finding, fine, look, unknown, wrong
from storage.transactions import database_url, file_of

_WRITABLE = (
    "as root: install -d -m 0700 -o tot -g tot FOLDER; with ProtectSystem=strict the unit also needs "
    "ReadWritePaths=FOLDER (docs/install.md, 5)"
)


#: Bytes that should be free on a disk, besides room for two copies of the database: a backup makes one.
_ROOM = 50_000_000


def examine_disks(settings: StoreSettings) -> Iterator[Finding]:
    """Yield each disk that is full or nearly full."""
    database = file_of(settings.database_url)
    size = database.stat().st_size if database is not None and database.exists() else 0
    folders = [settings.backup_dir, settings.keys_export_dir, str(settings.anchor_file.parent)]
    folders += [str(file.parent) for file in settings.files]
    for folder in dict.fromkeys(Path(each).resolve() for each in folders if each):
        there = next(each for each in (folder, *folder.parents) if each.exists())
        left = shutil.disk_usage(there).free
        if left < _ROOM + 2 * size:
            found = f"only {left // 1_000_000} MB are free for {folder}"
            yield wrong("Disk", found, "free some space, or use a larger disk")


def examine_files(settings: StoreSettings) -> Iterator[Finding]:
    """Check the files that the settings name, without creating any."""
    database = file_of(settings.database_url)
    with closing(settings.keyring()) as keyring:
        store = keyring.keystore.file
        number = sum(row.wrapped is not None for row in keyring.keystore.all())
    yield fine("Key store", f"{number} keys, {store or 'in another database'}")
    if store is None and _server(settings.database_url) == _server(settings.keystore or ""):
        found = "on the database's server: pg_dumpall, base backups and WAL archives contain both"
        mend = "set TOT_KEYSTORE to another server, or back up only with `tot backup` or pg_dump"
        yield look("Key store", found, mend)
    backup = yield from _backups(settings.backup_dir, database)
    yield from _exports(settings.keys_export, store)
    if one_volume(store, database):
        found = f"{store} is on the same volume as the database: a copy of the disk contains both"
        mend = "set TOT_KEYSTORE to another disk, or keep that volume out of snapshots and backups"
        yield look("Volumes", found, mend)
    kept = (database, store, settings.anchor_file, backup, settings.keys_export)
    open_ones = [path for path in kept if path is not None and _others_read(path)]
    for path in open_ones:
        yield wrong("Permissions", f"{path} can be read by others on this machine", f"chmod 600 {path}")
    if not open_ones:
        yield fine("Permissions", "no other user of this machine can read these files")


def _backups(folder: str | None, database: Path | None) -> Generator[Finding, None, Path | None]:
    """Examine the folder of backups; return the newest."""
    if folder is None:
        yield look("Backups", "the bot makes none", "set TOT_BACKUP_DIR, or run `tot backup` each day")
        return None
    if (refusal := _not_writable(Path(folder))) is not None:
        yield wrong("Backups", f"nothing can be written to {folder}: {refusal}", _WRITABLE)
    now = datetime.now(UTC)
    newest = newest_backup(Path(folder), now)
    if newest is None:
        yield unknown("Backups", f"none in {folder} yet", "the bot makes one at its start and each day")
    elif age_of(newest, now) >= LATE:
        yield look("Backups", f"the newest is {newest.name}", "is the bot running? See its log")
    else:
        yield fine("Backups", f"the newest is {newest.name}")
    if newest is not None and one_volume(newest, database):
        found = "copied to another machine? These are on the database's own volume"
        yield unknown("Backups", found, "use tot-copy.timer (docs/install.md, 5)")
    return newest


def _exports(export: Path | None, store: Path | None) -> Iterator[Finding]:
    if export is None:
        lost = "without the key store nothing can be read, not even a backup"
        mend = "set TOT_KEYS_EXPORT_DIR, apart from the backups, or run `tot keys export` each week"
        yield unknown("Keys export", f"is there one? The bot keeps none: {lost}", mend)
    elif not export.exists():
        yield look("Keys export", f"{export} does not exist yet", "the bot writes it at its start and hourly")
    elif one_volume(export, store):
        yield look("Keys export", "on the same volume as the key store", "choose a folder on another disk")
    else:
        yield fine("Keys export", str(export))


def _server(url: str) -> tuple[object, ...]:
    parsed = database_url(url)
    return parsed.query.get("host", parsed.host), parsed.query.get("port", parsed.port)


def _not_writable(folder: Path) -> str | None:
    """Return why this user cannot create a file in the folder, or the folder itself if it is missing."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return None if os.access(folder, os.W_OK | os.X_OK) else f"the bot's user may not write to {folder}"


def one_volume(one: Path | None, other: Path | None) -> bool:
    """Return whether both paths are on one volume; False if either is unknown, as with PostgreSQL's files."""
    if one is None or other is None:
        return False
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def _others_read(path: Path) -> bool:
    """Return whether group or others can read a file, including every folder above it."""
    path = path.resolve()
    try:
        modes = [path.stat().st_mode, *(folder.stat().st_mode for folder in path.parents)]
    except OSError:
        return False
    return any(modes[0] & 4 << who and all(mode & 1 << who for mode in modes[1:]) for who in (0, 3))
