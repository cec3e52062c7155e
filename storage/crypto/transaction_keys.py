"""The keys as one transaction uses them, by their scopes.

A scope has keys of its own: each case has one, and each thing that people ask or are called to outside cases.
It is written as a word and an id («case/<id>», «guidance/<id>»); a row that belongs to it names it as
`case_id` or, outside cases, as `item`. What is erased keeps its bare row, so that a key that outlived it is
known.
"""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, select, text

from storage.crypto.keyring import (
    BLOCK,
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
from storage.schema.documents import HAS_KEY, documents
from storage.schema.infrastructure import installation

CASE = "case"


def scopes(connection: Connection, *, purged: bool) -> list[str]:
    """The scopes of all that has been purged, or has not."""
    found = select(documents.c.kind, documents.c.id).where(documents.c.erased.is_(purged), HAS_KEY)
    return [f"{word}/{id}" for word, id in connection.execute(found).all()]


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

    def seal(self, scope: str, place: str, value: str, *, new: bool = False, block: int = BLOCK) -> bytes:
        """The value, compressed and sealed for `place` (`documents:kind:id:version`).

        `new` makes the scope's key if it has none. It is filled up to a multiple of `block` bytes.

        Raises:
            Erased: the scope's key has been destroyed.
        """
        keys = self._keys(scope, new=new)
        if keys is None:
            raise KeyLost(f"the key store has no key for {scope}: bring its export back")
        # A fifth of it is left, at the lowest level: every change of a case writes it anew.
        return seal(keys, self.generation, place.encode(), zlib.compress(value.encode(), 1), block)

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
        return zlib.decompress(unseal(keys, place.encode(), sealed)).decode()

    def blind(self, scope: str, what: str, value: str, *, new: bool = False) -> bytes | None:
        """Return the blind index of a value in this scope; None if nothing can be found there."""
        try:
            keys = self._keys(scope, new=new)
        except Erased:
            return None
        return None if keys is None else blind(keys, what, value)

    def erase(self, scope: str) -> None:
        """Destroy the scope's key once this transaction is committed."""
        self.erased.append(scope)

    def _is_known(self, scope: str) -> bool:
        """Return whether its rows may be sealed with a key that is lost: a new one would hide that."""
        word, _, id = scope.partition("/")
        if word == INSTALLATION:
            return True
        there = select(documents.c.id).where(documents.c.kind == word, documents.c.id == id)
        return self._connection.scalar(there) is not None
