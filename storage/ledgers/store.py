"""The ledgers of one transaction: read once, changed in memory, and written at its end."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy import select

from bot.domain.notifications import Notification
from bot.usecases.ports import Claim
from storage.crypto.keyring import INSTALLATION, Erased, blind, case_scope
from storage.crypto.master_key import KeyLost
from storage.kinds import compared
from storage.ledgers.ledger import POSTED, Entry, Ledger, Summary, scope_of
from storage.schema.documents import documents
from storage.schema.ledgers import ledgers
from storage.sealed_rows import SealedRows

E = TypeVar("E")

log = structlog.get_logger(__name__)
_NOTHING: Mapping[str, int] = {}


class Ledgers(SealedRows[Ledger, Summary]):
    table = ledgers
    block = 16 * 1024

    # --- what is posted --------------------------------------------------------------------------

    def get(self, kind: type[E], id: str) -> E | None:
        return next(iter(self.find(kind, {"id": id})), None)

    def find(self, kind: type[E], where: Mapping[str, Any]) -> list[E]:
        """As `UnitOfWork.find`, for posted messages; `case_id=None` means those of the installation."""
        found = (posted for ledger in self._where(where) for posted in ledger.find(where))
        return cast("list[E]", POSTED.sorted(found))

    def add(self, posted: Any) -> None:
        self._for_update(scope_of(posted)).put(posted)

    def change(self, posted: Any, changes: Mapping[str, Any]) -> Any:
        """As `UnitOfWork.change`."""
        ledger = self._for_update(scope_of(posted))
        changed = compared(ledger.posted.get(posted.id), posted, changes)
        if changes:
            ledger.put(changed)
        return replace(posted, **changes)

    def remove(self, posted: Any) -> None:
        ledger = self._for_update(scope_of(posted))
        if ledger.posted.pop(posted.id, None) is not None:
            ledger.changed = True

    def _where(self, where: Mapping[str, Any]) -> Iterator[Ledger]:
        if where.get("item") is not None:
            scopes, named = [where["item"]], True
        elif "case_id" in where:
            ids = where["case_id"]
            scopes, named = list(map(case_scope, ids if isinstance(ids, tuple | list) else [ids])), True
        else:
            person, of = where.get("person_id"), hash(where.get("person_id"))
            posted_to = {scope for scope, known in self.all() if person is None or of in known.people}
            scopes, named = [*posted_to | self._held.keys()], False
        for scope in scopes:
            try:
                ledger = self.load(scope)
            except KeyLost:
                if named and scope != INSTALLATION:
                    raise
            else:
                if ledger is not None:
                    yield ledger

    # --- what waits ------------------------------------------------------------------------------

    def enqueue(
        self, notifications: Iterable[Notification], now: datetime, written: Mapping[str, int] = _NOTHING
    ) -> None:
        """Add notifications, due `now` or at their own time, and note which document versions were `written`.

        Notifications of erased scopes are dropped.
        """
        by_scope: dict[str, list[Notification]] = {scope: [] for scope in written}
        for notification in notifications:
            by_scope.setdefault(scope_of(notification), []).append(notification)
        for scope in sorted(by_scope):
            try:
                ledger = self._for_update(scope)
            except Erased:
                continue
            except KeyLost:
                # Homes and the like are not updated until this is fixed; no case waits for them.
                if scope != INSTALLATION:
                    raise
                log.error("ledger.unreadable", scope=scope)
                continue
            if scope in written:
                ledger.document, ledger.changed = written[scope], True
            for notification in ledger.in_turn(by_scope[scope]):
                ledger.enqueue(notification, partial(self._op_id, scope), now)

    def end(self, claim: Claim, now: datetime, reason: str | None = None) -> bool:
        """As `Ledger.end`, for a claimed entry; return False if it has been erased."""
        ledger = self.load(scope_of(claim.notification))
        entry = None if ledger is None else ledger.entry(claim.id)
        return ledger is not None and entry is not None and ledger.end(entry, claim, now, reason)

    def _op_id(self, scope: str, notification: Notification) -> str:
        """Return the opaque id, made of the kind and recipient, then of the key: the same after a restore."""
        alike = f"{notification.kind}:{notification.recipient}"
        keys = self._keys(scope)
        marks = (blind(keys, "outbox:op_id", of) for of in (alike, notification.key))
        return "".join(urlsafe_b64encode(mark[:12]).decode() for mark in marks)

    def change_entries(self, which: Callable[[Summary], bool], change: Callable[[Entry], bool]) -> int:
        """Change entries of the ledgers that `which` selects, write them, and return how many were changed.

        `change` returns whether it has changed an entry.
        """
        changed = 0
        for scope in sorted(scope for scope, known in self.all() if which(known)):
            ledger = self.load(scope)
            if ledger is not None:
                number = sum(change(entry) for entry in ledger.entries.values())
                ledger.changed = ledger.changed or number > 0
                changed += number
        self.flush()
        return changed

    def forget_ended(self, before: datetime) -> int:
        """Forget the entries that ended before this time, and write the ledgers; return how many."""
        old = sorted(s for s, each in self.all() if each.oldest_end and each.oldest_end < before)
        forgotten = sum(ledger.forget_ended(before) for ledger in filter(None, map(self.load, old)))
        self.flush()
        return forgotten

    def waiting(self) -> Iterator[Summary]:
        return (known for _, known in self.all() if known.due)

    def _for_update(self, scope: str) -> Ledger:
        """Return the ledger of a scope, made if there is none.

        Raises:
            Erased, KeyLost: it cannot be written.
        """
        ledger = self.load(scope)
        if ledger is None:
            kind, _, id = scope.partition("/")
            over = select(documents.c.erased).where(documents.c.kind == kind, documents.c.id == id)
            if self._connection.scalar(over):
                raise Erased
            self._keys(scope, new=True)
            ledger = self._held[scope] = Ledger(scope)
        return ledger

    def forget(self, scope: str) -> None:
        """Delete the ledger of an erased scope."""
        self._delete(scope)
        self._held[scope] = None

    def _new(self, name: str, version: int | None = None) -> Ledger:
        return Ledger(name, version)

    def _summary(self, held: Ledger | None, *, erased: bool = False, readable: bool = True) -> Summary:
        return Summary(readable=readable) if held is None else held.summary()


def hold_back(ledgers: Ledgers) -> int:
    """After a restore, mark every waiting entry to be read back before it is posted; return how many.

    It may have been posted after the backup was made.
    """

    def held(entry: Entry) -> bool:
        if not entry.unfinished:
            return False
        entry.next_at, entry.attempts = entry.due_at, max(entry.attempts, 1)
        return True

    return ledgers.change_entries(lambda known: bool(known.due), held)
