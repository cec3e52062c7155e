"""What a placement asks of a case before it begins. It checks dates; it does not compute legal ones.

Source: barnevernloven § 4-29 of 1992 (the act of 2021 likely §§ 4-5 and 6-6): child welfare, police and
immigration must cooperate about what comes after. The law's text and the limit are the team's data.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from bot.domain.case import Involvement
from bot.domain.case_file import CaseFile
from bot.domain.directory import AgencyKind
from bot.domain.placement import Deadline, Placement

#: The kinds of agencies without which no placement begins.
REQUIRED = (AgencyKind.POLICE, AgencyKind.CHILD_WELFARE, AgencyKind.IMMIGRATION)


def required_parts(file: CaseFile, person: str) -> list[Involvement]:
    """The parts of the agencies that a placement of this person needs, asked or active."""
    return [i for i in file.current() if person in i.persons and file.agencies[i.agency_id].kind in REQUIRED]


def lacking(file: CaseFile, person: str) -> list[AgencyKind]:
    """The kinds of agencies that a placement of this person still needs in the case."""
    there = {file.agencies[i.agency_id].kind for i in required_parts(file, person)}
    return [kind for kind in REQUIRED if kind not in there]


def too_long(starts_on: date, ends_on: date, months: int) -> bool:
    """Whether the dates lie more than so many months apart, day of the month to day of the month."""
    years, month = divmod(starts_on.month - 1 + months, 12)
    year, month = starts_on.year + years, month + 1
    return ends_on > date(year, month, min(starts_on.day, monthrange(year, month)[1]))


def open_placements(file: CaseFile) -> list[Placement]:
    """The placements that have not been ended, by person."""
    return sorted((p for p in file.placements if p.open), key=lambda p: p.person)


def placement(file: CaseFile, id: str) -> Placement | None:
    """The placement with this id, if it is of this case."""
    return next((p for p in file.placements if p.id == id), None)


def deadline(file: CaseFile, id: str) -> Deadline | None:
    """The deadline with this id, if it is of this case."""
    return next((d for d in file.deadlines if d.id == id), None)
