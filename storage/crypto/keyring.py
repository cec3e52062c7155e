"""Keys in use: one random key per scope, each the source of one key to seal with and one to find by.

A scope is `installation`, or `case/<id>` (a guidance, a convening, a joint meeting or a drill in the same
way), whose keys have generations: the database says which is current, so that all processes change at once.
The log's and the backups' keys have none: what they have sealed is never sealed again.

A sealed value is a byte for the format, two for the generation, a random nonce of 12, then AES-256-GCM with
its place (`documents:kind:id:version`) as associated data: copied to another place it does not open. What is
sealed is filled up to a multiple of 64 bytes or more (a byte of 128, then zeros): a length tells something.
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
#: Before the first key of an installation, and for scopes whose keys stay.
FIXED = 0
FORMAT = 1
BLOCK = 64
NONCE = 12
BLIND = 16


class Erased(Exception):
    """The key of what is asked for has been destroyed: it cannot be read, nor written any more."""


@dataclass(frozen=True)
class ScopeKeys:
    """The two keys that are derived from one."""

    aead: AESGCM = field(repr=False)
    index: bytes = field(repr=False)


def case_scope(case_id: str | None) -> str:
    """The scope of what belongs to a case, or to none."""
    return INSTALLATION if case_id is None else f"case/{case_id}"


def audit_scope(case_id: str) -> str:
    """The scope of what the log says of a case; it outlives the case's own."""
    return f"{AUDIT}case/{case_id}"


class Keyring:
    """The keys of one installation, unwrapped as they are needed, and only in memory. Safe among threads."""

    def __init__(self, keystore: Keystore, secret: SecretKey) -> None:
        self.keystore = keystore
        self._secrets = {secret.fingerprint: secret}
        self._given = secret
        self._keys: dict[tuple[str, int], ScopeKeys] = {}
        self._lock = threading.Lock()

    @property
    def secret(self) -> SecretKey:
        """The master key that was given."""
        return self._given

    def unlock(self, *, fresh: bool) -> None:
        """See that the master key and the key store belong together; `fresh` makes the installation's key."""
        if not self.keystore.all(INSTALLATION):
            if not fresh:
                raise KeystoreLost(
                    f"the key store ({self.keystore.file or 'on PostgreSQL'}) is empty or not there, but the "
                    "database is not: set TOT_KEYSTORE to the one that belongs to it, or bring its "
                    "export back (`tot keys import`, docs/operate.md)"
                )
            self.create([INSTALLATION], 1)
        for row in self.keystore.all(INSTALLATION):
            self._unwrap(row)

    def forget_old_master(self) -> None:
        """Once the bot has been started with the new master key, the old one is to lead nowhere."""
        if all(row.master == self._given.fingerprint for row in self.keystore.all(INSTALLATION)):
            with self.keystore.changing() as connection:
                served = self.keystore.forget(connection, SUCCESSION)
            if served:
                # What the old one wrapped lies in the files until then.
                self.keystore.scrub()

    def preload(self) -> None:
        """Unwrap every key there is, so that a new master key takes nothing away from this process."""
        for row in self.keystore.all():
            if not row.scope.startswith(SUCCESSION):
                # One that somebody has changed is found out by whoever needs it.
                with suppress(KeyLost):
                    self._keep(row)

    def keys(self, scope: str, generation: int) -> ScopeKeys | None:
        """The keys of a scope; None if there never were any.

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
        """Make keys for scopes that have none of this generation; they are kept before anything uses them."""
        with self.keystore.changing() as connection:
            secret = self._given
            for current in self.keystore.held(connection, INSTALLATION):
                secret = self._secret_of(current.master, connection)
            self.keystore.put(connection, *(wrap(secret, s, generation, os.urandom(BYTES)) for s in scopes))

    def destroy(self, *scopes: str) -> None:
        """Destroy the keys of these scopes for good; what they have sealed is unreadable everywhere.

        Without any, finish what of an earlier time has not been done.
        """
        self.keystore.destroy(scopes)
        with self._lock:
            for place in [place for place in self._keys if place[0] in scopes]:
                del self._keys[place]

    def close(self) -> None:
        """Close the key store."""
        self.keystore.close()

    def _keep(self, row: Wrapped) -> None:
        if row.wrapped is not None and (row.scope, row.generation) not in self._keys:
            unwrapped = derive(self._unwrap(row))
            with self._lock:
                self._keys[row.scope, row.generation] = unwrapped

    def _unwrap(self, row: Wrapped) -> bytes:
        return unwrap(self._secret_of(row.master), row)

    def _secret_of(self, fingerprint: str, connection: Connection | None = None) -> SecretKey:
        """The master key with this fingerprint: ours, or the one that has followed it while we ran."""
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
    """A key, wrapped by the master key for this place alone."""
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(secret.raw).encrypt(nonce, key, _place(scope, generation))
    return Wrapped(scope, generation, sealed, secret.fingerprint)


def unwrap(secret: SecretKey, row: Wrapped) -> bytes:
    """The key in a row of the key store."""
    sealed = row.wrapped or b""
    try:
        return AESGCM(secret.raw).decrypt(sealed[:NONCE], sealed[NONCE:], _place(row.scope, row.generation))
    except (InvalidTag, ValueError):
        raise KeyLost("a key in the key store has been changed: bring its export back") from None


def _place(scope: str, generation: int) -> bytes:
    return f"key:{scope}:{generation}".encode()


def derive(key: bytes) -> ScopeKeys:
    """The key to seal with and the key to find by."""

    def expand(purpose: bytes) -> bytes:
        return HKDFExpand(SHA256(), BYTES, b"tot " + purpose).derive(key)

    return ScopeKeys(AESGCM(expand(b"seal")), expand(b"index"))


def seal(keys: ScopeKeys, generation: int, place: bytes, value: bytes, block: int = BLOCK) -> bytes:
    """The value, sealed for one place and filled up to a multiple of `block` bytes."""
    nonce = os.urandom(NONCE)
    filled = value + b"\x80" + bytes(-(len(value) + 1) % block)
    return bytes((FORMAT,)) + generation.to_bytes(2) + nonce + keys.aead.encrypt(nonce, filled, place)


def generation_of(sealed: bytes) -> int:
    """Which generation of its scope's key a value is sealed with."""
    return int.from_bytes(sealed[1:3])


def unseal(keys: ScopeKeys, place: bytes, sealed: bytes) -> bytes:
    """The value.

    Raises:
        KeyLost: it has been changed or moved, or the key is another's.
    """
    try:
        value = keys.aead.decrypt(sealed[3 : 3 + NONCE], sealed[3 + NONCE :], place)
        return value.rstrip(b"\0")[:-1]
    except (InvalidTag, ValueError):
        raise KeyLost(f"{place.decode()} does not open: it, or its key, is not the one that it was") from None


def blind(keys: ScopeKeys, what: str, value: str) -> bytes:
    """Return the blind index of a value: equal values of one scope and use have equal ones."""
    return hmac.digest(keys.index, f"{what}:{value}".encode(), "sha256")[:BLIND]
