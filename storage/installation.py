"""The keys of an installation: checked at start, made once, changed while the bot runs."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from storage.crypto.keyring import (
    INSTALLATION,
    Erased,
    Keyring,
    ScopeKeys,
    generation_of,
    seal,
    unseal,
    unwrap,
    wrap,
)
from storage.crypto.keystore import SUCCESSION, Keystore
from storage.crypto.master_key import ANOTHER, KeyLost, KeystoreLost, SecretKey, WrongSecretKey
from storage.crypto.transaction_keys import TransactionKeys, scopes
from storage.documents.index import Index
from storage.documents.store import Documents
from storage.ledgers.store import Ledgers
from storage.schema.documents import documents
from storage.schema.infrastructure import installation
from storage.sealed_rows import Known

#: The known value: each installation seals it with its own key, to check that the key opens it.
KNOWN = b"tot-bot"
ROW = "installation"
PLACE = b"installation:known:installation"


def unlock(connection: Connection, keyring: Keyring) -> bool:
    """Check the keys against the known value, in any transaction; return False for a new installation."""
    keyring.keystore.refuse_same_database(connection)
    sealed = sealed_known(connection)
    if sealed is None:
        return False
    keyring.unlock(fresh=False)
    if not opens(keyring.keys(INSTALLATION, generation_of(sealed)), sealed):
        raise KeystoreLost("TOT_KEYSTORE is another database's key store: its keys do not open this database")
    keyring.preload()
    return True


def install(connection: Connection, keyring: Keyring) -> None:
    """Make the keys and the known value of a new installation, unless another process has just done so."""
    if unlock(connection, keyring):
        return
    if connection.scalar(select(documents.c.id).limit(1)) is not None:
        raise KeystoreLost(
            "the database has documents, but no value to check its keys with: restore a backup"
        )
    keyring.unlock(fresh=True)
    connection.execute(insert(installation).values(id=ROW, known=known(keyring, 1), generation=1))


def sealed_known(connection: Connection) -> bytes | None:
    """Return the sealed known value; None if the installation is new."""
    found: bytes | None = connection.scalar(select(installation.c.known).where(installation.c.id == ROW))
    return found


def known(keyring: Keyring, generation: int) -> bytes:
    """Return the known value, sealed with this generation of the installation's key."""
    keys = keyring.keys(INSTALLATION, generation)
    if keys is None:
        raise KeystoreLost("the key store has no key for this installation")
    return seal(keys, generation, PLACE, KNOWN)


def opens(keys: ScopeKeys | None, sealed: bytes) -> bool:
    """Return whether the known value was sealed with these keys."""
    try:
        return keys is not None and unseal(keys, PLACE, sealed) == KNOWN
    except KeyLost:
        return False


def change_master(keystore: Keystore, old: SecretKey, new: SecretKey) -> int:
    """Wrap every key with the new master key, all or none; return how many.

    A bot that runs with the old master key goes on: the new one is left in the key store, wrapped with the
    old one, until a bot has been started with the new one.
    """
    with keystore.changing() as connection:
        rows = [r for r in keystore.for_replacing(connection) if not r.scope.startswith(SUCCESSION)]
        kept = [r for r in rows if r.wrapped is not None]
        if any(r.master != old.fingerprint for r in kept):
            raise WrongSecretKey(ANOTHER)
        keystore.replace(connection, (wrap(new, r.scope, r.generation, unwrap(old, r)) for r in kept))
        keystore.put(connection, wrap(old, f"{SUCCESSION}{old.fingerprint}", 0, new.raw))
    return len(kept)


def seal_anew(connection: Connection, keyring: Keyring) -> int:
    """Seal every document and ledger with new keys, in one write transaction; return how many.

    The old keys stay, since backups need them. The log is not changed, nor are rows whose key is lost.
    """
    old = TransactionKeys(keyring, connection)
    generation = old.generation + 1
    living = scopes(connection, purged=False)
    lost = {scope for scope in living if _is_lost(keyring, scope, old.generation)}
    keyring.create([INSTALLATION, *(scope for scope in living if scope not in lost)], generation)
    connection.execute(update(installation).values(generation=generation, known=known(keyring, generation)))
    new = TransactionKeys(keyring, connection, generation)
    rows = (Documents(connection, old, Index()), Ledgers(connection, old, Known()))
    return sum(each.seal_anew(new) for each in rows)


def _is_lost(keyring: Keyring, scope: str, generation: int) -> bool:
    try:
        return keyring.keys(scope, generation) is None
    except Erased:
        return False
    except KeyLost:
        return True
