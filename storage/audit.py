"""The audit log: append-only, chained, and readable only with keys that have their own lifetime.

The hash of a row covers the hash of the row before it, its number, time and event, and its people, case and
right in sealed form, so that the chain can be verified after the key is gone. The hash is keyed, so that
somebody who can only write to the database cannot make another chain.

No row shows which other rows are of the same case: rows of one instant are of one person, and would show
which cases that person is in. So which key opens a row (`scope_ref`) is sealed too, with the chain's key.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, insert, select

from bot.domain.audit import OPERATOR, AuditEntry, Event, Logged
from bot.domain.errors import TotError
from storage.audit_anchors import add_anchor
from storage.audit_chain import CHAIN, START, hash_of, head, verify
from storage.audit_check import check
from storage.crypto.keyring import AUDIT, Keyring, ScopeKeys, audit_scope, seal, unseal
from storage.crypto.keystore import alive
from storage.findings import Finding
from storage.schema.infrastructure import audit
from storage.transactions import Transactions

_INSERT = insert(audit)


def append(connection: Connection, keyring: Keyring, now: datetime, entries: Iterable[AuditEntry]) -> None:
    """Log entries; the last step of a transaction."""
    last = head(connection)
    number, before = (0, START) if last is None else last
    chain = keyring.kept(CHAIN)
    scoped = [(_month(now) if e.case_id is None else audit_scope(e.case_id), e) for e in entries]
    keys = {scope: keyring.kept(scope) for scope, _ in scoped}
    rows = []
    for scope, entry in scoped:
        number += 1
        row = _row(keys[scope], chain, scope, entry, number, now)
        before = row["hash"] = hash_of(chain, before, row)
        rows.append(row)
    connection.execute(_INSERT, rows)
    # A trigger or a rule that swallows rows leaves no gap in the chain.
    if head(connection) != (number, before):
        raise TotError("the log does not keep what is written to it: who has changed its table or triggers?")


def purged(connection: Connection, keyring: Keyring, *conditions: ColumnElement[bool]) -> set[str]:
    """Return the cases that were purged according to the log, as far as it can be read."""
    found = _opened(connection, keyring, audit_scope(""), audit.c.event == Event.PURGED.value, *conditions)
    return {entry.case_id for entry in found if entry.case_id is not None}


def _row(
    keys: ScopeKeys, chain: ScopeKeys, scope: str, entry: AuditEntry, number: int, now: datetime
) -> dict[str, object]:
    right = None if entry.right is None else entry.right.value
    body = json.dumps([entry.case_id, entry.actor, entry.subject, right, entry.what]).encode()
    return {
        "number": number,
        "at": now,
        "event": entry.event.value,
        "scope_ref": seal(chain, _scope_place(number), scope.encode()),
        "body": seal(keys, _place(number), body),
    }


def _left(keyring: Keyring, prefix: str) -> set[str]:
    """Return the log's scopes with this prefix whose keys have not been destroyed."""
    return {scope for scope in alive(keyring.keystore.all()) - {CHAIN} if scope.startswith(prefix)}


def _opened(
    connection: Connection, keyring: Keyring, prefix: str, *conditions: ColumnElement[bool]
) -> Iterator[Logged]:
    """Open the rows of the scopes with this prefix, oldest first."""
    scopes = _left(keyring, prefix)
    if not scopes:
        return
    chain, keys = keyring.kept(CHAIN), {scope: keyring.kept(scope) for scope in scopes}
    query = select(audit).where(*conditions).order_by(audit.c.number)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        scope = unseal(chain, _scope_place(row.number), row.scope_ref).decode()
        if scope in keys:
            body = json.loads(unseal(keys[scope], _place(row.number), row.body))
            case_id, actor, subject, right, what = body
            yield Logged(row.number, row.at, row.event, right, actor, case_id, subject, what)


def _place(number: int) -> bytes:
    return f"audit:body:{number}".encode()


def _scope_place(number: int) -> bytes:
    return f"audit:scope_ref:{number}".encode()


def _month(at: datetime) -> str:
    return f"{AUDIT}{at.astimezone(UTC):%Y-%m}"


class AuditLog:
    """Reads, checks and anchors the log; each transaction writes its own entries."""

    def __init__(self, transactions: Transactions, keyring: Keyring) -> None:
        self._transactions = transactions
        self._keyring = keyring

    async def verify(self) -> tuple[int, str | None]:
        """Check only the chain, also of a copy of the database.

        Return how many rows are intact, and what is wrong with the next one.
        """
        chain = self._keyring.keys(CHAIN)
        if chain is None:
            return 0, None
        return await self._transactions.read(lambda connection: verify(connection, chain))

    async def check(
        self, anchors: Path, now: datetime, shipped: Sequence[bytes] = ()
    ) -> tuple[int, list[Finding]]:
        """Check the log against its chain and its anchors, also those `shipped` (hashes) elsewhere.

        Return how many rows are intact, and the findings.
        """
        return await self._transactions.read(lambda c: check(c, self._keyring, anchors, now, shipped))

    async def anchor(self, path: Path, now: datetime, *, restored: bool = False) -> bytes | None:
        """Write the last row's number and hash to a file outside the database.

        Return the hash, None if there is nothing new. `restored` says that the last row tells of a backup
        that has just been put back.

        Raises:
            OSError: the file cannot be written.
        """
        last = await self._transactions.read(head)
        if last is None or not await asyncio.to_thread(add_anchor, path, now, *last, restored=restored):
            return None
        return last[1]

    async def note(self, now: datetime, *entries: AuditEntry) -> None:
        """Log something that changes nothing in the database, such as an operator's command."""
        await self._transactions.write(lambda c: append(c, self._keyring, now, entries))

    async def of_case(self, case_id: str, now: datetime) -> list[Logged]:
        """Return the log of a case, oldest first, and log that the operator exports it, if there is one."""

        def read(connection: Connection) -> list[Logged]:
            found = _opened(connection, self._keyring, audit_scope(case_id))
            return [entry for entry in found if entry.case_id == case_id]

        found = await self._transactions.read(read)
        if found:
            await self.note(now, AuditEntry(Event.EXPORTED, OPERATOR, case_id))
        return found

    async def of_person(self, person_id: str, limit: int = 30, *, acts: bool = False) -> list[Logged]:
        """Return the entries by one person and, unless only `acts`, about them, newest first."""

        def read(connection: Connection) -> list[Logged]:
            entries = _opened(connection, self._keyring, AUDIT)
            theirs = (e for e in entries if e.actor == person_id or (e.subject == person_id and not acts))
            return [*deque(theirs, maxlen=limit)][::-1]

        return await self._transactions.read_slowly(read)

    async def expire(self, now: datetime, kept: timedelta) -> int:
        """Destroy the keys to entries of cases purged, and of months ended, longer ago than `kept`.

        The log itself says when a case was purged. If the case did, somebody who can only write to the
        database could change that date and so make the bot destroy the entries about them.
        """
        before, prefix = now - kept, audit_scope("")

        def read(connection: Connection) -> list[str]:
            ended = {audit_scope(id) for id in purged(connection, self._keyring, audit.c.at < before)}
            left = _left(self._keyring, AUDIT)
            return [s for s in left if (s in ended if s.startswith(prefix) else s < _month(before))]

        scopes = await self._transactions.read(read)
        if scopes:
            self._keyring.destroy(*scopes)
        return len(scopes)
