"""On record: an agency has recorded a closed case in its own system. The bot is no case record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.access import Right
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile, Target, rights_in_case


def recording_parts(file: CaseFile) -> list[Involvement]:
    """Return the agencies that have something to record: those in the case when it was closed.

    An agency of which nobody confirmed taushetsplikt has been told nothing. One whose part ended before the
    closing has got its minutes, and is not waited for. An open case has none.
    """
    if file.open:
        return []
    confirmed = {s.involvement_id for s in file.seats if s.acknowledged_at is not None}
    return [
        i
        for i in file.involvements
        if i.id in confirmed and i.not_ours is None and i.ended_at == file.case.closed_at
    ]


def lacking_record(file: CaseFile) -> list[Involvement]:
    return [part for part in recording_parts(file) if not part.on_record]


def goes_on(file: CaseFile) -> date | None:
    """Return the day on which a closed case is deleted in its present state; None for an open one.

    A case that is not on record waits for `record_days` of the team's rules beyond its date, and no longer.
    """
    day = file.case.delete_on
    if day is None or not lacking_record(file):
        return day
    return day + timedelta(days=file.team.rules.record_days)


def goes_now(file: CaseFile, now: datetime) -> bool:
    """Return whether a closed case is deleted now: its day has come, or its erasing has begun."""
    day = goes_on(file)
    return file.case.is_being_erased or (day is not None and day <= file.team.day_of(now))


def goes_from(file: CaseFile, today: date) -> date | None:
    """Return the first day on which the case may be deleted: its date, or the last day while it waits."""
    return goes_on(file) if waits_for_record(file, today) else file.case.delete_on


def waits_for_record(file: CaseFile, today: date) -> bool:
    """Return whether the date of deletion has come, and the case is kept only because it is not on record."""
    day, last = file.case.delete_on, goes_on(file)
    return day is not None and last is not None and day <= today < last


def own_parts(file: CaseFile, person_id: str) -> list[Involvement]:
    """Return the parts that the person may put on record themself."""
    return [
        part
        for part in recording_parts(file)
        if Right.LEFT_AT_CLOSING in rights_in_case(file, person_id, Target(own_part=part.id))
    ]
