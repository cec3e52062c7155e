"""Seeing at start that the master key, the key store and the database belong together."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, text

from storage.tables import installation, persons
from storage.vault import keys as vault_keys
from storage.vault.keys import INSTALLATION, Vault
from storage.vault.ring import SEALING_LOCK
from storage.vault.secret import KeyLost, KeystoreLost

#: What every installation seals with its own key, to see whether it opens.
KNOWN = b"tot-bot"
ROW = "installation"
PLACE = b"installation:known:installation"


def unlock(connection: Connection, vault: Vault) -> bool:
    """Check the keys against the known value, in any transaction; False if the installation is new.

    Raises:
        WrongSecretKey, KeystoreLost, KeyLost: they do not belong together.
    """
    sealed = _sealed(connection)
    if sealed is None:
        return False
    vault.unlock(fresh=False)
    check(vault, sealed)
    vault.preload()
    return True


def install(connection: Connection, vault: Vault) -> None:
    """Make the keys of a new installation and its known value, unless another process just has.

    Raises:
        KeystoreLost: the database is not new: it has lost its known value.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SEALING_LOCK})
    if unlock(connection, vault):
        return
    if connection.scalar(select(persons.c.id).limit(1)) is not None:
        raise KeystoreLost("the database holds people but no known value: restore a backup")
    vault.unlock(fresh=True)
    connection.execute(insert(installation).values(id=ROW, known=known(vault, 1), generation=1))


def _sealed(connection: Connection) -> bytes | None:
    found: bytes | None = connection.scalar(select(installation.c.known).where(installation.c.id == ROW))
    return found


def known(vault: Vault, generation: int) -> bytes:
    """The known value, sealed with this generation of the installation's key."""
    keys = vault.keys(INSTALLATION, generation)
    if keys is None:
        raise KeystoreLost("the key store has no key for this installation")
    return vault_keys.seal(keys, generation, PLACE, KNOWN)


def check(vault: Vault, sealed: bytes) -> None:
    """KeystoreLost unless the key store is the one with which this database was sealed."""
    keys = vault.keys(INSTALLATION, vault_keys.generation_of(sealed))
    try:
        if keys is not None and vault_keys.unseal(keys, PLACE, sealed) == KNOWN:
            return
    except KeyLost:
        pass
    raise KeystoreLost("TOT_KEYSTORE is another database's key store: its keys do not open this database")
