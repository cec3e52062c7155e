"""The yearly report's picture: a bar for each figure of the year, with its number.

Slack shows a picture at most `SHOWN` pixels wide, so it is drawn for that width, `SHARPNESS` times as sharp:
letters are at least `LEAST_LETTER` pixels as shown. Hidden figures are hatched bars of one length.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.report.yearly import Figure, YearReport
from bot.report.figures import cell_text
from bot.report.picture import LONGEST_ALT, Picture, hatched, new_figure
from bot.report.yearly import yearly_title
from bot.texts.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

SHOWN = 360
SHARPNESS = 2
LEAST_LETTER = 11
_DPI = 72 * SHARPNESS
_LETTER, _TITLE = 12, 14
_ROW, _HEAD = 34, 40
_DRAWN = (
    Figure.REQUESTS,
    Figure.CASES,
    Figure.PERSONS_NEW,
    Figure.MEETINGS,
    Figure.NEEDS,
    Figure.GUIDANCE,
)
_BLUE = "#1f3a6e"


#: A label, the number that the bar shows (None: hidden), and the text after it.
Bar = tuple[str, int | None, str]


def bars(words: Words, report: YearReport) -> Picture:
    title = yearly_title(words, report)
    cells = {figure: report.figure(figure).year for figure in _DRAWN}
    drawn = [
        (words(f"yearly.picture.{figure}"), cell if isinstance(cell, int) else None, cell_text(cell))
        for figure, cell in cells.items()
    ]
    said = " ".join(words("yearly.picture.row", label=label, number=text) for label, _, text in drawn)
    alt = words("yearly.picture.alt", title=title, rows=said)[:LONGEST_ALT]
    return Picture(alt, partial(_draw, title, drawn))


def _draw(title: str, drawn: Sequence[Bar]) -> Drawing:
    high = _HEAD + _ROW * len(drawn) + 8
    drawing = new_figure(SHOWN / 72, high / 72, _DPI)
    axes = drawing.add_axes((0, 8 / high, 1, _ROW * len(drawn) / high))
    _fill(axes, drawn)
    drawing.text(8 / SHOWN, 1 - 10 / high, title, size=_TITLE, weight="bold", va="top", ha="left")
    return drawing


def _fill(axes: Axes, drawn: Sequence[Bar]) -> None:
    """Draw labels to the left, bars from 170, and numbers after the bars, all in pixels as shown."""
    from matplotlib.patches import Rectangle

    left, longest = 170, 140
    most = max([number for _, number, _ in drawn if number is not None] or [1]) or 1
    axes.set_axis_off()
    axes.set_xlim(0, SHOWN)
    axes.set_ylim(len(drawn) * _ROW, 0)
    for n, (label, number, text) in enumerate(drawn):
        middle = n * _ROW + _ROW / 2
        axes.text(left - 8, middle, label, size=_LETTER, va="center", ha="right")
        wide = 24.0 if number is None else longest * number / most
        if number is None:
            axes.add_patch(hatched(left, middle - 9, wide, 18))
        else:
            axes.add_patch(Rectangle((left, middle - 9), wide, 18, color=_BLUE, linewidth=0.8))
        axes.text(left + wide + 6, middle, text, size=_LETTER, weight="bold", va="center", ha="left")
