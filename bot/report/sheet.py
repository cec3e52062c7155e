"""The report for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from bot.report.figures import ORDER, Figures, name_of
from bot.texts import Words

#: How a cell of a spreadsheet may not begin: it would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cells(values: Sequence[object]) -> list[str]:
    """Prefix what a spreadsheet would take for a formula."""
    cells = ["" if value is None else str(value) for value in values]
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def sheet(words: Words, figures: Figures) -> bytes:
    """One row for each agency and one for all, as CSV.

    Semicolons and a byte-order mark: what a spreadsheet set up for Norway opens without asking.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    names = (words(f"measure.{measure}") for measure in ORDER)
    writer.writerow(safe_cells([words("report.agency"), *(n[:1].upper() + n[1:] for n in names)]))
    for agency in figures.report.agencies:
        writer.writerow(safe_cells([name_of(words, agency), *(figures.of(agency, m) for m in ORDER)]))
    writer.writerow(safe_cells([words("report.all-agencies"), *map(figures.total, ORDER)]))
    return out.getvalue().encode("utf-8-sig")
