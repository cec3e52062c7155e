"""Commands on the database and its keys: migrate, back up, restore, rotate, verify, write off."""

from __future__ import annotations

import asyncio
import csv
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bot.cli.console import agree, counted, fail, say, warn, writing
from bot.clock import SystemClock
from bot.domain.audit import OPERATOR, AuditEntry, Event, Logged
from bot.domain.case.entities import Case
from bot.report.figures import safe_cells
from bot.settings import DatabaseSettings, StoreSettings, load
from bot.usecases.effects import enqueue_effects
from storage import migrate
from storage.backup import restore
from storage.crypto.keystore import keys_in
from storage.crypto.master_key import SETTING
from storage.database import SqlDatabase
from storage.key_import import import_wrapped_keys
from storage.schema import NEWEST

T = TypeVar("T")
NEW = "TOT_SECRET_KEY_NEW"


def with_database(
    settings: StoreSettings, work: Callable[[SqlDatabase], Awaitable[T]], *, must_exist: bool = False
) -> T:
    """Run `work` on the settings' database. With `must_exist`, raise NotInstalled instead of creating one."""

    async def run() -> T:
        keyring = settings.keyring()
        database = SqlDatabase(settings.database_url, SystemClock(), keyring, follow_up=enqueue_effects)
        try:
            await database.check_schema(must_exist=must_exist)
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def note(settings: StoreSettings, event: Event) -> None:
    """Log what the operator does to the installation as a whole, and anchor the log."""

    async def log(database: SqlDatabase) -> None:
        now = datetime.now(UTC)
        await database.log.note(now, AuditEntry(event, OPERATOR))
        try:
            await database.log.anchor(settings.anchor_file, now, restored=event is Event.RESTORED)
        except OSError as error:
            warn(f"the log could not be anchored in {settings.anchor_file}: {error.strerror}")

    with_database(settings, log)


def migrate_database() -> None:
    changed = migrate.upgrade(load(DatabaseSettings).database_url)
    say(f"The database is at revision {NEWEST}: {'migrated' if changed else 'nothing to do'}.")


def back_up_to(path: Path) -> None:
    settings = load(StoreSettings)
    with writing(path):
        # Logged first, so that the backup contains its own log entry.
        note(settings, Event.BACKED_UP)
        with_database(settings, lambda database: database.back_up(path))
    say(f"Written to {path}. It cannot be read without the key store: export that as well (tot keys export).")


def restore_from(path: Path, *, replace: bool, yes: bool) -> None:
    settings = load(StoreSettings)
    agree("Replace the database with this backup?", yes=yes)
    with closing(settings.keyring()) as keyring:
        made_at, held_back = restore(settings.database_url, keyring, path, replace=replace)
    note(settings, Event.RESTORED)
    say(f"Restored as of {made_at:%Y-%m-%d %H:%M} UTC.")
    say(
        f"{held_back} messages waited then. "
        "For a day the bot looks for each message in Slack before it posts it."
    )


def rotate() -> None:
    settings = load(StoreSettings)
    new = settings.secret_key_new
    if new is None:
        raise fail(f"{NEW} is missing: set it to the output of `tot keys new`")
    if new == settings.secret_key:
        raise fail(f"{NEW} is the same as {SETTING}: make a new one with `tot keys new`")
    note(settings, Event.KEYS_ROTATED)
    rows = with_database(settings, lambda database: database.seal_anew())
    say(f"{rows} rows sealed with fresh keys. Earlier backups still open with the old ones.")
    with closing(settings.keyring()) as keyring:
        wrapped = keyring.change_master(new)
    say(f"{wrapped} keys wrapped with {NEW}. {SETTING} opens nothing any more.")
    say(f"Now set {SETTING} to the value of {NEW}, start the bot, and export the keys.")


def export(path: Path) -> None:
    settings = load(StoreSettings)
    with writing(path), closing(settings.keyring()) as keyring:
        note(settings, Event.KEYS_EXPORTED)
        number = keyring.keystore.copy_to(path)
    say(f"{number} keys written to {path}. Destroy older exports: they still open cases erased since.")


def import_from(path: Path) -> None:
    settings = load(StoreSettings)
    with closing(settings.keyring()) as keyring:
        new, gone, installed = import_wrapped_keys(settings.database_url, keyring, keys_in(path))
    if installed:
        note(settings, Event.KEYS_IMPORTED)
    say(f"{new} keys imported into the key store, {gone} stay destroyed.")


def verify_log(given: Sequence[str] = ()) -> None:
    """Say how many rows are as written, and what was found; exit with 1 if any of it is wrong.

    `given` are hashes of anchors kept elsewhere.
    """
    settings = load(StoreSettings)
    shipped = [_anchor(text) for text in given]
    now = datetime.now(UTC)
    rows, found = with_database(settings, lambda d: d.log.check(settings.anchor_file, now, shipped))
    broken = any(finding.state == "wrong" for finding in found)
    if not broken:
        say(f"{counted(rows, 'row')}, all unchanged.")
    for finding in sorted(found, key=lambda finding: finding.state != "wrong"):
        warn(finding.found)
        warn(f"  {finding.mend}")
    if broken:
        raise fail()


def _anchor(text: str) -> bytes:
    if re.fullmatch(r"[0-9a-f]{64}", text.strip()) is None:
        raise fail(f"{text} is not the hash of an anchor: that is 64 characters, 0 to 9 and a to f")
    return bytes.fromhex(text.strip())


def export_log(code: str) -> None:
    """Write the log of the case with this code; a case that does not open is named by its id."""

    async def export(database: SqlDatabase) -> list[Logged]:
        cases = await database.read(lambda uow: uow.find(Case, code=code))
        return await database.log.of_case(cases[0].id if cases else code, datetime.now(UTC))

    found = with_database(load(StoreSettings), export)
    if not found:
        raise fail("no case has this code")
    writer = csv.writer(sys.stdout)
    names = [f.name for f in fields(Logged)]
    writer.writerow(names)
    for entry in found:
        row = asdict(entry) | {"at": entry.at.isoformat(timespec="seconds")}
        writer.writerow(safe_cells([row[name] for name in names]))


WRITTEN_OFF = (
    "If you write it off, its data is removed, and no report has its numbers. The bot cannot delete its "
    "messages in Slack, since their places were sealed too: delete the room, and tell the coordinators. "
    "If an export of the key store has the key, import that instead: after this it opens nothing."
)


def write_off(case_id: str, *, yes: bool) -> None:
    """Remove a case that can no longer be read, and so cannot be deleted by its coordinators."""
    settings = load(StoreSettings)
    if f"case/{case_id}" not in with_database(settings, lambda database: database.unreadable()):
        raise fail(f"No unreadable case has the id {case_id}. Close a readable case in Slack.")
    say(f"Case {case_id} cannot be opened. {WRITTEN_OFF}")
    agree("Write it off?", yes=yes)
    with_database(settings, lambda database: database.write_off(case_id))
    say(f"Case {case_id} is written off.")
