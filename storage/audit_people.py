"""Where a person stands in the audit log, found without unsealing it.

An entry carries, for its actor and for its subject, an index made with the key that its body is sealed with:
of the person, the part they have in it, and a count: the first entry that this key seals of them, the second,
and so on. Without the key no two of these can be told to be one person's, nor a case's; with it a person is
found by trying 1, 2, 3 …; and when the key is destroyed nobody is found any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection

from storage.crypto.keyring import BLIND, ScopeKeys, blind

#: Counts are looked for by ones, by tens and by hundreds at once, so to say: below «ten» one query tells all,
#: below «a hundred» two.
_TEN = 16
_STEPS = (1, _TEN, _TEN**2)
#: How many indexes are looked up at once, for each role: databases take some 32,000 parameters.
_AT_ONCE = 10_000


class Role(StrEnum):
    """The part of a person in an entry."""

    ACTOR = "actor"
    SUBJECT = "subject"


class Part(NamedTuple):
    """One person in one role, in the entries that the key of one scope seals."""

    scope: str
    person: str
    role: Role


def index(key: bytes, count: int) -> bytes:
    """Return the index of an entry of the part with this key, by its count."""
    return blake2b(str(count).encode(), digest_size=BLIND, key=key).digest()


def key_of(keys: ScopeKeys, part: Part) -> bytes:
    """Return the key with which one part's entries are indexed: hashed once, as counts are many."""
    return blind(keys, f"audit:{part.role}", part.person)


def counted(connection: Connection, keys: Mapping[Part, bytes]) -> dict[Part, int]:
    """Return how many entries each part has, in as many queries for many parts as for one."""
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
    """Return which of these indexes there are, with the numbers of their rows.

    In the driver's own words: to name thousands of parameters takes SQLAlchemy longer than to find them.
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
