"""The audit log as whoever has the keys reads it: of what no case and no person is asked for."""

from __future__ import annotations

from sqlalchemy import Engine

from bot.domain.audit import Logged
from storage import audit
from storage.crypto.keyring import AUDIT, FIXED, Keyring


def logged(engine: Engine, keyring: Keyring) -> list[Logged]:
    """Return every entry whose key is there, oldest first."""
    scopes = [row.scope for row in keyring.keystore.all() if row.scope.startswith(AUDIT) and row.wrapped]
    keys = {scope: found for scope in scopes if (found := keyring.keys(scope, FIXED)) is not None}
    with engine.connect() as connection:
        return list(audit._opened(connection, keyring, keys))
