"""Where a person stands in the audit log, found without unsealing it.

An entry carries, for its actor and for its subject, an index made with the key that its body is sealed with:
of the person, the part they have in it, and a count: the first entry that this key seals of them, the second,
and so on. Without the key no two of these can be told to be one person's, nor a case's; with it a person is
found by trying 1, 2, 3 …; and when the key is destroyed nobody is found any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Connection, Row, bindparam, select, union_all

from storage.crypto.keyring import ScopeKeys, blind
from storage.schema.infrastructure import audit

#: Counts are found digit by digit, one query for each, the highest first.
_DIGITS = 32
_STEPS = (_DIGITS**2, _DIGITS, 1)
#: What one key seals of a person beyond these is logged, but not found.
MOST = _DIGITS**3 - 1
#: How many indexes are looked up at once: databases take some 32,000 parameters.
_AT_ONCE = 10_000


class Role(StrEnum):
    """What a person is in an entry."""

    ACTOR = "actor"
    SUBJECT = "subject"


class Part(NamedTuple):
    """One person in one role, in the entries that the key of one scope seals."""

    scope: str
    person: str
    role: Role


Keys = Mapping[str, ScopeKeys]

_AMONG = {
    role: column.in_(bindparam(role, expanding=True))
    for role, column in ((Role.ACTOR, audit.c.actor_ix), (Role.SUBJECT, audit.c.subject_ix))
}
_USED = union_all(
    select(audit.c.actor_ix).where(_AMONG[Role.ACTOR]), select(audit.c.subject_ix).where(_AMONG[Role.SUBJECT])
)
_NUMBERS = union_all(*(select(audit.c.number).where(among) for among in _AMONG.values()))


def index(keys: Keys, part: Part, count: int) -> bytes:
    """Return the index of a part's entry with this count."""
    return blind(keys[part.scope], f"audit:{part.role}", f"{part.person}:{count}")


def counted(connection: Connection, keys: Keys, parts: Collection[Part]) -> dict[Part, int]:
    """Return how many entries each part has, in as many queries for many parts as for one."""
    counts = dict.fromkeys(parts, 0)
    for step in _STEPS:
        tried = {
            index(keys, part, count): (part, count)
            for part in parts
            for count in range(counts[part] + step, counts[part] + _DIGITS * step, step)
        }
        for found in _look_up(connection, _USED, {tag: part.role for tag, (part, _) in tried.items()}):
            part, count = tried[found[0]]
            counts[part] = max(counts[part], count)
    return counts


def newest(connection: Connection, keys: Keys, person: str, limit: int) -> list[int]:
    """Return the numbers of the newest entries that these keys seal of a person, the newest first."""
    everywhere = {index(keys, part, 1): part for scope in keys for part in parts_of(scope, person)}
    found = _look_up(connection, _USED, {tag: part.role for tag, part in everywhere.items()})
    present = [everywhere[row[0]] for row in found]
    newest_of_each = {
        index(keys, part, count): part.role
        for part, last in counted(connection, keys, present).items()
        for count in range(max(last - limit, 0) + 1, last + 1)
    }
    numbers = {row[0] for row in _look_up(connection, _NUMBERS, newest_of_each)}
    return sorted(numbers, reverse=True)[:limit]


def parts_of(scope: str, person: str) -> tuple[Part, ...]:
    """Return a person in every role."""
    return tuple(Part(scope, person, role) for role in Role)


def _look_up(
    connection: Connection, query: CompoundSelect[Any], tags: Mapping[bytes, Role]
) -> Iterator[Row[Any]]:
    left = iter(tags.items())
    while some := list(islice(left, _AT_ONCE)):
        yield from connection.execute(query, {r: [tag for tag, role in some if role is r] for r in Role})
