"""Keys in use: one random key per scope, from which a sealing key and an index key are derived.

A scope is `installation`, or `case/<id>` (a guidance, a convening, a joint meeting or a drill in the same
way). Its keys have generations: the newest seals, and the others still open what they have sealed, such as
backups. The log and the backups keep their first: what they have sealed is never sealed again.

A sealed value is a byte for the format, two for the generation, a random nonce of 12, then AES-256-GCM with
its place (`documents:kind:id:version`) as associated data, so that it does not open in another place. A value
is padded to a multiple of 64 bytes or more (a byte of 128, then zeros), because a length tells something.
"""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from storage.crypto.keystore import Keystore, Wrapped
from storage.crypto.master_key import ANOTHER, BYTES, KeyLost, SecretKey, WrongSecretKey

INSTALLATION = "installation"
BACKUP = "backup"
AUDIT = "audit/"
FIRST = 1
FORMAT = 1
BLOCK = 64
NONCE = 12
BLIND = 16


class Erased(Exception):
    """The key of the requested data has been destroyed: the data can no longer be read or written."""


@dataclass(frozen=True)
class ScopeKeys:
    """The sealing key and the index key that are derived from one key, and its generation."""

    aead: AESGCM = field(repr=False)
    index: bytes = field(repr=False)
    generation: int


def case_scope(case_id: str | None) -> str:
    """Return the scope of a case's data, or the installation's for None."""
    return INSTALLATION if case_id is None else f"case/{case_id}"


def audit_scope(case_id: str) -> str:
    """Return the scope of a case's log entries, whose keys outlive the case's own."""
    return f"{AUDIT}case/{case_id}"


class Keyring:
    """The keys of one installation, unwrapped when needed, and only in memory. Safe across threads.

    `secret` is the master key, `new` the one that replaces it.
    """

    def __init__(self, keystore: Keystore, secret: SecretKey, new: SecretKey | None = None) -> None:
        self.keystore = keystore
        self._secret = secret
        self._secrets = {each.fingerprint: each for each in (secret, new) if each is not None}
        #: By scope and generation. The inner ones are replaced, never changed: they need no lock, and a key
        #: that two threads have read at once is at worst read again.
        self._keys: dict[str, dict[int, ScopeKeys]] = {}

    def preload(self) -> None:
        """Unwrap every key, with one query in place of one for each scope."""
        for row in self.keystore.all():
            # A key that somebody has changed raises when it is used.
            with suppress(KeyLost):
                self._keep(row)

    def keys(self, scope: str, generation: int | None = None) -> ScopeKeys | None:
        """Return the newest keys of a scope, or those of a generation; None if there never were any.

        Raises:
            Erased: they have been destroyed.
        """
        found = self._kept(scope, generation)
        if found is None:
            rows = self.keystore.all(scope)
            if rows and all(row.wrapped is None for row in rows):
                raise Erased(scope)
            for row in rows:
                self._keep(row)
            found = self._kept(scope, generation)
        return found

    def needed(self, scope: str, generation: int | None = None) -> ScopeKeys:
        """As `keys`. Raise KeyLost if there never were any."""
        if (keys := self.keys(scope, generation)) is None:
            raise KeyLost(f"the key store has no key for {scope}: import its export (`tot keys import`)")
        return keys

    def kept(self, scope: str) -> ScopeKeys:
        """Return the newest keys of a scope, made if there never were any.

        Raises:
            Erased: they have been destroyed.
            KeyLost: the key store has not saved them.
        """
        if (keys := self.keys(scope)) is None:
            self.create(scope)
            if (keys := self.keys(scope)) is None:
                raise KeyLost(f"the key store did not save the keys of {scope}")
        return keys

    def create(self, *scopes: str, generation: int = FIRST) -> None:
        """Make keys for scopes without any of this generation, and store them before anything uses them."""
        masters = [row.master for row in self.keystore.all(INSTALLATION)]
        secret = self._secret_of(masters[0]) if masters else self._secret
        wrapped = [wrap(secret, scope, generation, os.urandom(BYTES)) for scope in scopes]
        self.keystore.put(*wrapped)

    def renew(self, *scopes: str) -> None:
        """Make newer keys for these scopes."""
        self.create(*scopes, generation=1 + max(row.generation for row in self.keystore.all()))
        self.preload()

    def change_master(self, new: SecretKey) -> int:
        """Wrap every key with the new master key, all or none, so that the old one opens nothing.

        Return how many. The key store then holds nothing that the old one has wrapped, not even in its files.
        """
        rows = [row for row in self.keystore.all() if row.wrapped is not None]
        self.keystore.replace(wrap(new, row.scope, row.generation, self.unwrap(row)) for row in rows)
        self.keystore.destroy(())
        return len(rows)

    def destroy(self, *scopes: str) -> None:
        """Destroy the keys of these scopes for good; what they have sealed is unreadable everywhere.

        Without scopes, finish a call that was interrupted.
        """
        try:
            self.keystore.destroy(scopes)
        finally:
            # Also if only scrubbing failed: a key that is still stored is read again.
            for scope in scopes:
                self._keys.pop(scope, None)

    def close(self) -> None:
        self.keystore.close()

    def _kept(self, scope: str, generation: int | None) -> ScopeKeys | None:
        kept = self._keys.get(scope, {})
        return kept.get(max(kept, default=FIRST) if generation is None else generation)

    def _keep(self, row: Wrapped) -> None:
        if row.wrapped is not None and self._kept(row.scope, row.generation) is None:
            unwrapped = derive(self.unwrap(row), row.generation)
            self._keys[row.scope] = {**self._keys.get(row.scope, {}), row.generation: unwrapped}

    def unwrap(self, row: Wrapped) -> bytes:
        """Return a stored key. Raise WrongSecretKey if another master key has wrapped it."""
        return unwrap(self._secret_of(row.master), row)

    def _secret_of(self, fingerprint: str) -> SecretKey:
        if fingerprint not in self._secrets:
            raise WrongSecretKey(ANOTHER)
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


def derive(key: bytes, generation: int = FIRST) -> ScopeKeys:
    """Return the sealing key and the index key derived from a key."""

    def expand(purpose: bytes) -> bytes:
        return HKDFExpand(SHA256(), BYTES, b"tot " + purpose).derive(key)

    return ScopeKeys(AESGCM(expand(b"seal")), expand(b"index"), generation)


def seal(keys: ScopeKeys, place: bytes, value: bytes, block: int = BLOCK) -> bytes:
    """Return the value, padded to a multiple of `block` bytes and sealed for one place."""
    nonce = os.urandom(NONCE)
    filled = value + b"\x80" + bytes(-(len(value) + 1) % block)
    return bytes((FORMAT,)) + keys.generation.to_bytes(2) + nonce + keys.aead.encrypt(nonce, filled, place)


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
