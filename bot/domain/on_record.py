"""On record: an agency has in its own system what a case left it to record. The bot is no case record."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from bot.domain.access import Right
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile, rights_in_case


class Unrecorded(StrEnum):
    """The reason to delete a case at once that is not on record. None says anything about the case."""

    NOTHING_TO_RECORD = "nothing_to_record"
    NO_ANSWER = "no_answer"
    BY_MISTAKE = "by_mistake"
    NOT_TO_BE_KEPT = "not_to_be_kept"


def recording_parts(file: CaseFile) -> list[Involvement]:
    """The agencies that have something to record: in the case until it was closed; none of an open one.

    Of whom nobody has confirmed taushetsplikt has been told nothing. Whose part was over before has had its
    minutes, and is not waited for.
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
    """The day on which a closed case is deleted as it stands; None for one that is open.

    One that is not on record waits beyond its date for the team's number of days, and no longer.
    """
    day = file.case.delete_on
    if day is None or not lacking_record(file):
        return day
    return day + timedelta(days=file.team.rules.record_days)


def goes_from(file: CaseFile, today: date) -> date | None:
    """The first day on which it may go: its date, until that has come."""
    return goes_on(file) if waits_for_record(file, today) else file.case.delete_on


def waits_for_record(file: CaseFile, today: date) -> bool:
    """Return whether the date of deletion has come, and the case stays only because it is not on record."""
    day, last = file.case.delete_on, goes_on(file)
    return day is not None and last is not None and day <= today < last


def own_parts(file: CaseFile, person_id: str) -> list[Involvement]:
    """The parts for which the person may say so themself."""
    return [
        part
        for part in recording_parts(file)
        if Right.LEFT_AT_CLOSING in rights_in_case(file, person_id, own_part=part.id)
    ]
