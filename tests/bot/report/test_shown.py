"""The reports' texts and spreadsheets: what they say, without hidden numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.case.entities import Measure
from bot.domain.language import Language
from bot.domain.report.figures import Period, Report, in_order
from bot.domain.report.yearly import YearReport
from bot.report.figures import sheet
from bot.report.yearly import paste
from bot.texts.words import words
from tests.bot import cast
from tests.bot.report.years import SIX_A_YEAR, numbers, yearly

NB = words(Language.NB)
NOVEMBER = date(2026, 11, 1)
AGENCIES = [
    cast.AGENCIES["police"],
    replace(cast.AGENCIES["health"], name="=Helse Ærøy på Åsen"),
    replace(cast.AGENCIES["shelter"], cover_name="botilbud 1"),
]


def report() -> Report:
    """Return fifteen duties of the police and three of each other agency, as they may be shared."""
    found = {
        "police": {Measure.SUMMONED: 15, Measure.PRESENT: 9, Measure.ABSENT_WITH_NOTICE: 6},
        "health": {Measure.SUMMONED: 3, Measure.ABSENT_WITHOUT_NOTICE: 3},
        "shelter": {Measure.SUMMONED: 3, Measure.DEPUTY_PRESENT: 3},
    }
    numbers = {
        (agency, NOVEMBER, measure): n
        for agency, line in found.items()
        for measure, n in (line | {Measure.ANSWERED_LATER: line[Measure.SUMMONED]}).items()
    }
    return Report(cast.TEAM, Period(NOVEMBER, NOVEMBER), in_order(AGENCIES), numbers, shared=True)


def test_no_cell_of_a_spreadsheet_is_a_formula_and_the_small_numbers_are_not_there() -> None:
    rows = [line.split(";") for line in sheet(NB, report()).decode("utf-8-sig").splitlines()]
    assert rows[0][:3] == ["Tjeneste", "Kalt inn", "Bekreftet i tide"]
    assert [row[0] for row in rows[1:]] == ["'=Helse Ærøy på Åsen", "Police", "botilbud 1", "Alle tjenestene"]
    assert rows[2][1:9] == ["≥ 15", "<5", "9", "<5", "<5", "6", "<5", "<5"]
    numbers = {cell for row in rows[1:] for cell in row[1:] if cell.isdigit()}
    assert numbers == {"9", "6", "15"}


REPORT = yearly(2026, SIX_A_YEAR)


def shared(report: YearReport = REPORT) -> YearReport:
    return replace(report, shared=True)


def test_six_cases_a_year_to_paste() -> None:
    assert paste(NB, shared()).split("\n\n")[:2] == [
        "Årsmelding for TOT Bergen 2026",
        "Forespørsler om å kalle TOT sammen: 5 (2024–2026: 15)\n"
        "  – kalt sammen: 2024–2026: 9\n"
        "  – ikke kalt sammen, eller ikke avgjort: 2024–2026: 6\n"
        "Nye saker: 6 (2024–2026: 18)\n"
        "  – på koordinatorens initiativ: 2024–2026: 6\n"
        "  – på spørsmål fra Police: 2024–2026: 9\n"
        "Nye personer: 8 (2024–2026: 24)\n"
        "Personer fra året før: <5\n"
        "Møter i saker: 14 (2024–2026: 42)\n"
        "  – med nok tjenester: 2024–2026: 36\n"
        "  – med for få tjenester: 2024–2026: 6\n"
        "Behov: 17 (2024–2026: 51)\n"
        "  – noen tok ansvar innen 24 timer: 2024–2026: 27\n"
        "  – noen tok ansvar etter 1–7 døgn: 2024–2026: 12\n"
        "  – noen tok ansvar etter mer enn en uke: 2024–2026: 6\n"
        "  – ingen tok ansvar: 2024–2026: 6\n"
        "Spørsmål om veiledning: 9 (2024–2026: 27)\n"
        "  – svart i tide: 2024–2026: 21\n"
        "  – svart senere, eller ikke: 2024–2026: 6\n"
        "  – tema: Tegn på menneskehandel: 2024–2026: 18\n"
        "  – tema: Barn og unge under 18: 2024–2026: 9\n"
        "Fellesmøter: 2 (2024–2026: 6)\n"
        "Deltakere på fellesmøter: 31 (2024–2026: 93)",
    ]


def test_that_nothing_of_use_can_be_shared_is_said_in_one_sentence() -> None:
    nothing = "\n\nTallene for 2026 er så små at ingenting nyttig kan deles."
    few = {year: numbers(cases=1, persons_new=2, meetings=1, joint=4) for year in (2024, 2025, 2026)}
    assert nothing not in paste(NB, shared())
    assert nothing not in paste(NB, yearly(2026, {2026: numbers(cases=1)}))
    assert paste(NB, shared(yearly(2026, {2026: numbers(cases=1, joint=4)}))).endswith(nothing)
    # Two new persons in each of three years make five to eight.
    assert nothing not in paste(NB, shared(yearly(2026, few)))
