"""Links between cases, and the reminders to liaisons who have not confirmed taushetsplikt.

A link is two halves, one in each case, with the same random token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.case.file import CaseFile
from bot.domain.case.links import Link, leaves_at
from bot.domain.escalation import pace
from bot.domain.notifications import Kind, Reminder


@dataclass(frozen=True)
class Linked:
    link: Link
    other: CaseFile


def linked_to(file: CaseFile, files: Iterable[CaseFile]) -> list[Linked]:
    """Return the cases linked to this one, sorted by kind and code."""
    found = [
        Linked(half, other)
        for other in files
        if other.case.id != file.case.id
        for half in file.links
        if any(theirs.token == half.token for theirs in other.links)
    ]
    return sorted(found, key=lambda linked: (linked.link.kind, linked.other.case.code))


def can_link(file: CaseFile, other: CaseFile) -> bool:
    """Return whether a case is another one, not linked to this yet, and open or older."""
    earlier = other.case.opened_at <= file.case.opened_at
    return file.case.id != other.case.id and (other.open or earlier) and not linked_to(file, [other])


def liaison_reminders(file: CaseFile) -> Iterator[Reminder]:
    """Yield reminders to liaisons asked in Slack who have not confirmed, and then to the coordinators."""
    for liaison in file.live_liaisons():
        seat = file.seat(liaison.seat_id)
        if seat is None or seat.confirmed or not file.on_slack(seat.person_id):
            continue
        until = leaves_at(liaison.until, file.team)
        half, end = pace(file, seat.asked_at, until)
        yield Reminder(Kind.LIAISON_UNCONFIRMED, seat, half, until, "half")
        yield Reminder(Kind.LIAISON_SILENT, seat, end, until, "end")
