"""The report's picture: what it says, and that everybody can read it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.domain.case.duty import Count, Measure
from bot.domain.language import Language
from bot.domain.report.disclosure import shareable
from bot.domain.report.figures import Period, Report, build
from bot.report.figures import Figures, name_of, share, sheet
from bot.report.picture import _EVEN, LONGEST_ALT, SCALE, _lightness, draw, heat_map
from bot.texts.words import words
from tests.bot import cast
from tests.every import every

NB, EN = words(Language.NB), words(Language.EN)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
AGENCIES = [
    cast.AGENCIES["police"],
    replace(cast.AGENCIES["health"], name="=Helse Ærøy på Åsen"),
    replace(cast.AGENCIES["shelter"], cover_name="botilbud 1"),
]


def report(*months: date, many: int = 1) -> Report:
    """Five duties of the police and one of the two others, in each of these months."""
    counts = []
    for month in months:
        for agency, numbers in {
            "police": {Measure.SUMMONED: 5, Measure.PRESENT: 3, Measure.ABSENT_WITH_NOTICE: 2},
            "health": {Measure.SUMMONED: 1, Measure.ABSENT_WITHOUT_NOTICE: 1},
            "shelter": {Measure.SUMMONED: 1, Measure.DEPUTY_PRESENT: 1},
        }.items():
            numbers[Measure.ANSWERED_LATER] = numbers[Measure.SUMMONED]
            counts += [Count("", "team", agency, month, m, n * many) for m, n in numbers.items()]
    return build(cast.TEAM, Period(OCTOBER, NOVEMBER), AGENCIES, [], counts)


def test_the_numbers_stand_in_the_fields_and_what_there_is_not_is_hatched() -> None:
    heat = heat_map(NB, Figures(report(NOVEMBER)))
    assert heat is not None
    assert heat.title == "Oppmøte i TOT Bergen, oktober–november 2026"
    assert heat.columns == ["okt 2026", "nov 2026"]
    fields = {name: [(f.part, f.text) for f in row] for name, row in heat.rows}
    assert fields["Police"] == [(None, ""), (0.6, "60\u00a0%\n3/5")]
    assert fields["=Helse Ærøy på Åsen"][1] == (0.0, "0\u00a0%\n0/1")
    assert fields["botilbud 1"][1] == (1.0, "100\u00a0%\n1/1")
    assert heat.alt == (
        "Varmekart: Oppmøte i TOT Bergen, oktober–november 2026. =Helse Ærøy på Åsen: 0\u00a0% (0 av 1). "
        "Police: 60\u00a0% (3 av 5). botilbud 1: 100\u00a0% (1 av 1)."
    )


def test_what_is_shared_has_the_whole_period_and_only_bounds() -> None:
    whole = report(OCTOBER, NOVEMBER, many=2)
    heat = heat_map(NB, Figures(whole, shareable(whole)))
    assert heat is not None
    assert heat.columns == ["Hele perioden"]
    fields = {name: [f.text for f in row] for name, row in heat.rows}
    # Came: 12 and twice less than five; absent: 8 and twice less than five.
    assert fields == {"Police": ["42–72\u00a0%"], "=Helse Ærøy på Åsen": [""], "botilbud 1": [""]}
    assert not any("av" in part.split() for part in heat.alt.split(". "))


def test_a_picture_has_the_same_bytes_each_time_and_nothing_of_the_program() -> None:
    heat = heat_map(NB, Figures(report(NOVEMBER)))
    assert heat is not None
    drawn = draw(heat)
    assert drawn.startswith(b"\x89PNG")
    assert drawn == draw(heat)
    assert b"atplotlib" not in drawn
    assert heat_map(NB, Figures(report())) is None, "there is nothing to draw"


@every(("many", "since"), [(30, date(2026, 11, 1)), (2, date(2024, 1, 1))])
def test_a_long_name_many_agencies_and_three_years_have_room(many: int, since: date) -> None:
    from PIL import Image

    police = cast.AGENCIES["police"]
    agencies = [replace(police, id=f"a{n}", name=f"Etat {n} " + "å" * 60) for n in range(many)]
    months = Period(since, date(2026, 12, 1))
    counts = [
        Count("", "team", a.id, m, measure, 1)
        for a in agencies
        for m in months.months
        for measure in (Measure.SUMMONED, Measure.PRESENT)
    ]
    heat = heat_map(NB, Figures(build(cast.TEAM, months, agencies, [], counts)))
    assert heat is not None
    assert len(heat.alt) <= LONGEST_ALT
    assert all(len(name) <= 34 for name, _ in heat.rows)
    width, height = Image.open(io.BytesIO(draw(heat))).size
    assert width < 6000
    assert height < 4000


def test_it_can_be_read_in_grey() -> None:
    """The scale is even in lightness, and what is written stands out from every field (WCAG AA)."""
    from matplotlib import colormaps

    lightness = [_lightness(*colormaps[SCALE](n / 100)[:3]) for n in range(101)]
    assert lightness == sorted(lightness)
    assert lightness[-1] > 10 * lightness[0]
    for field in lightness:
        ink = 0.0 if field > _EVEN else 1.0
        lighter, darker = max(field, ink), min(field, ink)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_its_letters_are_those_of_the_languages() -> None:
    from matplotlib.font_manager import FontProperties, get_font
    from matplotlib.font_manager import findfont as find

    letters = get_font(find(FontProperties())).get_charmap()
    assert {ord(letter) for letter in "æøåÆØÅéò–…"} <= set(letters)


def test_matplotlib_is_loaded_only_when_a_picture_is_drawn() -> None:
    """No module asks for it, nor for what comes with it, as it is loaded itself."""
    root = Path(__file__).parents[3]
    modules = [path for folder in ("bot", "handlers", "storage") for path in (root / folder).rglob("*.py")]
    asking = re.compile(r"^(import|from) (matplotlib|numpy|PIL)\b", re.MULTILINE)
    assert len(modules) > 200
    assert [path.name for path in modules if asking.search(path.read_text("utf-8"))] == []


def test_shares_are_never_rounded_to_all_or_beyond_what_is_known() -> None:
    assert share(EN, 199 / 200) == "99%"
    assert share(EN, 1) == "100%"
    assert share(EN, 0.719, 0.801) == "71–81%"


def test_a_service_that_shelters_has_no_other_name() -> None:
    assert name_of(NB, cast.AGENCIES["shelter"]) == "botilbud"
    assert name_of(NB, AGENCIES[2]) == "botilbud 1"


def test_no_cell_of_a_spreadsheet_is_a_formula_and_the_small_numbers_are_not_there() -> None:
    whole = report(NOVEMBER, many=3)
    text = sheet(NB, Figures(whole, shareable(whole))).decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert rows[0][:3] == ["Tjeneste", "Kalt inn", "Bekreftet i tide"]
    assert [row[0] for row in rows[1:]] == ["'=Helse Ærøy på Åsen", "Police", "botilbud 1", "Alle tjenestene"]
    assert rows[2][1:9] == ["≥ 15", "<5", "9", "<5", "<5", "6", "<5", "<5"]
    numbers = {cell for row in rows[1:] for cell in row[1:] if cell.isdigit()}
    assert numbers == {"9", "6", "15"}
