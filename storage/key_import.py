"""The import of an export's keys into the key store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage import migrate, schema
from storage.crypto.keyring import INSTALLATION, Keyring, derive, generation_of
from storage.crypto.keystore import Keystore, Wrapped
from storage.crypto.master_key import SETTING, KeyringError, WrongSecretKey
from storage.installation import opens, sealed_known
from storage.schema.documents import scopes


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many keys are new, how many scopes stay destroyed, and whether the database is installed."""

    new: int
    destroyed: int
    installed: bool


def import_wrapped_keys(url: str, keyring: Keyring, rows: Sequence[Wrapped]) -> ImportResult:
    """Add these keys to the key store. Scopes that store, rows or database know as erased stay erased."""
    known, purged = _told_by(url, keyring.keystore)
    _check(keyring, rows, known)
    store = keyring.keystore
    here = store.all()
    gone = _destroyed(here) | _destroyed(rows) | purged
    there = {(row.scope, row.generation) for row in here}
    new = [row for row in rows if row.scope not in gone and (row.scope, row.generation) not in there]
    if new:
        store.put(*new)
    if dead := sorted(gone - _destroyed(here)):
        store.destroy(dead)
    return ImportResult(len(new), len(gone), known is not None)


def _told_by(url: str, keystore: Keystore) -> tuple[bytes | None, set[str]]:
    """Return the database's known value and its purged scopes; None and none for a new database."""
    with migrate.existing(url) as connection:
        if connection is None:
            return None, set()
        schema.check(connection)
        keystore.refuse_same_database()
        return sealed_known(connection), set(scopes(connection, purged=True))


def _check(keyring: Keyring, rows: Sequence[Wrapped], known: bytes | None) -> None:
    """Raise unless these keys open, and are those of this installation as far as anything is known of it."""
    own = {row.generation: keyring.unwrap(row) for row in keyring.keystore.all(INSTALLATION)}
    try:
        keys = {(row.scope, row.generation): keyring.unwrap(row) for row in rows if row.wrapped is not None}
    except WrongSecretKey:
        raise WrongSecretKey(
            f"the keys are wrapped with another master key: set {SETTING} to the one used at the export, "
            "and rotate afterwards"
        ) from None
    theirs = {generation: key for (scope, generation), key in keys.items() if scope == INSTALLATION}
    same = bool(theirs) and all(own.get(generation, key) == key for generation, key in theirs.items())
    key = None if known is None else (own | theirs).get(generation_of(known))
    if not same or (known is not None and not opens(None if key is None else derive(key), known)):
        raise KeyringError("the keys belong to another installation: nothing has been changed")


def _destroyed(rows: Sequence[Wrapped]) -> set[str]:
    alive = {row.scope for row in rows if row.wrapped is not None}
    return {row.scope for row in rows} - alive
