"""The ledgers of one transaction: read once, changed in memory, and written at its end."""

from __future__ import annotations

import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, literal_column, select, update

from bot.domain.errors import Overtaken
from bot.domain.notifications import Notification
from bot.usecases.ports import Claim, Posted
from storage.crypto.keyring import INSTALLATION, Erased, case_scope
from storage.crypto.master_key import KeyLost
from storage.crypto.transaction_keys import TransactionKeys
from storage.documents.store import VERSIONS
from storage.ledgers.ledger import Entry, Ledger, Summary, in_order, scope_of
from storage.schema.documents import documents
from storage.schema.ledgers import ledgers

log = structlog.get_logger(__name__)
_THIS = ledgers.c.scope == bindparam("this_scope")
_ROW = select(ledgers).where(_THIS)
_ALL = select(ledgers.c.scope, ledgers.c.version).order_by(ledgers.c.scope)
_STATE = select(func.count(), func.coalesce(func.sum(ledgers.c.version), literal_column("0")))
_NOTHING: Mapping[str, int] = {}
#: A ledger is filled up to a multiple of this: most are no longer, so that their size tells little. Bytes.
BLOCK = 16 * 1024


class Memory:
    """By scope, what is known of the versions of a ledger that were read or written last. Safe among threads.

    Versions are random: if there are as many ledgers as are known here, and theirs sum up to the same, they
    are the same.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Summary]] = {}
        #: What stands until the newest is committed, and if it never is.
        self._before: dict[str, tuple[int, Summary]] = {}
        self._total = 0

    def standing(self, number: int, total: int) -> list[tuple[str, Summary]] | None:
        """All, if there are so many and their versions sum up to that."""
        with self._lock:
            if (number, total) != (len(self._known), self._total):
                return None
            return [(scope, summary) for scope, (_, summary) in self._known.items()]

    def of(self, scope: str, version: int) -> Summary | None:
        for known in (self._known.get(scope), self._before.get(scope)):
            if known is not None and known[0] == version:
                return known[1]
        return None

    def note(self, scope: str, version: int, summary: Summary) -> None:
        with self._lock:
            known = self._known.get(scope)
            if known is not None and known[0] != version:
                self._before[scope] = known
            self._total += version - (0 if known is None else known[0])
            self._known[scope] = version, summary

    def note_all(self, standing: dict[str, tuple[int, Summary]]) -> None:
        """These are all that there are."""
        with self._lock:
            for scope, known in self._known.items():
                if standing.get(scope, known)[0] != known[0]:
                    self._before[scope] = known
            self._known, self._total = standing, sum(version for version, _ in standing.values())
            self._before = {scope: each for scope, each in self._before.items() if scope in standing}

    def forget(self, scope: str) -> None:
        with self._lock:
            self._before.pop(scope, None)
            known = self._known.pop(scope, None)
            self._total -= 0 if known is None else known[0]

    def forget_unreadable(self) -> None:
        """What did not open is tried again: its key may have been brought back."""
        with self._lock:
            scopes = [scope for scope, (_, summary) in self._known.items() if not summary.readable]
        for scope in scopes:
            self.forget(scope)


class Ledgers:
    """The ledgers as one transaction sees and leaves them."""

    def __init__(self, connection: Connection, keys: TransactionKeys, memory: Memory) -> None:
        self._connection = connection
        self._keys = keys
        self.memory = memory
        self._held: dict[str, Ledger | None] = {}

    # --- what is posted --------------------------------------------------------------------------

    def find(self, where: Mapping[str, Any]) -> list[Posted]:
        """As `UnitOfWork.find` of posted messages; None as a case means «of no case, nor anything else»."""
        found = (p for ledger in self._where(where) for p in ledger.find(where))
        return in_order(found)

    def add(self, posted: Posted) -> None:
        self._for_update(scope_of(posted)).put(posted)

    def change(self, posted: Posted, changes: Mapping[str, Any]) -> Posted:
        """As `UnitOfWork.change`."""
        ledger = self._for_update(scope_of(posted))
        stored = ledger.posted.get(posted.id)
        if stored is None or any(getattr(stored, name) != getattr(posted, name) for name in changes):
            raise Overtaken(what=Posted.__name__)
        if changes:
            ledger.put(replace(stored, **changes))
        return replace(posted, **changes)

    def remove(self, posted: Posted) -> None:
        ledger = self._for_update(scope_of(posted))
        if ledger.posted.pop(posted.id, None) is not None:
            ledger.changed = True

    def _where(self, where: Mapping[str, Any]) -> Iterator[Ledger]:
        if where.get("item") is not None:
            yield from self._loaded([where["item"]])
        elif "case_id" in where:
            named = where["case_id"]
            ids = named if isinstance(named, tuple | list) else [named]
            for id in ids:
                try:
                    yield from self._loaded([case_scope(id)])
                except KeyLost:
                    if id is not None:
                        raise
        else:
            yield from self._of_person(where.get("person_id"))

    def _of_person(self, person_id: Any) -> Iterator[Ledger]:
        """All in which something may be posted to this person, as far as they open; all for None."""
        of = hash(person_id)
        asked = {scope for scope, known in self.all() if person_id is None or of in known.people}
        for scope in asked | self._held.keys():
            try:
                yield from self._loaded([scope])
            except KeyLost:
                continue

    def _loaded(self, scopes: Iterable[str]) -> Iterator[Ledger]:
        for scope in scopes:
            if (ledger := self.load(scope)) is not None:
                yield ledger

    # --- what waits ------------------------------------------------------------------------------

    def enqueue(
        self, notifications: Iterable[Notification], now: datetime, written: Mapping[str, int] = _NOTHING
    ) -> None:
        """Take notifications in, due `now` or when each says, and which versions of documents were `written`.

        What is erased is not wanted any more.
        """
        by_scope: dict[str, list[Notification]] = {scope: [] for scope in written}
        for notification in notifications:
            by_scope.setdefault(scope_of(notification), []).append(notification)
        for scope in sorted(by_scope.keys() - set(self._keys.erased)):
            try:
                ledger = self._for_update(scope)
            except Erased:
                continue
            except KeyLost:
                # Homes and the like stand still until it is mended; no case waits for them.
                if scope != INSTALLATION:
                    raise
                log.error("ledger.unreadable", scope=scope)
                continue
            if scope in written:
                ledger.document, ledger.changed = written[scope], True
            for notification in ledger.in_turn(by_scope[scope]):
                ledger.enqueue(notification, partial(self._op_id, scope), now)

    def end(self, claim: Claim, now: datetime, reason: str | None = None) -> bool:
        """As `Ledger.end`, of what is in hand; one that is erased is over."""
        ledger = self.load(scope_of(claim.notification))
        entry = None if ledger is None else ledger.entry(claim.id)
        return ledger is not None and entry is not None and ledger.end(entry, claim, now, reason)

    def _op_id(self, scope: str, notification: Notification) -> str:
        """After a restore it is the same again: made of the kind and recipient, then of the key."""
        alike = f"{notification.kind}:{notification.recipient}"
        marks = (self._keys.blind(scope, "outbox:op_id", of) for of in (alike, notification.key))
        return "".join(urlsafe_b64encode(mark[:12]).decode() for mark in marks)

    def all(self) -> list[tuple[str, Summary]]:
        """All ledgers, in any order, with what is known of them; each unknown one is opened."""
        number, total = self._connection.execute(_STATE).one()
        standing = self.memory.standing(int(number), int(total))
        if standing is None:
            found = {
                scope: (version, self.memory.of(scope, version) or self._summary(scope))
                for scope, version in self._connection.execute(_ALL).all()
            }
            self.memory.note_all(found)
            standing = [(scope, summary) for scope, (_, summary) in found.items()]
        return standing

    def change_entries(self, which: Callable[[Summary], bool], change: Callable[[Entry], bool]) -> int:
        """Change entries of the ledgers that `which` picks, and write them.

        `change` returns whether it has changed one. Returns how many it has.
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

    def waiting(self) -> Iterator[Summary]:
        """Yield what is known of the ledgers in which something waits."""
        return (known for _, known in self.all() if known.due)

    def _summary(self, scope: str) -> Summary:
        row = self._connection.execute(_ROW, {"this_scope": scope}).one_or_none()
        if row is None:
            return Summary()
        try:
            ledger = self._opened(row)
        except Erased:
            return Summary()
        except KeyLost:
            return Summary(readable=False)
        return ledger.summary()

    # --- reading and writing -----------------------------------------------------------------------

    def emptied(self) -> Ledgers:
        """The ledgers of the same transaction, with nothing read."""
        return Ledgers(self._connection, self._keys, self.memory)

    def load(self, scope: str) -> Ledger | None:
        """The ledger, as this transaction has it; None if there is none, or it is erased. KeyLost."""
        if scope not in self._held:
            row = self._connection.execute(_ROW, {"this_scope": scope}).one_or_none()
            try:
                self._held[scope] = None if row is None else self._opened(row)
            except Erased:
                return None
        return self._held[scope]

    def _for_update(self, scope: str) -> Ledger:
        """The ledger, made if there is none.

        Raises:
            Erased, KeyLost: it cannot be written.
        """
        ledger = self.load(scope)
        if ledger is None:
            kind, _, id = scope.partition("/")
            over = select(documents.c.erased).where(documents.c.kind == kind, documents.c.id == id)
            if self._connection.scalar(over):
                raise Erased
            self._keys.of(scope, new=True)
            ledger = self._held[scope] = Ledger(scope)
        return ledger

    def flush(self) -> None:
        """Write what has been changed."""
        for scope, ledger in sorted(self._held.items()):
            if ledger is None or not ledger.changed:
                continue
            ledger.changed = False
            version = secrets.randbelow(VERSIONS)
            sealed = self._keys.seal(scope, _place(scope, version), ledger.text(), block=BLOCK)
            values = {"scope": scope, "version": version, "sealed": sealed}
            if ledger.version is None:
                self._connection.execute(insert(ledgers), values)
            else:
                self._connection.execute(update(ledgers).where(_THIS), {"this_scope": scope, **values})
            ledger.version = version
            self.memory.note(scope, version, ledger.summary())

    def forget(self, scope: str) -> None:
        """Leave nothing of a ledger: what it is of is erased."""
        self._connection.execute(delete(ledgers).where(_THIS), {"this_scope": scope})
        self._held[scope] = None
        self.memory.forget(scope)

    def _opened(self, row: Row[Any]) -> Ledger:
        ledger = Ledger(row.scope, row.version)
        try:
            ledger.read(self._keys.open(row.scope, _place(row.scope, row.version), row.sealed))
        except Erased:
            self.memory.note(row.scope, row.version, Summary())
            raise
        except KeyLost:
            self.memory.note(row.scope, row.version, Summary(readable=False))
            raise
        self.memory.note(row.scope, row.version, ledger.summary())
        return ledger


def hold_back(ledgers: Ledgers) -> int:
    """After a backup has been put back: whatever waits is read back before it is posted; how many.

    It may have been posted after the backup was made.
    """

    def held(entry: Entry) -> bool:
        if not entry.unfinished:
            return False
        entry.next_at, entry.attempts = entry.due_at, max(entry.attempts, 1)
        return True

    return ledgers.change_entries(lambda known: bool(known.due), held)


def reseal_ledgers(connection: Connection, old: TransactionKeys, new: TransactionKeys) -> int:
    """Seal every ledger anew, but those that do not open; how many."""
    resealed = 0
    for row in connection.execute(select(ledgers)).all():
        place = _place(row.scope, row.version)
        try:
            again = new.seal(row.scope, place, old.open(row.scope, place, row.sealed), block=BLOCK)
        except (Erased, KeyLost):
            continue
        connection.execute(update(ledgers).where(ledgers.c.scope == row.scope).values(sealed=again))
        resealed += 1
    return resealed


def _place(scope: str, version: int) -> str:
    return f"ledgers:{scope}:{version}"
