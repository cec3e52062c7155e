"""The keys of an installation: checked at start, made once, and renewed."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from storage.crypto.keyring import (
    BACKUP,
    INSTALLATION,
    Erased,
    Keyring,
    ScopeKeys,
    generation_of,
    seal,
    unseal,
)
from storage.crypto.master_key import KeyLost, KeyringError
from storage.documents.index import Index
from storage.documents.store import Documents
from storage.ledgers.store import Ledgers
from storage.schema.documents import scopes
from storage.schema.infrastructure import installation
from storage.sealed_rows import Known

#: The known value: each installation seals it with its own key, to check that the key opens it.
KNOWN = b"tot-bot"
ROW = "installation"
PLACE = b"installation:known:installation"


def unlock(connection: Connection, keyring: Keyring) -> bool:
    """Check the keys against the known value, in any transaction; return False for a new installation."""
    keyring.keystore.refuse_same_database()
    sealed = sealed_known(connection)
    if sealed is None:
        return False
    if not keyring.keystore.all(INSTALLATION):
        raise KeyringError(
            f"the key store ({keyring.keystore.file or 'on PostgreSQL'}) is empty or missing, but the "
            "database is not: set TOT_KEYSTORE to the database's key store, or import its export "
            "(`tot keys import`, docs/operate.md)"
        )
    if not opens(keyring.keys(INSTALLATION, generation_of(sealed)), sealed):
        raise KeyringError("TOT_KEYSTORE is another database's key store: its keys do not open this database")
    keyring.preload()
    return True


def install(connection: Connection, keyring: Keyring) -> None:
    """Make the keys and the known value of a new installation, unless another process has just done so."""
    if unlock(connection, keyring):
        return
    # The backups' key is made now, so that every export of the keys opens every backup.
    keyring.create(INSTALLATION, BACKUP)
    connection.execute(insert(installation).values(id=ROW, known=known(keyring)))


def sealed_known(connection: Connection) -> bytes | None:
    """Return the sealed known value; None if the installation is new."""
    found: bytes | None = connection.scalar(select(installation.c.known).where(installation.c.id == ROW))
    return found


def known(keyring: Keyring) -> bytes:
    """Return the known value, sealed with the installation's newest key."""
    keys = keyring.keys(INSTALLATION)
    if keys is None:
        raise KeyringError("the key store has no key for this installation")
    return seal(keys, PLACE, KNOWN)


def opens(keys: ScopeKeys | None, sealed: bytes) -> bool:
    """Return whether the known value was sealed with these keys."""
    try:
        return keys is not None and unseal(keys, PLACE, sealed) == KNOWN
    except KeyLost:
        return False


def seal_anew(connection: Connection, keyring: Keyring) -> int:
    """Seal every document and ledger with new keys, in one write transaction; return how many.

    The old keys stay, since backups need them. The log is not changed, nor are rows whose key is lost.
    """
    keyring.renew(INSTALLATION, *(s for s in scopes(connection, purged=False) if _has_keys(keyring, s)))
    connection.execute(update(installation).values(known=known(keyring)))
    rows = (Documents(connection, keyring, Index()), Ledgers(connection, keyring, Known()))
    return sum(each.seal_anew() for each in rows)


def _has_keys(keyring: Keyring, scope: str) -> bool:
    try:
        return keyring.keys(scope) is not None
    except (Erased, KeyLost):
        return False
