"""The keys of an installation: checked at start, made once, and renewed."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from storage.crypto.keyring import BACKUP, INSTALLATION, Keyring, ScopeKeys, blind, derive
from storage.crypto.keystore import alive
from storage.crypto.master_key import KeyringError
from storage.documents.index import Index
from storage.documents.store import Documents
from storage.ledgers.store import Ledgers
from storage.schema.documents import scopes
from storage.schema.infrastructure import installation
from storage.sealed_rows import Known


def unlock(connection: Connection, keyring: Keyring) -> bool:
    """Check that the keys are this database's, in any transaction; return False for a new installation."""
    known = known_mark(connection)
    if known is None:
        return False
    rows = keyring.keystore.all(INSTALLATION)
    if not rows:
        raise KeyringError(
            f"the key store ({keyring.keystore.file or 'on PostgreSQL'}) is empty or missing, but the "
            "database is not: set TOT_KEYSTORE to the database's key store, or import its export "
            "(`tot keys import`, docs/operate.md)"
        )
    if known not in [mark_of(derive(keyring.unwrap(row))) for row in rows]:
        raise KeyringError("TOT_KEYSTORE is another database's key store: its keys do not open this database")
    keyring.preload()
    return True


def install(connection: Connection, keyring: Keyring) -> None:
    """Make the keys of a new installation and note their mark, unless another process has just done so."""
    if unlock(connection, keyring):
        return
    # The backups' key is made now, so that every export of the keys opens every backup.
    keyring.create(INSTALLATION, BACKUP)
    mark = mark_of(keyring.kept(INSTALLATION))
    connection.execute(insert(installation).values(id="installation", known=mark))


def known_mark(connection: Connection) -> bytes | None:
    """Return the mark of this database's keys; None if the installation is new."""
    found: bytes | None = connection.scalar(select(installation.c.known))
    return found


def mark_of(keys: ScopeKeys) -> bytes:
    """Return the mark by which the keys of an installation are known to be its own."""
    return blind(keys, "installation:known", "tot-bot")


def seal_anew(connection: Connection, keyring: Keyring) -> int:
    """Seal every document and ledger with new keys, in one write transaction; return how many.

    The old keys stay, since backups need them. The log is not changed, nor are rows whose key is lost.
    """
    keyring.renew(INSTALLATION, *alive(keyring.keystore.all()).intersection(scopes(connection, purged=False)))
    connection.execute(update(installation).values(known=mark_of(keyring.kept(INSTALLATION))))
    rows = (Documents(connection, keyring, Index()), Ledgers(connection, keyring, Known()))
    return sum(each.seal_anew() for each in rows)
