"""The yearly report as text, spreadsheet and picture: readable, and with nothing that is hidden."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bot.domain.case.duty import Measure
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.domain.report.yearly import YearReport
from bot.domain.report.yearly_disclosure import ShareableYear
from bot.report.picture import LONGEST_ALT
from bot.report.yearly import YearFigures, paste, rows, yearly_sheet
from bot.report.yearly_picture import LEAST_LETTER, SHOWN, bars, make
from bot.texts.words import Words, words
from handlers.blocks.context import Message
from handlers.report.yearly import yearly_document
from sandbox.block_kit.checks import check_message
from tests.bot.report.years import SIX_A_YEAR, numbers, yearly
from tests.every import every

NB, NN, EN = (words(language) for language in Language)
REPORT = yearly(2026, SIX_A_YEAR)


def shared(report: YearReport = REPORT) -> YearFigures:
    return YearFigures(report, ShareableYear(report))


def test_six_cases_a_year_to_paste() -> None:
    assert paste(NB, shared()).split("\n\n")[:2] == [
        "Årsmelding for TOT Bergen 2026",
        "Spurt om å kalle TOT sammen: 5 (2024–2026: 15)\n"
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
        "Tiltak utført: –\n"
        "Tiltak som ikke lot seg gjøre: –\n"
        "Tiltak som ikke ble utført: –\n"
        "Spørsmål om veiledning: 9 (2024–2026: 27)\n"
        "  – svart i tide: 2024–2026: 21\n"
        "  – svart senere, eller ikke: 2024–2026: 6\n"
        "  – tema: Tegn på menneskehandel: 2024–2026: 18\n"
        "  – tema: Barn og unge under 18: 2024–2026: 9\n"
        "Fellesmøter: 2 (2024–2026: 6)\n"
        "Deltakere på fellesmøter: 31 (2024–2026: 93)",
    ]


def test_that_nothing_of_use_can_be_shared_is_said_in_one_sentence() -> None:
    nothing = "Tallene for 2026 er så små at ingenting nyttig kan deles.\n"
    few = {year: numbers(cases=1, persons_new=2, meetings=1, joint=4) for year in (2024, 2025, 2026)}
    assert nothing not in paste(NB, shared())
    assert nothing not in paste(NB, YearFigures(yearly(2026, {2026: numbers(cases=1)})))
    assert nothing in paste(NB, shared(yearly(2026, {2026: numbers(cases=1, joint=4)})))
    # Two new persons in each of three years are five to eight.
    assert nothing not in paste(NB, shared(yearly(2026, few)))


def test_own_totals_stand_at_the_end_and_in_the_text_alone() -> None:
    text = paste(NB, shared(), {"Barn og voksne": "6 barn, <5 voksne"})
    assert "Teamets egne tall\nBarn og voksne: 6 barn, <5 voksne\n" in text


def test_how_actions_ended_is_what_the_duty_report_shows() -> None:
    ended = (("police", 2026, 8), ("health", 2026, 3), ("police", 2025, 6))
    duty = Counter({(agency, date(year, 3, 1), Measure.ACTION_DONE): n for agency, year, n in ended})
    report = yearly(2026, SIX_A_YEAR, duty=duty)
    assert "Tiltak utført: ≥ 8 (2024–2026: ≥ 14)\n" in paste(NB, shared(report))
    assert "Tiltak utført: 11 (2024–2026: 17)\n" in paste(NB, YearFigures(report))


def test_a_spreadsheet_has_every_row() -> None:
    lines = yearly_sheet(NB, shared()).decode("utf-8-sig").splitlines()
    assert lines[0] == "Tall;2026;2024–2026"
    assert "Nye saker;6;18" in lines
    assert len(lines) == 1 + len(rows(NB, shared()))


@every("of_shared", [True, False])
def test_slack_takes_the_message_with_its_table(of_shared: bool) -> None:
    made = yearly_document(Kind.YEARLY, NB, REPORT, shared=of_shared)
    assert isinstance(made, Message)
    assert check_message(made.blocks) == []
    (table,) = [block for block in made.blocks if block["type"] == "table"]
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert cells[0] == ["Tall", "2026", "2024–2026"]
    assert ["Nye saker", "6", "18"] in cells
    # All that stands in the table stands in the text too, for whoever reads no tables.
    text = "".join(b["text"]["text"] for b in made.blocks if b["type"] == "section")
    assert all(row[0].removeprefix("– ") in text for row in cells[1:] if row[1:] != ["–", "–"])


def test_whom_the_hidden_concern_is_not_told_by_the_picture_either() -> None:
    few = yearly(2026, {2026: numbers(cases=3, persons_new=12)})
    drawn = bars(NB, shared(few))
    told = {bar.label: (bar.number, bar.text) for bar in drawn.bars}
    assert told["Nye saker"] == told["Behov"] == (None, "<5")
    assert told["Nye personer"] == (12, "12")
    assert "Nye saker: <5." in drawn.alt
    assert len(drawn.alt) <= LONGEST_ALT


@pytest.mark.parametrize("said", [NB, NN, EN], ids=lambda said: said.language)
def test_it_can_be_read_at_the_size_at_which_slack_shows_it(said: Words) -> None:
    """Shown 360 pixels wide, every letter is high enough, and nothing is cut off or covered."""
    drawing = make(bars(said, shared()))
    drawing.canvas.draw()
    wide, high = drawing.get_size_inches() * drawing.dpi
    part = SHOWN / wide
    texts = [*drawing.texts, *(t for axes in drawing.axes for t in axes.texts)]
    boxes = [t.get_window_extent() for t in texts]
    assert all(float(t.get_fontsize()) * drawing.dpi / 72 * part >= LEAST_LETTER for t in texts)
    assert all(b.x0 >= 0 and b.x1 <= wide and b.y0 >= 0 and b.y1 <= high for b in boxes)
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
