"""A case in which much is agreed: every agency has needs and actions, some late, some nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.dates import Deadline, DeadlineKind, Placement
from bot.domain.case.entities import Involvement, Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import USUAL_NEEDS
from tests.handlers.cases import NOW, amend, base

TEXTS = ("ringe skolen", "avklare økonomien fram til helga", "sende begjæring til retten", "")


def busy(file: CaseFile, actions: int = 12) -> CaseFile:
    """So many open actions, one of each ended kind, and every need, of which three are nobody's."""
    parts = [i for i in file.involvements if i.ended_at is None and i.asked_at is not None]
    needs = tuple(
        CaseNeed(f"need-{need}", "case", need, NOW, None if n % 5 == 1 else parts[n % len(parts)].id)
        for n, need in enumerate(USUAL_NEEDS)
    )
    return replace(
        file,
        needs=needs,
        actions=(
            *(_action(file, parts[n % len(parts)], n) for n in range(actions)),
            *(
                replace(_action(file, parts[0], n), id=f"ended-{o}", outcome=o, ended_at=NOW)
                for n, o in enumerate(Outcome)
            ),
        ),
    )


def _action(file: CaseFile, part: Involvement, number: int) -> CaseAction:
    letters = file.case.letters
    return CaseAction(
        f"action-{number}",
        "case",
        part.id,
        letters if number % 3 == 0 else letters[number % len(letters)],
        date(2026, 11, 28) + timedelta(days=number % 23),
        NOW,
        "lead",
        USUAL_NEEDS[number % len(USUAL_NEEDS)] if number % 4 else None,
        TEXTS[number % len(TEXTS)] or "avtale tid",
    )


def dated(file: CaseFile) -> CaseFile:
    """A placement of A, a reflection period of B, and a deadline of the police's own."""
    day = date(2026, 12, 10)
    return replace(
        file,
        placements=(Placement("placement", "case", "A", date(2026, 11, 28), day, NOW),),
        deadlines=(
            Deadline("reflection", "case", DeadlineKind.REFLECTION, day, NOW, None, "B"),
            Deadline("own", "case", DeadlineKind.OWN, day, NOW, "part-police", text="søke om tolk"),
        ),
    )


def seven_twelve_forty() -> CaseFile:
    file = amend(base(), "case", persons=7)
    police = file.agencies["agency-police"]
    names = ("UDI", "Verge", "Skolen", "Oppfølgingstjenesten", "Barnevernvakten", "Politiet i Stavanger")
    more = {f"more-{n}": replace(police, id=f"more-{n}", name=name) for n, name in enumerate(names)}
    part, seat = file.involvement("part-police"), file.seat("seat-police")
    assert seat is not None
    parts: list[Involvement] = [replace(part, id=f"in-{n}", agency_id=f"more-{n}") for n in range(len(names))]
    seats: list[Seat] = [
        replace(seat, id=f"sits-{n}", involvement_id=f"in-{n}", person_id="police2")
        for n in range(len(names))
    ]
    asked = tuple(replace(i, asked_at=i.asked_at or NOW) for i in (*file.involvements, *parts))
    file = replace(file, agencies={**file.agencies, **more}, involvements=asked, seats=(*file.seats, *seats))
    return busy(dated(file), actions=40)
