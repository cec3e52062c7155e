"""Finishes erasures that a kill has interrupted, and repeats those that an old backup has undone."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.audit import BOT, AuditEntry, Event
from storage.audit import append, purged
from storage.crypto.keyring import Erased, Keyring
from storage.crypto.keystore import alive, destroyed
from storage.documents.store import Documents
from storage.ledgers.store import Ledgers
from storage.schema.documents import scopes


def forget_erased(
    documents: Documents, ledgers: Ledgers, connection: Connection, keyring: Keyring, now: datetime
) -> None:
    """Remove the rows of erased scopes that an old backup has brought back.

    Nothing in them can be read, not even figures: those of a case are in the report only if the backup was
    made after its deletion.
    """
    for scope in destroyed(keyring.keystore.all()).intersection(scopes(connection, purged=False)):
        ledgers.forget(scope)
        documents.erase_unread(scope)
        entry = AuditEntry(Event.PURGED, BOT, scope.removeprefix("case/"))
        # A log from before the deletion lacks the purge, by which its entries expire, if not before.
        with suppress(Erased):
            append(connection, keyring, now, [entry])


def unerased(connection: Connection, keyring: Keyring) -> list[str]:
    """Return the purged scopes whose key still exists: the process was killed before it destroyed the key.

    The log must record the purge too: somebody who can only write to the database cannot forge that.
    """
    left = alive(keyring.keystore.all()).intersection(scopes(connection, purged=True))
    logged = purged(connection, keyring) if left else set()
    return [scope for scope in left if scope.removeprefix("case/") in logged]
