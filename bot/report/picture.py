"""The report's picture: a heat map of agencies by month, or of the whole period when it is to be shared.

It is readable in grey and by people who are colour-blind: the scale is even in lightness, each field has its
number, and a field without one is hatched. matplotlib is imported only when a picture is drawn.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.report.figures import Report
from bot.report.figures import name_of, share
from bot.texts.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

SCALE = "cividis"
#: Up to this share a field is so dark that white text has more contrast than black (WCAG 2).
DARK = 0.47
DPI = 150
#: Slack's limit for a picture's description, in characters.
LONGEST_ALT = 1000
_ROW, _COLUMN, _HEAD, _FOOT = 0.5, 0.82, 0.95, 0.95
_LETTER, _LEAST_WIDTH = 0.088, 6.4
_LONGEST_NAME = 34


#: One field: the share of duties met (0 to 1) and its text; a field without a share is hatched.
Field = tuple[float | None, str]
_HATCHED: Field = (None, "")
Rows = list[tuple[str, list[Field]]]


@dataclass(frozen=True)
class Picture:
    """A picture's description in words, and the function that draws it."""

    alt: str
    make: Callable[[], Figure]

    def png(self) -> bytes:
        """Return the PNG file. The same picture always has the same bytes. Takes about a second."""
        out = io.BytesIO()
        self.make().savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()


def heat_map(words: Words, report: Report) -> Picture | None:
    """Return the heat map; None if the report has no agencies."""
    if not report.agencies:
        return None
    period = words.months(report.period.first, report.period.last)
    title = words("report.picture", team=report.team.name, period=period)
    gap = words("report.picture.hidden" if report.shared else "report.picture.none")
    months = report.period.months
    rows: Rows = []
    told = []
    for agency in report.agencies:
        name, (met, summoned) = name_of(words, agency), report.met(agency.id)
        fields = [_field(words, *report.met(agency.id, month)) for month in months]
        if report.shared:
            fields = [_bounds(words, report.bounds(agency))]
        rows.append((_cut(name, _LONGEST_NAME), fields))
        if report.shared or not summoned:
            told.append(words("report.picture.alt-shared", agency=name, share=fields[0][1] or gap))
        else:
            said = share(words, met / summoned)
            told.append(words("report.picture.alt-row", agency=name, share=said, met=met, summoned=summoned))
    columns = (
        [words("report.picture.whole")] if report.shared else [words.short_month(month) for month in months]
    )
    alt = _cut(words("report.picture.alt", title=title, rows=" ".join(told)), LONGEST_ALT)
    return Picture(alt, partial(_draw, words, title, columns, rows, gap))


def _field(words: Words, met: int, summoned: int) -> Field:
    return (met / summoned, f"{share(words, met / summoned)}\n{met}/{summoned}") if summoned else _HATCHED


def _bounds(words: Words, bounds: tuple[float, float] | None) -> Field:
    return (sum(bounds) / 2, share(words, *bounds)) if bounds is not None else _HATCHED


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def can_draw() -> bool:
    """Return whether the extra `picture` is installed. The report can be read without it."""
    return importlib.util.find_spec("matplotlib") is not None


def _draw(words: Words, title: str, columns: Sequence[str], rows: Rows, gap: str) -> Figure:
    names = max(len(name) for name, _ in rows) * _LETTER + 0.3
    fields = max(len(columns) * _COLUMN, _LEAST_WIDTH - names)
    wide, high = names + fields + 0.3, _HEAD + len(rows) * _ROW + _FOOT
    figure = new_figure(wide, high, DPI)
    axes = figure.add_axes((names / wide, _FOOT / high, fields / wide, len(rows) * _ROW / high))
    _fill(axes, columns, rows)
    figure.text(0.12 / wide, 1 - 0.2 / high, title, size=12, weight="bold", va="top", ha="left")
    _legend(figure, words)
    if any(part is None for _, row in rows for part, _ in row):
        mark = hatched(2.85 / wide, 0.16 / high, 0.26 / wide, 0.14 / high)
        mark.set_transform(figure.transFigure)
        figure.add_artist(mark)
        figure.text(3.2 / wide, 0.23 / high, gap, size=8, va="center", ha="left")
    return figure


def new_figure(wide: float, high: float, dpi: int) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(wide, high), dpi=dpi, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _fill(axes: Axes, columns: Sequence[str], rows: Rows) -> None:
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    scale = colormaps[SCALE]
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    for y, (_, fields) in enumerate(rows):
        for x, (part, text) in enumerate(fields):
            if part is None:
                axes.add_patch(hatched(x, y, 1, 1))
                continue
            axes.add_patch(Rectangle((x, y), 1, 1, facecolor=scale(part), edgecolor="white"))
            ink = "black" if part > DARK else "white"
            axes.text(x + 0.5, y + 0.5, text, size=8, color=ink, va="center", ha="center")
    axes.set_xticks([x + 0.5 for x in range(len(columns))], columns, size=9)
    axes.set_yticks([y + 0.5 for y in range(len(rows))], [name for name, _ in rows], size=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def hatched(x: float, y: float, width: float, height: float) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle(
        (x, y), width, height, facecolor="white", edgecolor="#767676", hatch="////", linewidth=0.8
    )


def _legend(figure: Figure, words: Words) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    wide, high = figure.get_size_inches()
    bar = figure.add_axes((0.3 / wide, 0.42 / high, 2.2 / wide, 0.14 / high))
    colours = figure.colorbar(ScalarMappable(Normalize(0, 1), SCALE), cax=bar, orientation="horizontal")
    percents = [words.percent(n) for n in (0, 25, 50, 75, 100)]
    colours.set_ticks([0, 0.25, 0.5, 0.75, 1], labels=percents)
    colours.ax.tick_params(labelsize=8, length=2)
    legend = words("report.picture.legend")
    figure.text(2.85 / wide, 0.49 / high, legend, size=8, va="center", ha="left")
