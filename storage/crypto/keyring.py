"""Keys in use: one random key per scope, from which a sealing key and an index key are derived.

A scope is `installation`, or `case/<id>` (a guidance, a convening, a joint meeting or a drill in the same
way). Its keys have generations: the database says which is current, so that all processes change at once.
The keys of the log and of backups have none: what they have sealed is never sealed again.

A sealed value is a byte for the format, two for the generation, a random nonce of 12, then AES-256-GCM with
its place (`documents:kind:id:version`) as associated data, so that it does not open in another place. A value
is padded to a multiple of 64 bytes or more (a byte of 128, then zeros), because a length tells something.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from sqlalchemy import Connection

from storage.crypto.keystore import SUCCESSION, Keystore, Wrapped
from storage.crypto.master_key import ANOTHER, BYTES, KeyLost, KeystoreLost, SecretKey, WrongSecretKey

INSTALLATION = "installation"
BACKUP = "backup"
AUDIT = "audit/"
#: The generation before the first key of an installation, and of scopes whose keys stay.
FIXED = 0
FORMAT = 1
BLOCK = 64
NONCE = 12
BLIND = 16


class Erased(Exception):
    """The key of the requested data has been destroyed: the data can no longer be read or written."""


@dataclass(frozen=True)
class ScopeKeys:
    """The sealing key and the index key that are derived from one key."""

    aead: AESGCM = field(repr=False)
    index: bytes = field(repr=False)


def case_scope(case_id: str | None) -> str:
    """Return the scope of a case's data, or the installation's for None."""
    return INSTALLATION if case_id is None else f"case/{case_id}"


def audit_scope(case_id: str) -> str:
    """Return the scope of a case's log entries, whose keys outlive the case's own."""
    return f"{AUDIT}case/{case_id}"


class Keyring:
    """The keys of one installation, unwrapped when needed, and only in memory. Safe across threads."""

    def __init__(self, keystore: Keystore, secret: SecretKey) -> None:
        self.keystore = keystore
        self._secrets = {secret.fingerprint: secret}
        #: The master key that was given.
        self.secret = secret
        self._keys: dict[tuple[str, int], ScopeKeys] = {}
        self._lock = threading.Lock()

    def unlock(self, *, fresh: bool) -> None:
        """Check that master key and key store belong together; `fresh` makes the installation's keys.

        The backups' key is one of them, so that every export of the keys opens every backup.
        """
        if not self.keystore.all(INSTALLATION):
            if not fresh:
                raise KeystoreLost(
                    f"the key store ({self.keystore.file or 'on PostgreSQL'}) is empty or missing, but the "
                    "database is not: set TOT_KEYSTORE to the database's key store, or import its "
                    "export (`tot keys import`, docs/operate.md)"
                )
            self.create([INSTALLATION], 1)
            self.create([BACKUP], FIXED)
        for row in self.keystore.all(INSTALLATION):
            self._unwrap(row)

    def forget_old_master(self) -> None:
        """Remove the succession once the bot runs with the new master key.

        The old one then opens nothing, once `destroy` has removed what it wrapped from the files too.
        """
        if all(row.master == self.secret.fingerprint for row in self.keystore.all(INSTALLATION)):
            with self.keystore.changing() as connection:
                self.keystore.forget(connection, SUCCESSION)

    def preload(self) -> None:
        """Unwrap every key, so that this process keeps them all when the master key is changed."""
        for row in self.keystore.all():
            if not row.scope.startswith(SUCCESSION):
                # A key that somebody has changed raises when it is used.
                with suppress(KeyLost):
                    self._keep(row)

    def keys(self, scope: str, generation: int) -> ScopeKeys | None:
        """Return the keys of a scope; None if there never were any.

        Raises:
            Erased: they have been destroyed.
        """
        found = self._keys.get((scope, generation))
        if found is None:
            rows = self.keystore.all(scope)
            if rows and all(row.wrapped is None for row in rows):
                raise Erased(scope)
            for row in rows:
                self._keep(row)
            found = self._keys.get((scope, generation))
        return found

    def create(self, scopes: Iterable[str], generation: int) -> None:
        """Make keys for scopes without any of this generation, and store them before anything uses them."""
        with self.keystore.changing() as connection:
            secret = self.secret
            for current in self.keystore.held(connection, INSTALLATION):
                secret = self._secret_of(current.master, connection)
            self.keystore.put(connection, *(wrap(secret, s, generation, os.urandom(BYTES)) for s in scopes))

    def destroy(self, *scopes: str) -> None:
        """Destroy the keys of these scopes for good; what they have sealed is unreadable everywhere.

        Without scopes, finish a call that was interrupted.
        """
        self.keystore.destroy(scopes)
        with self._lock:
            for place in [place for place in self._keys if place[0] in scopes]:
                del self._keys[place]

    def close(self) -> None:
        self.keystore.close()

    def _keep(self, row: Wrapped) -> None:
        if row.wrapped is not None and (row.scope, row.generation) not in self._keys:
            unwrapped = derive(self._unwrap(row))
            with self._lock:
                self._keys[row.scope, row.generation] = unwrapped

    def _unwrap(self, row: Wrapped) -> bytes:
        return unwrap(self._secret_of(row.master), row)

    def _secret_of(self, fingerprint: str, connection: Connection | None = None) -> SecretKey:
        """Return the master key with this fingerprint: ours, or one that has replaced it while we ran."""
        while fingerprint not in self._secrets:
            rows = self.keystore.all() if connection is None else self.keystore.within(connection)
            heirs = [
                (row, self._secrets[row.master])
                for row in rows
                if row.scope.startswith(SUCCESSION) and row.master in self._secrets
            ]
            new = [SecretKey(unwrap(secret, row)) for row, secret in heirs]
            if not any(s.fingerprint not in self._secrets for s in new):
                raise WrongSecretKey(ANOTHER)
            self._secrets.update({s.fingerprint: s for s in new})
        return self._secrets[fingerprint]


def wrap(secret: SecretKey, scope: str, generation: int, key: bytes) -> Wrapped:
    """Return a key wrapped by the master key, for this scope and generation only."""
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(secret.raw).encrypt(nonce, key, _place(scope, generation))
    return Wrapped(scope, generation, sealed, secret.fingerprint)


def unwrap(secret: SecretKey, row: Wrapped) -> bytes:
    sealed = row.wrapped or b""
    try:
        return AESGCM(secret.raw).decrypt(sealed[:NONCE], sealed[NONCE:], _place(row.scope, row.generation))
    except (InvalidTag, ValueError):
        raise KeyLost(
            "a key in the key store has been changed: restore the newest export of the keys"
        ) from None


def _place(scope: str, generation: int) -> bytes:
    return f"key:{scope}:{generation}".encode()


def derive(key: bytes) -> ScopeKeys:
    """Return the sealing key and the index key derived from a key."""

    def expand(purpose: bytes) -> bytes:
        return HKDFExpand(SHA256(), BYTES, b"tot " + purpose).derive(key)

    return ScopeKeys(AESGCM(expand(b"seal")), expand(b"index"))


def seal(keys: ScopeKeys, generation: int, place: bytes, value: bytes, block: int = BLOCK) -> bytes:
    """Return the value, padded to a multiple of `block` bytes and sealed for one place."""
    nonce = os.urandom(NONCE)
    filled = value + b"\x80" + bytes(-(len(value) + 1) % block)
    return bytes((FORMAT,)) + generation.to_bytes(2) + nonce + keys.aead.encrypt(nonce, filled, place)


def generation_of(sealed: bytes) -> int:
    """Return the generation of the key that a value is sealed with."""
    return int.from_bytes(sealed[1:3])


def unseal(keys: ScopeKeys, place: bytes, sealed: bytes) -> bytes:
    """Return the value that is sealed for this place.

    Raises:
        KeyLost: it has been changed or moved, or the key is another one.
    """
    try:
        value = keys.aead.decrypt(sealed[3 : 3 + NONCE], sealed[3 + NONCE :], place)
        return value.rstrip(b"\0")[:-1]
    except (InvalidTag, ValueError):
        raise KeyLost(f"{place.decode()} cannot be opened: it or its key has been changed") from None


def blind(keys: ScopeKeys, what: str, value: str) -> bytes:
    """Return the blind index of a value: equal values with the same scope and use have equal indexes."""
    return hmac.digest(keys.index, f"{what}:{value}".encode(), "sha256")[:BLIND]
