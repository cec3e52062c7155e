"""The import of an export's keys into the key store."""

from __future__ import annotations

from collections.abc import Sequence

from storage import migrate, schema
from storage.crypto.keyring import INSTALLATION, Keyring, derive
from storage.crypto.keystore import Wrapped, destroyed
from storage.crypto.master_key import SETTING, KeyringError, WrongSecretKey
from storage.installation import known_mark, mark_of
from storage.schema.documents import scopes


def import_wrapped_keys(url: str, keyring: Keyring, rows: Sequence[Wrapped]) -> tuple[int, int, bool]:
    """Add these keys to the key store. Scopes that store, rows or database know as erased stay erased.

    Return how many keys are new, how many scopes stay erased, and whether the database is installed.
    """
    known, purged = _told_by(url)
    _check(keyring, rows, known)
    store = keyring.keystore
    here = store.all()
    gone = destroyed(here) | destroyed(rows) | purged
    there = {(row.scope, row.generation) for row in here}
    new = [row for row in rows if row.scope not in gone and (row.scope, row.generation) not in there]
    if new:
        store.put(*new)
    if dead := sorted(gone - destroyed(here)):
        store.destroy(dead)
    return len(new), len(gone), known is not None


def _told_by(url: str) -> tuple[bytes | None, set[str]]:
    """Return the mark of the database's keys and its purged scopes; None and none for a new database."""
    with migrate.existing(url) as connection:
        if connection is None:
            return None, set()
        schema.check(connection)
        return known_mark(connection), set(scopes(connection, purged=True))


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
    marks = [None, *(mark_of(derive(key)) for key in (own | theirs).values())]
    if not same or known not in marks:
        raise KeyringError("the keys belong to another installation: nothing has been changed")
