"""Links between cases, and when a liaison who has not confirmed taushetsplikt is reminded.

A link is two halves, one in each case, that hold the same random token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case.entities import Seat
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, Link, LinkKind, leaves_at
from bot.domain.escalation.answer_window import earliest
from bot.domain.notifications import Kind, Notification, planned


class Relation(StrEnum):
    """The relation of another case to this one."""

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


def liaison_reminders(file: CaseFile) -> Iterator[Notification]:
    """The reminders of every liaison who has been asked in Slack and has not confirmed."""
    for liaison in file.live_liaisons():
        seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
        if seat is None or seat.confirmed or not file.on_slack(seat.person_id):
            continue
        half, end = _window(file, liaison, seat)
        until = leaves_at(liaison.until, file.team)
        yield planned(
            Kind.LIAISON_UNCONFIRMED, seat.id, seat.person_id, half, until, "half", case_id=file.case.id
        )
        for person_id in file.confirmed_coordinators():
            yield planned(Kind.LIAISON_SILENT, seat.id, person_id, end, until, "end", case_id=file.case.id)


def told_at(file: CaseFile, liaison: Liaison, seat: Seat) -> datetime:
    """When the coordinators are told that a liaison has not confirmed."""
    return _window(file, liaison, seat)[1]


def _window(file: CaseFile, liaison: Liaison, seat: Seat) -> tuple[datetime, datetime]:
    return earliest(file, seat.asked_at, leaves_at(liaison.until, file.team))
