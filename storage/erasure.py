"""Finish erasures: after a kill in between, or after an old backup came back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.audit import BOT, AuditEntry, Event
from storage.audit import append, purged
from storage.crypto.keyring import Erased, Keyring
from storage.crypto.transaction_keys import CASE, scopes
from storage.documents.store import Documents
from storage.ledgers.store import Ledgers


def forget_erased(
    documents: Documents, ledgers: Ledgers, connection: Connection, keyring: Keyring, now: datetime
) -> int:
    """Take away what is left of what was erased: an old backup has it again.

    Nothing of it can be read any more, its numbers neither: those of a case are in the report only if the
    backup is from after its deletion.
    """
    forgotten = 0
    for scope in scopes(connection, purged=False):
        if not _is_erased(keyring, scope):
            continue
        ledgers.forget(scope)
        documents.erase_unread(scope)
        # What a log of before the deletion says of it has its time too, unless that is over already.
        with suppress(Erased):
            append(connection, keyring, now, [_purged(scope)])
        forgotten += 1
    return forgotten


def _purged(scope: str) -> AuditEntry:
    return AuditEntry(Event.PURGED, BOT, scope.removeprefix(f"{CASE}/"))


def unerased(connection: Connection, keyring: Keyring) -> list[str]:
    """Scopes of what is purged whose key is still there: the process was killed before it was destroyed.

    The log has to say so too: what nobody can forge who can write to the database alone.
    """
    kept = {row.scope for row in keyring.keystore.all() if row.wrapped is not None}
    left = [scope for scope in scopes(connection, purged=True) if scope in kept]
    logged = purged(connection, keyring) if left else set()
    return [scope for scope in left if scope.removeprefix(f"{CASE}/") in logged]


def _is_erased(keyring: Keyring, scope: str) -> bool:
    try:
        keyring.keys(scope, 1)
    except Erased:
        return True
    return False
