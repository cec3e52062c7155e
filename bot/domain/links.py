"""Links between cases, and the reminders to liaisons who have not confirmed taushetsplikt.

A link is two halves, one in each case, with the same random token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case.entities import Seat
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, Link, LinkKind, leaves_at
from bot.domain.escalation import pace
from bot.domain.notifications import Kind, Reminder


class Relation(StrEnum):
    LINKED = "linked"
    REPEAT_OF = "repeat_of"
    REPEATED_IN = "repeated_in"


@dataclass(frozen=True)
class Linked:
    link: Link
    relation: Relation
    other: CaseFile


def linked_to(file: CaseFile, files: Iterable[CaseFile]) -> list[Linked]:
    """Return the cases linked to this one, sorted by relation and code."""
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


def liaison_reminders(file: CaseFile) -> Iterator[Reminder]:
    """Yield reminders to liaisons asked in Slack who have not confirmed, and then to the coordinators."""
    for liaison in file.live_liaisons():
        seat = file.seat(liaison.seat_id)
        if seat is None or seat.confirmed or not file.on_slack(seat.person_id):
            continue
        half, end = window(file, liaison, seat)
        until = leaves_at(liaison.until, file.team)
        yield Reminder(Kind.LIAISON_UNCONFIRMED, seat, half, until, "half")
        yield Reminder(Kind.LIAISON_SILENT, seat, end, until, "end")


def window(file: CaseFile, liaison: Liaison, seat: Seat) -> tuple[datetime, datetime]:
    """Return when a liaison who has not confirmed is reminded, and when the coordinators are told."""
    return pace(file, seat.asked_at, leaves_at(liaison.until, file.team))
