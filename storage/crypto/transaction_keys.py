"""The keys as one transaction uses them, by their scopes.

A scope has keys of its own: each case has one, and each thing that people ask or are called to outside cases.
It is written as a word and an id («case/<id>», «guidance/<id>»); a row that belongs to it names it as
`<word>_id`, or, where it may belong to any of those outside cases, as `item`. What is purged keeps its bare
row, so that a key that outlived it is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Table, exists, literal_column, select, text, union_all

from storage.crypto.keyring import (
    INSTALLATION,
    Erased,
    Keyring,
    ScopeKeys,
    blind,
    generation_of,
    seal,
    unseal,
)
from storage.crypto.master_key import KeyLost
from storage.schema.case import cases
from storage.schema.convening import convenings
from storage.schema.drill import drills
from storage.schema.guidance import guidances
from storage.schema.infrastructure import installation
from storage.schema.joint import joint_meetings

CASE = "case"
OWNERS: Mapping[str, Table] = {
    CASE: cases,
    "guidance": guidances,
    "convening": convenings,
    "joint": joint_meetings,
    "drill": drills,
}


def scopes(connection: Connection, *, purged: bool) -> list[str]:
    """The scopes of all that has been purged, or has not."""
    rows = connection.execute(_statement(purged=purged))
    return [f"{word}/{id}" for word, id in rows.all()]


@cache
def _statement(*, purged: bool) -> CompoundSelect[Any]:
    return union_all(
        *(
            select(literal_column(f"'{word}'"), table.c.id).where(
                table.c.purged_at.is_not(None) if purged else table.c.purged_at.is_(None)
            )
            for word, table in OWNERS.items()
        )
    )


def any_purged(connection: Connection, since: datetime) -> bool:
    """Return whether anything has been erased since then."""
    queries = (select(exists().where(table.c.purged_at >= since)) for table in OWNERS.values())
    return any(map(connection.scalar, queries))


def owner_of(scope: str) -> tuple[Table, str] | None:
    """The table and the id of what has this scope; None for the installation's and the log's."""
    word, _, id = scope.partition("/")
    table = OWNERS.get(word)
    return None if table is None else (table, id)


#: Held by every transaction that writes, and alone by the one that seals everything anew: «totf».
SEALING_LOCK = 0x746F7466
_GENERATION = select(installation.c.generation)


class TransactionKeys:
    """Seals, opens and finds, with the generation of keys that is current in this transaction.

    `erased` holds the scopes whose keys are to be destroyed once it is committed; `met_erased` tells that
    something could not be opened because its key has been destroyed.
    """

    def __init__(self, keyring: Keyring, connection: Connection, generation: int | None = None) -> None:
        self.keyring = keyring
        self.erased: list[str] = []
        self.met_erased = False
        self._connection = connection
        self._generation = generation

    def lock(self) -> None:
        """Before a transaction writes: nobody seals everything anew before it has ended."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(
                text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": SEALING_LOCK}
            )

    @property
    def generation(self) -> int:
        """The generation of keys that is current, as this transaction sees it."""
        if self._generation is None:
            self._generation = self._connection.scalar(_GENERATION) or 1
        return self._generation

    def seal(self, scope: str, place: str, value: str, *, new: bool = False) -> bytes:
        """The value, sealed for `place` (`table:column:row`). `new` makes the scope's key if it has none.

        Raises:
            Erased: the scope's key has been destroyed.
        """
        keys = self._keys(scope, new=new)
        if keys is None:
            raise KeyLost(f"the key store has no key for {scope}: bring its export back")
        return seal(keys, self.generation, place.encode(), value.encode())

    def _keys(self, scope: str, *, new: bool) -> ScopeKeys | None:
        keys = self.keyring.keys(scope, self.generation)
        if keys is None and new and not self._is_known(scope):
            self.keyring.create([scope], self.generation)
            keys = self.keyring.keys(scope, self.generation)
        return keys

    def open(self, scope: str, place: str, sealed: bytes) -> str:
        """The value that was sealed for `place`.

        Raises:
            Erased, KeyLost: as `seal`.
        """
        try:
            keys = self.keyring.keys(scope, generation_of(sealed))
        except Erased:
            self.met_erased = True
            raise
        if keys is None:
            raise KeyLost(f"the key store has no key for {scope}: bring its export back")
        return unseal(keys, place.encode(), sealed).decode()

    def blind(self, scope: str, what: str, value: str, *, new: bool = False) -> bytes | None:
        """Return the blind index of a value in this scope; None if nothing can be found there."""
        try:
            keys = self._keys(scope, new=new)
        except Erased:
            return None
        return None if keys is None else blind(keys, what, value)

    def blinds(self, scopes: Iterable[str], what: str, values: Iterable[str]) -> list[bytes]:
        """Return the blind indexes of the values in any of these scopes."""
        wanted = list(values)
        found = (self.blind(scope, what, value) for scope in scopes for value in wanted)
        return [b for b in found if b is not None]

    def erase(self, scope: str) -> None:
        """Destroy the scope's key once this transaction is committed."""
        self.erased.append(scope)

    def _is_known(self, scope: str) -> bool:
        """Return whether its rows may be sealed with a key that is lost: a new one would hide that."""
        found = owner_of(scope)
        if found is None:
            return scope == INSTALLATION
        table, id = found
        return self._connection.scalar(select(table.c.id).where(table.c.id == id)) is not None
