"""The chain of the audit log: each row has a keyed hash of itself and of the row before it."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, select

from storage.audit_anchors import Anchor
from storage.crypto.keyring import AUDIT, ScopeKeys
from storage.schema.infrastructure import audit

#: The scope of the key to the chain and to its anchors. It is never destroyed.
CHAIN = f"{AUDIT}chain"
START = bytes(32)
_LAST = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)


def head(connection: Connection) -> tuple[int, bytes] | None:
    """Return the number and the hash of the last row."""
    row = connection.execute(_LAST).one_or_none()
    return None if row is None else (row.number, row.hash)


def verify(
    connection: Connection, chain: ScopeKeys, anchors: Iterable[Anchor] = ()
) -> tuple[int, str | None]:
    """Return how many rows are intact, and what is wrong with the next one; None if all are intact."""
    anchored: defaultdict[int, set[bytes]] = defaultdict(set)
    for anchor in anchors:
        anchored[anchor.number].add(anchor.hash)
    expected, before = 1, START
    query = select(audit).order_by(audit.c.number)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        if row.number != expected:
            return expected - 1, f"row {expected} is missing: row {row.number} follows"
        if not hmac.compare_digest(hash_of(chain, before, row._asdict()), row.hash):
            return expected - 1, f"row {expected} has been changed, moved or inserted"
        if any(hash_ != row.hash for hash_ in anchored.get(expected, ())):
            return expected - 1, f"row {expected} is not the one that was anchored"
        expected, before = expected + 1, row.hash
    lost = max(anchored, default=0)
    if lost >= expected:
        return expected - 1, f"row {expected} is missing: the log has been cut; it once had {lost} rows"
    return expected - 1, None


def hash_of(chain: ScopeKeys, before: bytes, row: Mapping[str, Any]) -> bytes:
    """Return the hash of a row that follows the one with the hash `before`."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said = (str(row["number"]).encode(), at.encode(), row["event"].encode())
    fields = (before, *said, row["scope_ref"], row["body"])
    return hmac.digest(chain.index, b"".join(len(f).to_bytes(4) + f for f in fields), "sha256")
