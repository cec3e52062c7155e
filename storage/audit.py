"""The audit log: append-only, chained, and readable only with keys that have a time of their own.

Each row has the hash of the row before it, of its own number, time and event, and of what it says of people,
case and right as that stands there: sealed. So the chain can be verified when the key is gone. The hash is
keyed, so that who can write to the database cannot make a chain of their own.

No row tells which others are of the same case: rows of one instant are of one person, and would tell in which
cases that is. Which key opens a row (`scope_ref`) is therefore sealed too, with the key of the chain. Older
rows have one blind reference for each case instead, and their right in clear.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text

from bot.domain.audit import AuditEntry, Logged
from bot.domain.errors import TotError
from storage.crypto.keyring import (
    AUDIT,
    BLIND,
    FIXED,
    Erased,
    Keyring,
    ScopeKeys,
    audit_scope,
    blind,
    seal,
    unseal,
)
from storage.crypto.master_key import KeyLost
from storage.schema.case import cases
from storage.schema.infrastructure import audit
from storage.transactions import Transactions

CHAIN = f"{AUDIT}chain"
#: Held from the reading of the last row to the commit of the next one: «tota».
_CHAIN_LOCK = 0x746F7461
_START = bytes(32)
_LAST = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
_INSERT = insert(audit)
_LOCK = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(bindparam("lock", _CHAIN_LOCK))


def append(connection: Connection, keyring: Keyring, now: datetime, entries: Iterable[AuditEntry]) -> None:
    """Log entries, as the last thing of a transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    last = connection.execute(_LAST).one_or_none()
    number, before = (0, _START) if last is None else (last.number, last.hash)
    chain = _keys(keyring, CHAIN)
    rows = []
    for entry in entries:
        number += 1
        row = _row(keyring, entry, number, now)
        before = row["hash"] = _hash(chain, before, row)
        rows.append(row)
    connection.execute(_INSERT, rows)


def head(connection: Connection) -> tuple[int, bytes] | None:
    """The number and the hash of the last row."""
    row = connection.execute(_LAST).one_or_none()
    return None if row is None else (row.number, row.hash)


def verify(connection: Connection, keyring: Keyring, anchored: Mapping[int, bytes]) -> tuple[int, str | None]:
    """Return how many rows stand, and what is wrong with the first that does not; None if all do.

    `anchored` are hashes by number that were written down elsewhere when the rows were the last.
    """
    chain = _keys(keyring, CHAIN)
    expected, before = 1, _START
    query = select(audit).order_by(audit.c.number)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        if row.number != expected:
            return expected - 1, f"row {expected} is missing: row {row.number} follows"
        if not hmac.compare_digest(_hash(chain, before, row._asdict()), row.hash):
            return expected - 1, f"row {expected} has been changed, moved or inserted"
        if anchored.get(expected, row.hash) != row.hash:
            return expected - 1, f"row {expected} is not the one that was anchored"
        expected, before = expected + 1, row.hash
    lost = max(anchored, default=0)
    if lost >= expected:
        return expected - 1, f"row {expected} is missing: the log has been cut, it once had {lost} rows"
    return expected - 1, None


def of_case(connection: Connection, keyring: Keyring, case_id: str) -> list[Logged]:
    """Return the log of one case, oldest first."""
    return list(_opened(connection, keyring, [audit_scope(case_id)]))


def of_person(connection: Connection, keyring: Keyring, person_id: str, limit: int) -> list[Logged]:
    """Return the entries of and about one person, newest first."""
    scopes = {row.scope for row in keyring.keystore.all() if row.scope.startswith(AUDIT) and row.wrapped}
    entries = _opened(connection, keyring, scopes - {CHAIN})
    own = [e for e in entries if person_id in (e.actor, e.subject)]
    return own[::-1][:limit]


def expired(connection: Connection, keyring: Keyring, before: datetime) -> list[str]:
    """The scopes whose time is over: of cases purged before then, and of whole months before then."""
    ended = set(
        connection.scalars(
            select(cases.c.id).where(cases.c.purged_at.is_not(None), cases.c.purged_at < before)
        )
    )
    month = _month(before)
    prefix = audit_scope("")
    found = []
    for row in keyring.keystore.all():
        if row.wrapped is None or row.scope == CHAIN or not row.scope.startswith(AUDIT):
            continue
        of_a_case = row.scope.startswith(prefix)
        if row.scope.removeprefix(prefix) in ended if of_a_case else row.scope < month:
            found.append(row.scope)
    return found


def _row(keyring: Keyring, entry: AuditEntry, number: int, now: datetime) -> dict[str, object]:
    scope = _month(now) if entry.case_id is None else audit_scope(entry.case_id)
    keys = _keys(keyring, scope)
    right = None if entry.right is None else entry.right.value
    body = json.dumps([entry.case_id, entry.actor, entry.subject, right]).encode()
    return {
        "number": number,
        "at": now,
        "event": entry.event.value,
        "right": None,
        "scope_ref": seal(_keys(keyring, CHAIN), FIXED, _scope_place(number), scope.encode()),
        "body": seal(keys, FIXED, _place(number), body),
    }


def _keys(keyring: Keyring, scope: str) -> ScopeKeys:
    keys = keyring.keys(scope, FIXED)
    if keys is None:
        keyring.create([scope], FIXED)
        keys = keyring.keys(scope, FIXED)
    if keys is None:
        raise KeyLost("the key store does not keep the keys of the audit log")
    return keys


def _opened(connection: Connection, keyring: Keyring, scopes: Iterable[str]) -> Iterator[Logged]:
    """The rows of these scopes, oldest first, as far as their keys are there."""
    known = {}
    for each in scopes:
        with suppress(Erased):
            if (keys := keyring.keys(each, FIXED)) is not None:
                known[each] = keys
    chain = _keys(keyring, CHAIN)
    older = {blind(keys, "audit:scope", each): each for each, keys in known.items()}
    query = select(audit).order_by(audit.c.number)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        scope = older.get(row.scope_ref) if len(row.scope_ref) == BLIND else _scope_of(row, chain)
        if scope is not None and scope in known:
            yield _open(row, known[scope])


def _scope_of(row: Row[Any], chain: ScopeKeys) -> str:
    return unseal(chain, _scope_place(row.number), row.scope_ref).decode()


def _open(row: Row[Any], keys: ScopeKeys) -> Logged:
    case_id, actor, subject, *right = json.loads(unseal(keys, _place(row.number), row.body))
    return Logged(row.number, row.at, row.event, right[0] if right else row.right, actor, case_id, subject)


def _hash(chain: ScopeKeys, before: bytes, row: Mapping[str, object]) -> bytes:
    at = row["at"]
    fields: Sequence[bytes] = (
        before,
        str(row["number"]).encode(),
        at.astimezone(UTC).isoformat(timespec="microseconds").encode() if isinstance(at, datetime) else b"",
        str(row["event"]).encode(),
        str(row["right"] or "").encode(),
        _bytes(row["scope_ref"]),
        _bytes(row["body"]),
    )
    return hmac.digest(chain.index, b"".join(len(f).to_bytes(4) + f for f in fields), "sha256")


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _place(number: int) -> bytes:
    return f"audit:body:{number}".encode()


def _scope_place(number: int) -> bytes:
    return f"audit:scope_ref:{number}".encode()


def _month(at: datetime) -> str:
    return f"{AUDIT}{at.astimezone(UTC):%Y-%m}"


class NoSuchCase(TotError):
    """No case has this code."""


class AnchorUnreadable(TotError):
    """The file of anchors is not as it was written."""


class AuditLog:
    """Looks into the log; what is logged is written by the transactions that do it."""

    def __init__(self, transactions: Transactions, keyring: Keyring) -> None:
        self._transactions = transactions
        self._keyring = keyring

    async def verify(self, anchors: Path | None = None) -> tuple[int, str | None]:
        """Return how many rows stand, and what is wrong with the first that does not; None if all do.

        Raises:
            AnchorUnreadable: the file of anchors has been changed by hand.
        """
        anchored = {} if anchors is None else read_anchors(anchors)
        return await self._transactions.read(lambda c: verify(c, self._keyring, anchored))

    async def anchor(self, path: Path, now: datetime) -> None:
        """Write the last row's number and hash to a file outside the database, if it is not there already."""
        last = await self._transactions.read(head)
        if last is None or last[0] in read_anchors(path):
            return
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(f"{now:%Y-%m-%dT%H:%M:%SZ} {last[0]} {last[1].hex()}\n")

    async def note(self, now: datetime, *entries: AuditEntry) -> None:
        """Log something that changes nothing in the database, such as an operator's command."""
        await self._transactions.write(lambda c: append(c, self._keyring, now, entries))

    async def of_case(self, code: str, now: datetime, exporter: AuditEntry) -> list[Logged]:
        """Return the log of the case with this code, oldest first, and log that it is exported.

        Raises:
            NoSuchCase: no case has or had it.
        """
        case_id = await self._transactions.read(
            lambda c: c.scalar(select(cases.c.id).where(cases.c.code == code))
        )
        if case_id is None:
            raise NoSuchCase("no case has this code")
        found = await self._transactions.read(lambda c: of_case(c, self._keyring, case_id))
        await self.note(now, AuditEntry(exporter.event, exporter.actor, case_id))
        return found

    async def of_person(self, person_id: str, limit: int = 30) -> list[Logged]:
        """Return the entries of and about one person, newest first."""
        return await self._transactions.read(lambda c: of_person(c, self._keyring, person_id, limit))

    async def expire(self, now: datetime, kept: timedelta) -> int:
        """Destroy the keys to what was logged of cases purged, and months ended, longer ago than `kept`."""
        scopes = await self._transactions.read(lambda c: expired(c, self._keyring, now - kept))
        if scopes:
            self._keyring.destroy(*scopes)
        return len(scopes)


def read_anchors(path: Path) -> dict[int, bytes]:
    """Return hashes by number.

    Raises:
        AnchorUnreadable: a line is not as it was written.
    """
    anchored = {}
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else (), start=1):
        try:
            _, row, hash_ = line.split()
            anchored[int(row)] = bytes.fromhex(hash_)
        except ValueError:
            raise AnchorUnreadable(f"{path}: line {number} is not an anchor") from None
    return anchored
