"""The keys of one transaction, by their scopes.

A scope has keys of its own: each case is one, and so is each guidance, convening, joint meeting and drill. It
is written as a word and an id («case/<id>», «guidance/<id>»); a row that belongs to it names it as `case_id`
or, outside cases, as `item`. An erased scope keeps its bare row, so that a key that outlived it is found.
"""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, select

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
from storage.schema.documents import HAS_KEY, documents

CASE = "case"


def scopes(connection: Connection, *, purged: bool) -> list[str]:
    """Return the scopes that have been purged, or those that have not."""
    found = select(documents.c.kind, documents.c.id).where(documents.c.erased.is_(purged), HAS_KEY)
    return [f"{word}/{id}" for word, id in connection.execute(found).all()]


class TransactionKeys:
    """Seals, opens and indexes values with the keys of their scopes.

    `erased` holds the scopes whose keys are to be destroyed after the commit; `met_erased` tells that
    something could not be opened because its key has been destroyed.
    """

    def __init__(self, keyring: Keyring, connection: Connection) -> None:
        self.keyring = keyring
        self.erased: list[str] = []
        self.met_erased = False
        self._connection = connection

    def of(self, scope: str, *, new: bool = False) -> ScopeKeys:
        """Return the newest keys of a scope; `new` makes them if it has none.

        Raises:
            Erased: they have been destroyed.
        """
        keys = self.keyring.keys(scope)
        if keys is None and new and not self._is_known(scope):
            return self.keyring.kept(scope)
        if keys is None:
            raise _lost(scope)
        return keys

    def seal(self, scope: str, place: str, value: str, *, block: int, new: bool = False) -> bytes:
        """Return the value, compressed and sealed for `place` (`documents:kind:id:version`).

        It is padded to a multiple of `block` bytes.

        Raises:
            Erased, KeyLost: as `of`.
        """
        keys = self.of(scope, new=new)
        # The lowest level, which leaves a fifth: every change of a case compresses the value again.
        return seal(keys, place.encode(), zlib.compress(value.encode(), 1), block)

    def open(self, scope: str, place: str, sealed: bytes) -> str:
        """Return the value that was sealed for `place`.

        Raises:
            Erased, KeyLost: as `of`.
        """
        try:
            keys = self.keyring.keys(scope, generation_of(sealed))
        except Erased:
            self.met_erased = True
            raise
        if keys is None:
            raise _lost(scope)
        return zlib.decompress(unseal(keys, place.encode(), sealed)).decode()

    def blind(self, scope: str, what: str, value: str) -> bytes:
        """Return the blind index of a value in this scope, whose keys must exist."""
        return blind(self.of(scope), what, value)

    def _is_known(self, scope: str) -> bool:
        """Return whether rows of the scope may be sealed with a lost key: a new key would hide the loss."""
        word, _, id = scope.partition("/")
        if word == INSTALLATION:
            return True
        there = select(documents.c.id).where(documents.c.kind == word, documents.c.id == id)
        return self._connection.scalar(there) is not None


def _lost(scope: str) -> KeyLost:
    return KeyLost(f"the key store has no key for {scope}: import its export (`tot keys import`)")
