"""The reports' texts, sheets and pictures: what they say, without hidden numbers, and for everybody."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from matplotlib import colormaps
from matplotlib.patches import Rectangle

from bot.domain.case.entities import Count, Measure
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.domain.report.figures import Period, Report, all_numbers, in_order
from bot.domain.report.yearly import YearReport
from bot.report.figures import name_of, share, sheet
from bot.report.picture import DARK, LONGEST_ALT, SCALE, Picture, heat_map
from bot.report.yearly import paste, rows, yearly_sheet
from bot.report.yearly_picture import LEAST_LETTER, SHOWN, bars
from bot.texts.words import Words, words
from handlers.blocks.context import Message
from handlers.report.yearly import SHOWS
from sandbox.block_kit.checks import check_message
from tests.bot import cast
from tests.bot.report.years import SIX_A_YEAR, numbers, yearly
from tests.every import every

NB, EN = words(Language.NB), words(Language.EN)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AGENCIES = [
    cast.AGENCIES["police"],
    replace(cast.AGENCIES["health"], name="=Helse Ærøy på Åsen"),
    replace(cast.AGENCIES["shelter"], cover_name="botilbud 1"),
]


def report(*months: date, many: int = 1) -> Report:
    """Return five duties of the police and one of each other agency, in each of these months."""
    counts = []
    for month in months:
        for agency, found in {
            "police": {Measure.SUMMONED: 5, Measure.PRESENT: 3, Measure.ABSENT_WITH_NOTICE: 2},
            "health": {Measure.SUMMONED: 1, Measure.ABSENT_WITHOUT_NOTICE: 1},
            "shelter": {Measure.SUMMONED: 1, Measure.DEPUTY_PRESENT: 1},
        }.items():
            found[Measure.ANSWERED_LATER] = found[Measure.SUMMONED]
            counts += [Count("", "team", agency, month, m, n * many) for m, n in found.items()]
    return Report(cast.TEAM, Period(OCTOBER, NOVEMBER), in_order(AGENCIES), all_numbers([], counts))


def drawn_of(report: Report, *, shared: bool = False) -> Picture:
    heat = heat_map(NB, replace(report, shared=shared))
    assert heat is not None
    return heat


Fields = dict[str, list[tuple[Any, str]]]


def read(heat: Picture) -> tuple[str, list[str], Fields]:
    """Return the title, the columns, and each row's field colours (None: hatched) and texts."""
    drawn = heat.make()
    title, axes = drawn.texts[0].get_text(), drawn.axes[0]
    columns, names = (
        [label.get_text() for label in each] for each in (axes.get_xticklabels(), axes.get_yticklabels())
    )
    texts = {tuple(int(at) for at in text.get_position()): text.get_text() for text in axes.texts}
    fields: Fields = {name: [] for name in names}
    for patch in axes.patches:
        assert isinstance(patch, Rectangle)
        x, y = int(patch.get_x()), int(patch.get_y())
        colour = None if patch.get_hatch() else patch.get_facecolor()
        fields[names[y]].append((colour, texts.get((x, y), "")))
    return title, columns, fields


def colour_of(part: float) -> Any:
    return colormaps[SCALE](part)


def test_the_numbers_stand_in_the_fields_and_what_there_is_not_is_hatched() -> None:
    heat = drawn_of(report(NOVEMBER))
    title, columns, fields = read(heat)
    assert title == "Oppmøte i TOT Bergen, oktober–november 2026"
    assert columns == ["okt 2026", "nov 2026"]
    assert fields["Police"] == [(None, ""), (colour_of(0.6), "60\u00a0%\n3/5")]
    assert fields["=Helse Ærøy på Åsen"][1] == (colour_of(0.0), "0\u00a0%\n0/1")
    assert fields["botilbud 1"][1] == (colour_of(1.0), "100\u00a0%\n1/1")
    assert heat.alt == (
        "Varmekart: Oppmøte i TOT Bergen, oktober–november 2026. =Helse Ærøy på Åsen: 0\u00a0% (0 av 1). "
        "Police: 60\u00a0% (3 av 5). botilbud 1: 100\u00a0% (1 av 1)."
    )


def test_what_is_shared_has_the_whole_period_and_only_bounds() -> None:
    whole = report(OCTOBER, NOVEMBER, many=2)
    heat = drawn_of(whole, shared=True)
    _, columns, fields = read(heat)
    assert columns == ["Hele perioden"]
    # Came: 12 and twice less than five; absent: 8 and twice less than five.
    told = {name: [text for _, text in row] for name, row in fields.items()}
    assert told == {"Police": ["42–72\u00a0%"], "=Helse Ærøy på Åsen": [""], "botilbud 1": [""]}
    assert not any("av" in part.split() for part in heat.alt.split(". "))


def test_who_was_not_summoned_but_ended_an_action_is_hatched() -> None:
    of_actions = all_numbers([], [Count("", "team", "police", NOVEMBER, Measure.ACTION_DONE, 1)])
    heat = drawn_of(Report(cast.TEAM, Period(NOVEMBER, NOVEMBER), AGENCIES, of_actions))
    assert heat.alt == "Varmekart: Oppmøte i TOT Bergen, november 2026. Police: ikke kalt inn."
    assert read(heat)[2] == {"Police": [(None, "")]}


def test_a_picture_has_the_same_bytes_each_time_and_nothing_of_the_program() -> None:
    heat = drawn_of(report(NOVEMBER))
    drawn = heat.png()
    assert drawn.startswith(b"\x89PNG")
    assert drawn == heat.png()
    assert b"atplotlib" not in drawn
    assert heat_map(NB, report()) is None, "there is nothing to draw"


@every(("many", "since"), [(30, date(2026, 11, 1)), (2, date(2024, 1, 1))])
def test_a_long_name_many_agencies_and_three_years_have_room(many: int, since: date) -> None:
    from PIL import Image

    police = cast.AGENCIES["police"]
    agencies = [replace(police, id=f"a{n}", name=f"Etat {n} " + "å" * 60) for n in range(many)]
    months = Period(since, date(2026, 12, 1))
    of = product(agencies, months.months, (Measure.SUMMONED, Measure.PRESENT))
    counts = [Count("", "team", agency.id, month, measure, 1) for agency, month, measure in of]
    heat = drawn_of(Report(cast.TEAM, months, agencies, all_numbers([], counts)))
    assert len(heat.alt) <= LONGEST_ALT
    assert all(len(name) <= 34 for name in read(heat)[2])
    width, height = Image.open(io.BytesIO(heat.png())).size
    assert width < 6000
    assert height < 4000


def _lightness(*channels: float) -> float:
    """Return relative luminance, by WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_it_can_be_read_in_grey() -> None:
    """The scale's lightness is even, and text contrasts with every field (WCAG AA)."""
    lightness = [_lightness(*colormaps[SCALE](n / 100)[:3]) for n in range(101)]
    assert lightness == sorted(lightness)
    assert lightness[-1] > 10 * lightness[0]
    for part, field in enumerate(lightness):
        ink = 0.0 if part / 100 > DARK else 1.0
        lighter, darker = max(field, ink), min(field, ink)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_shares_are_never_rounded_to_all_or_beyond_what_is_known() -> None:
    assert share(EN, 199 / 200) == "99%"
    assert share(EN, 1) == "100%"
    assert share(EN, 0.719, 0.801) == "71–81%"


def test_a_service_that_shelters_has_no_other_name() -> None:
    assert name_of(NB, cast.AGENCIES["shelter"]) == "botilbud"
    assert name_of(NB, AGENCIES[2]) == "botilbud 1"


def test_no_cell_of_a_spreadsheet_is_a_formula_and_the_small_numbers_are_not_there() -> None:
    whole = report(NOVEMBER, many=3)
    text = sheet(NB, replace(whole, shared=True)).decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert rows[0][:3] == ["Tjeneste", "Kalt inn", "Bekreftet i tide"]
    assert [row[0] for row in rows[1:]] == ["'=Helse Ærøy på Åsen", "Police", "botilbud 1", "Alle tjenestene"]
    assert rows[2][1:9] == ["≥ 15", "<5", "9", "<5", "<5", "6", "<5", "<5"]
    numbers = {cell for row in rows[1:] for cell in row[1:] if cell.isdigit()}
    assert numbers == {"9", "6", "15"}


NN = words(Language.NN)
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
    assert nothing not in paste(NB, yearly(2026, {2026: numbers(cases=1)}))
    assert nothing in paste(NB, shared(yearly(2026, {2026: numbers(cases=1, joint=4)})))
    # Two new persons in each of three years make five to eight.
    assert nothing not in paste(NB, shared(yearly(2026, few)))


def test_own_totals_stand_at_the_end_and_in_the_text_alone() -> None:
    text = paste(NB, shared(), {"Barn og voksne": "6 barn, <5 voksne"})
    assert "Teamets egne tall\nBarn og voksne: 6 barn, <5 voksne\n" in text


def test_how_actions_ended_is_what_the_duty_report_shows() -> None:
    ended = (("police", 2026, 8), ("health", 2026, 3), ("police", 2025, 6))
    duty = Counter({(agency, date(year, 3, 1), Measure.ACTION_DONE): n for agency, year, n in ended})
    report = yearly(2026, SIX_A_YEAR, duty=duty)
    assert "Tiltak utført: ≥ 8 (2024–2026: ≥ 14)\n" in paste(NB, shared(report))
    assert "Tiltak utført: 11 (2024–2026: 17)\n" in paste(NB, report)


def test_a_spreadsheet_has_every_row() -> None:
    lines = yearly_sheet(NB, shared()).decode("utf-8-sig").splitlines()
    assert lines[0] == "Tall;2026;2024–2026"
    assert "Nye saker;6;18" in lines
    assert len(lines) == 1 + len([*rows(NB, shared())])


@every("of_shared", [True, False])
def test_slack_takes_the_message_with_its_table(of_shared: bool) -> None:
    made = SHOWS[Kind.YEARLY](NB, replace(REPORT, shared=of_shared))
    assert isinstance(made, Message)
    assert check_message(made.blocks) == []
    (table,) = [block for block in made.blocks if block["type"] == "table"]
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert cells[0] == ["Tall", "2026", "2024–2026"]
    assert ["Nye saker", "6", "18"] in cells
    # The text has everything in the table, for people who read no tables.
    text = "".join(b["text"]["text"] for b in made.blocks if b["type"] == "section")
    assert all(row[0].removeprefix("– ") in text for row in cells[1:] if row[1:] != ["–", "–"])


def test_whom_the_hidden_concern_is_not_told_by_the_picture_either() -> None:
    few = yearly(2026, {2026: numbers(cases=3, persons_new=12)})
    picture = bars(NB, shared(few))
    (axes,) = picture.make().axes
    words = [text.get_text() for text in axes.texts]
    hidden = {label: bar.get_hatch() is not None for label, bar in zip(words[::2], axes.patches, strict=True)}
    told = dict(zip(words[::2], words[1::2], strict=True))
    assert told["Nye saker"] == told["Behov"] == "<5"
    assert hidden["Nye saker"]
    assert hidden["Behov"]
    assert (told["Nye personer"], hidden["Nye personer"]) == ("12", False)
    of_hidden = {bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_hatch()}
    assert len(of_hidden) == 1, "always as long"
    assert "Nye saker: <5." in picture.alt
    assert len(picture.alt) <= LONGEST_ALT


@pytest.mark.parametrize("said", [NB, NN, EN], ids=lambda said: said.language)
def test_it_can_be_read_at_the_size_at_which_slack_shows_it(said: Words) -> None:
    """At 360 pixels every letter is high enough, and nothing is cut off or covered."""
    drawing = bars(said, shared()).make()
    drawing.canvas.draw()
    wide, high = drawing.get_size_inches() * drawing.dpi
    part = SHOWN / wide
    texts = [*drawing.texts, *(t for axes in drawing.axes for t in axes.texts)]
    boxes = [t.get_window_extent() for t in texts]
    assert all(float(t.get_fontsize()) * drawing.dpi / 72 * part >= LEAST_LETTER for t in texts)
    assert all(b.x0 >= 0 and b.x1 <= wide and b.y0 >= 0 and b.y1 <= high for b in boxes)
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
