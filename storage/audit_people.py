"""Where a person stands in the audit log, found without unsealing it.

An entry carries, for its actor and for its subject, an index made with the key that its body is sealed with:
of the person, the part they have in it, and a count: the first entry that this key seals of them, the second,
and so on. Without the key no two of these can be told to be one person's, nor a case's; with it a person is
found by trying 1, 2, 3 …; and when the key is destroyed nobody is found any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from storage.crypto.keyring import BLIND, ScopeKeys, blind

#: Counts are looked for by ones, by tens and by hundreds at once, so to say: below «ten» one query tells all,
#: below «a hundred» two.
_TEN = 16
_STEPS = (1, _TEN, _TEN**2)
#: How many indexes are looked up at once: databases take some 32,000 parameters.
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
        for found in _look_up(connection, "{}", {tag: part.role for tag, (part, _) in tried.items()}):
            part, count = tried[found[0]]
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
    found = _look_up(connection, "{}", {tag: part.role for tag, part in first.items()})
    present = {part: part_keys[part] for part in (first[row[0]] for row in found)}
    last_of_each = {
        index(present[part], count): part.role
        for part, last in counted(connection, present).items()
        for count in range(max(last - limit, 0) + 1, last + 1)
    }
    numbers = {row[0] for row in _look_up(connection, "number", last_of_each)}
    return sorted(numbers, reverse=True)[:limit]


def _look_up(connection: Connection, what: str, tags: Mapping[bytes, Role]) -> Iterator[Row[Any]]:
    """Return a column of the rows with these indexes; of the index itself it is the one that was found.

    In the driver's own words: to name thousands of parameters takes SQLAlchemy longer than to find them.
    """
    left = iter(tags.items())
    while some := list(islice(left, _AT_ONCE)):
        queries: list[str] = []
        values: list[bytes | list[bytes]] = []
        for role in Role:
            column = f"{role}_ix"
            mine = [tag for tag, each in some if each is role]
            if connection.dialect.name == "postgresql":
                among = "= ANY(%s)"
                values.append(mine)
            else:
                among = f"IN ({', '.join('?' * len(mine))})"
                values += mine
            queries.append(f"SELECT {what.format(column)} FROM audit WHERE {column} {among}")  # noqa: S608 - ours
        yield from connection.exec_driver_sql(" UNION ALL ".join(queries), tuple(values))
