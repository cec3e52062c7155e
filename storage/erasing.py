"""Making what is erased and what is left agree, after a kill in between or after an old backup came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.usecases.keep_counts import keep_counts
from storage.tables import cases, metadata
from storage.unit_of_work import SqlUnitOfWork
from storage.vault.keys import Erased, Vault, case_scope
from storage.vault.ring import Ring

#: Everything that names a case is of that case; what refers comes before what it refers to. A room stays,
#: so that a channel that could not be archived is known.
_OF_A_CASE = [t for t in reversed(metadata.sorted_tables) if "case_id" in t.c and t.name != "rooms"]


def forget_erased(connection: Connection, vault: Vault, now: datetime) -> int:
    """Take away what is left of cases whose key has been destroyed: an old backup has them again.

    Such a backup is from before the case's numbers were kept, and what they are made of needs no key: they
    are kept now, as they were when the backup was made.
    """
    uow = SqlUnitOfWork(connection, now, Ring(vault, connection), writes=True)
    forgotten = 0
    for case_id in connection.scalars(select(cases.c.id).where(cases.c.purged_at.is_(None))).all():
        if _is_erased(vault, case_id):
            file = uow.case_file(case_id)
            if file is not None:
                keep_counts(uow, file)
            for table in _OF_A_CASE:
                connection.execute(delete(table).where(table.c.case_id == case_id))
            connection.execute(update(cases).where(cases.c.id == case_id).values(purged_at=now))
            forgotten += 1
    return forgotten


def unerased(connection: Connection, vault: Vault) -> list[str]:
    """Scopes of purged cases whose key is still there: the process was killed before it was destroyed."""
    purged = connection.scalars(select(cases.c.id).where(cases.c.purged_at.is_not(None)))
    kept = {row.scope for row in vault.keystore.all() if row.wrapped is not None}
    return [scope for case_id in purged if (scope := case_scope(case_id)) in kept]


def _is_erased(vault: Vault, case_id: str) -> bool:
    try:
        vault.keys(case_scope(case_id), 1)
    except Erased:
        return True
    return False
