"""Indexes that find a person's entries in the audit log without unsealing it.

An entry has an index of its actor and one of its subject, made with the key that seals its body: a hash of
the person, their role in the entry, and a count (the first entry of them that this key seals, the second, and
so on). Without the key nobody can tell that two indexes are of one person or one case. With the key a person
is found by trying 1, 2, 3 …; after the key is destroyed, nobody is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection

from storage.crypto.keyring import BLIND, ScopeKeys, blind

#: Counts are searched in steps of one, «ten» (16) and «a hundred» (256) at once: below «ten» one query is
#: enough, below «a hundred» two.
_TEN = 16
_STEPS = (1, _TEN, _TEN**2)
#: How many indexes are looked up at once, for each role: databases take about 32,000 parameters.
_AT_ONCE = 10_000


class Role(StrEnum):
    """The role of a person in an entry."""

    ACTOR = "actor"
    SUBJECT = "subject"


class Part(NamedTuple):
    """One person in one role, in the entries that the key of one scope seals."""

    scope: str
    person: str
    role: Role


def index(key: bytes, count: int) -> bytes:
    """Return the index of a part's entry, from the part's key and the entry's count."""
    return blake2b(str(count).encode(), digest_size=BLIND, key=key).digest()


def key_of(keys: ScopeKeys, part: Part) -> bytes:
    """Return the key that indexes one part's entries: hashed once for all counts."""
    return blind(keys, f"audit:{part.role}", part.person)


def counted(connection: Connection, keys: Mapping[Part, bytes]) -> dict[Part, int]:
    """Return how many entries each part has; many parts take as many queries as one."""
    counts = dict.fromkeys(keys, 0)
    left = set(keys)
    while left:
        before = dict(counts)
        tried = {
            index(keys[part], count): (part, count)
            for part in left
            for step in _STEPS
            for count in range(counts[part] + step, counts[part] + _TEN * step, step)
        }
        for part, count in (tried[tag] for tag in _look_up(connection, tried)):
            counts[part] = max(counts[part], count)
        left = {part for part in left if counts[part] - before[part] >= _TEN}
    return counts


def newest(
    connection: Connection, keys: Mapping[str, ScopeKeys], person: str, limit: int, roles: Sequence[Role]
) -> list[int]:
    """Return the numbers of the newest entries that these keys seal of a person in these roles."""
    parts = [Part(scope, person, role) for scope in keys for role in roles]
    part_keys = {part: key_of(keys[part.scope], part) for part in parts}
    first = {index(key, 1): part for part, key in part_keys.items()}
    present = {first[tag]: part_keys[first[tag]] for tag in _look_up(connection, first)}
    last_of_each = [
        index(present[part], count)
        for part, last in counted(connection, present).items()
        for count in range(max(last - limit, 0) + 1, last + 1)
    ]
    return sorted(set(_look_up(connection, last_of_each).values()), reverse=True)[:limit]


def _look_up(connection: Connection, tags: Iterable[bytes]) -> dict[bytes, int]:
    """Return the indexes that exist, with the numbers of their rows.

    Uses the driver's SQL: SQLAlchemy takes longer to name thousands of parameters than to find them.
    """
    found: dict[bytes, int] = {}
    left = iter(tags)
    while some := list(islice(left, _AT_ONCE)):
        values: tuple[Any, ...] = tuple(some)
        among = f"IN ({', '.join('?' * len(some))})"
        if connection.dialect.name == "postgresql":
            values, among = (some,), "= ANY(%s)"
        queries = (f"SELECT {role}_ix, number FROM audit WHERE {role}_ix {among}" for role in Role)  # noqa: S608
        found.update(map(tuple, connection.exec_driver_sql(" UNION ALL ".join(queries), values * len(Role))))
    return found
