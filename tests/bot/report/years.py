"""Yearly reports of plain numbers, for tests of what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.report.yearly import (
    CONVENED,
    IN_TIME,
    NO_AGENCY,
    NOT_CONVENED,
    NOT_IN_TIME,
    UNDECIDED,
    Figure,
    Split,
    YearMeasure,
    YearNumbers,
    YearReport,
    years_needed,
)
from tests.bot import cast

AGENCIES = (cast.AGENCIES["police"], cast.AGENCIES["health"], cast.AGENCIES["shelter"])


def numbers(**of: Any) -> YearNumbers:
    """Return a year's numbers: figures by name, parts of a split as a mapping; the rest is zero."""
    parts: dict[Split, tuple[str, ...]] = {
        Split.ASKED_BY: (NO_AGENCY, *(a.id for a in AGENCIES)),
        Split.FIRST_MEETING: tuple(m for m in YearMeasure if m.startswith("first_")),
        Split.REQUEST_FROM: (NO_AGENCY, *(a.id for a in AGENCIES)),
        Split.REQUEST_OUTCOME: (CONVENED, NOT_CONVENED, UNDECIDED),
        Split.QUORUM: tuple(m for m in YearMeasure if m.startswith("meeting_")),
        Split.NEED_TAKEN: tuple(m for m in YearMeasure if m.startswith("need_")),
        Split.GUIDANCE_ANSWERED: (IN_TIME, NOT_IN_TIME),
        Split.THEME: ("signs", "minors"),
    }
    splits = {s: dict.fromkeys(names, 0) | dict(of.get(s, {})) for s, names in parts.items()}
    return YearNumbers({f: of.get(f, 0) for f in Figure}, splits)


def yearly(year: int, years: Mapping[int, YearNumbers]) -> YearReport:
    """Return a year's report; missing years are empty."""
    return YearReport(cast.TEAM, year, {y: years.get(y, numbers()) for y in years_needed(year)}, AGENCIES)


#: Three years with six cases in each.
SIX_A_YEAR = {
    year: numbers(
        cases=6,
        asked_by={"police": 3, NO_AGENCY: 2, "health": 1},
        first_meeting={"first_in_24_hours": 2, "first_in_72_hours": 3, "first_later": 1},
        persons_new=8,
        persons_carried=2,
        requests=5,
        request_from={"police": 3, "health": 2},
        request_outcome={CONVENED: 3, NOT_CONVENED: 2},
        meetings=14,
        quorum={"meeting_enough": 12, "meeting_too_few": 2},
        needs=17,
        need_taken={"need_in_24_hours": 9, "need_in_1_week": 4, "need_later": 2, "need_nobody": 2},
        guidance=9,
        guidance_answered={IN_TIME: 7, NOT_IN_TIME: 2},
        theme={"signs": 6, "minors": 3},
        joint=2,
        joint_came=31,
    )
    for year in (2024, 2025, 2026)
}
