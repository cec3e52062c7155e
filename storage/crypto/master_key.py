"""The master key, and the errors of keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field

from bot.domain.errors import TotError

BYTES = 32
SETTING = "TOT_SECRET_KEY"
ANOTHER = f"{SETTING} is not the master key that wraps this installation's keys: use the one from the safe"


class KeyringError(TotError):
    """Something is wrong with the keys; the message is one line and never holds a key."""


class WrongSecretKey(KeyringError):
    """The master key is not the one that the keys are wrapped with."""


class KeysInDatabase(KeyringError):
    """The key store would be in the database, or each process would have its own."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: a dump of the database would contain its keys, or a process would lack them. Set it to "
            "another database, or to shared:FILE if all processes use the same file; then `tot keys import` "
            "the keys there (docs/operate.md, «Keys»)"
        )


class KeyLost(KeyringError):
    """A key is missing from the key store; only an export of the key store brings it back."""


@dataclass(frozen=True)
class SecretKey:
    """The master key: it wraps the keys in the key store, and is only in the environment or a credential."""

    raw: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """A hash that distinguishes master keys and reveals nothing about them."""
        return hashlib.sha256(b"tot master key" + self.raw).hexdigest()[:16]

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self.raw).decode().rstrip("=")


def new_secret() -> SecretKey:
    return SecretKey(os.urandom(BYTES))


def read_secret(text: str) -> SecretKey:
    """Return the master key in the text of a setting.

    Raises:
        ValueError: it is not 32 bytes of base64url.
    """
    text = text.strip()
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != BYTES:
        raise ValueError("not a key")
    return SecretKey(raw)
