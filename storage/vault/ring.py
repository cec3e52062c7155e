"""The keys as one transaction uses them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, text

from storage.scopes import owner
from storage.tables import installation
from storage.vault import keys as vault_keys
from storage.vault.keys import Erased, Vault
from storage.vault.secret import KeyLost

#: Held by every transaction that writes, and alone by the one that seals everything anew: «totf».
SEALING_LOCK = 0x746F7466
_GENERATION = select(installation.c.generation)


class Ring:
    """Seals, opens and finds, with the generation of keys that is current in this transaction.

    `erased` holds the scopes whose keys are to be destroyed once it is committed; `met_erased` tells that
    something could not be opened because its key has been destroyed.
    """

    def __init__(self, vault: Vault, connection: Connection, generation: int | None = None) -> None:
        self.vault = vault
        self.erased: list[str] = []
        self.met_erased = False
        self._connection = connection
        self._generation = generation

    def hold(self) -> None:
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
            KeyLost: it should be there and is not.
        """
        keys = self.vault.keys(scope, self.generation)
        if keys is None and new and not self._is_known(scope):
            self.vault.create([scope], self.generation)
            keys = self.vault.keys(scope, self.generation)
        if keys is None:
            raise KeyLost(f"the key store has no key for {scope}: bring its export back")
        return vault_keys.seal(keys, self.generation, place.encode(), value.encode())

    def open(self, scope: str, place: str, sealed: bytes) -> str:
        """The value that was sealed for `place`.

        Raises:
            Erased, KeyLost: as `seal`.
        """
        try:
            keys = self.vault.keys(scope, vault_keys.generation_of(sealed))
        except Erased:
            self.met_erased = True
            raise
        if keys is None:
            raise KeyLost(f"the key store has no key for {scope}: bring its export back")
        return vault_keys.unseal(keys, place.encode(), sealed).decode()

    def blind(self, scope: str, what: str, value: str) -> bytes | None:
        """What the value is found by in this scope; None if nothing can be found there."""
        try:
            keys = self.vault.keys(scope, self.generation)
        except Erased:
            return None
        return None if keys is None else vault_keys.blind(keys, what, value)

    def blinds(self, scopes: Iterable[str], what: str, values: Iterable[str]) -> list[bytes]:
        """What the values are found by, in any of these scopes."""
        wanted = list(values)
        found = (self.blind(scope, what, value) for scope in scopes for value in wanted)
        return [b for b in found if b is not None]

    def erase(self, scope: str) -> None:
        """Destroy the scope's key once this transaction is committed."""
        self.erased.append(scope)

    def _is_known(self, scope: str) -> bool:
        """Whether rows of it may be sealed with a key that is lost: a new one would hide that."""
        found = owner(scope)
        if found is None:
            return scope == vault_keys.INSTALLATION
        table, id = found
        return self._connection.scalar(select(table.c.id).where(table.c.id == id)) is not None
