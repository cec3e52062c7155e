"""Links between cases. A link is two halves, one in each case, that hold the same random token.

Each half is sealed with the key of its own case, so that the link is found from either case by whoever can
open both, and is nothing any more as soon as one of the two keys is destroyed, also in an old backup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.case_file import CaseFile
from bot.domain.link_half import Link, LinkKind


class Relation(StrEnum):
    """What another case is to this one."""

    LINKED = "linked"
    REPEAT_OF = "repeat_of"
    REPEATED_IN = "repeated_in"


@dataclass(frozen=True)
class Linked:
    """Another case that this one is linked to, by this one's half."""

    link: Link
    relation: Relation
    other: CaseFile


def linked_to(file: CaseFile, files: Iterable[CaseFile]) -> list[Linked]:
    """Which of the other cases are linked to this one, by code."""
    found = [
        Linked(half, _relation(half, file, other), other)
        for other in files
        if other.case.id != file.case.id
        for half in file.links
        if half.token and any(theirs.token == half.token for theirs in other.links)
    ]
    return sorted(found, key=lambda linked: (linked.relation, linked.other.case.code))


def _relation(half: Link, file: CaseFile, other: CaseFile) -> Relation:
    if half.kind is LinkKind.LINKED:
        return Relation.LINKED
    later = file.case.opened_at >= other.case.opened_at
    return Relation.REPEAT_OF if later else Relation.REPEATED_IN
