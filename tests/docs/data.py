"""The generated part of docs/data.md: what each kind of document has.

Who sees it and how long it is kept cannot be generated: those cells are written by hand, and new lines have
«…» there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from bot.domain.case.calendar import MailedEntry
from bot.domain.outside import OutsideItem
from bot.usecases.ports import Posted
from storage.documents.aggregates import KINDS
from storage.ledgers.ledger import Entry

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
UNWRITTEN = "…"
HEAD = ("what", "its fields, sealed as one", "who sees it", "kept until")
#: Ids that reveal something: Slack's, and a human's. The others name what an entity belongs to.
TELLING_IDS = ("person_id", "slack_id", "channel_id", "file_id")
#: Base classes of several kinds; their fields are listed once.
SHARED: tuple[type[Any], ...] = (MailedEntry, OutsideItem)


def documents() -> list[list[str]]:
    """Return the generated cells: a row for each kind in documents."""
    kinds = sorted((*KINDS, *SHARED, Posted, Entry), key=lambda each: each.__name__)
    return [[f"`{kind.__name__}`", ", ".join(f"`{name}`" for name in _named(kind))] for kind in kinds]


def kept_until(heading: str) -> dict[str, str]:
    """Return the last cell of each line under a heading, by the first cell; «» means «as the case»."""
    return {name: cells[-1] for name, cells in standing(PAGE.read_text("utf-8"), heading).items()}


def rewritten(page: str) -> str:
    """Return the page with its table of documents up to date."""
    written = standing(page, "Documents")
    return with_table(page, "Documents", table(HEAD, (_filled(row, written) for row in documents())))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ["---"] * len(head), *rows))


def with_table(page: str, heading: str, written: str) -> str:
    """Return the page with this table or list in place of the current one under the heading."""
    found = _under(page, heading)
    return page[: found.start(1)] + written + page[found.end(1) :]


def _under(page: str, heading: str) -> re.Match[str]:
    """Find the table under a heading, or its list of named items."""
    found = re.search(rf"^## {re.escape(heading)}\n(?:(?!\||- `|## ).*\n)*((?:^(?:\||- `).*\n)*)", page, re.M)
    assert found is not None, f"there is no table under «{heading}»"
    return found


def _named(kind: type[Any]) -> list[str]:
    """Return a kind's fields, without its own id and its owners' ids; shared fields by a name."""
    bases = [base for base in SHARED if kind in base.__subclasses__()]
    shared = {field.name for base in bases for field in fields(base)}
    names = [field.name for field in fields(kind) if field.name not in shared]
    told = [name for name in names if name in TELLING_IDS or not re.fullmatch(r"(\w+_)?id", name)]
    return [*(base.__name__ for base in bases), *told]


def _filled(row: Sequence[str], written: dict[str, list[str]]) -> list[str]:
    """Return a row with the two handwritten cells."""
    cells = written.get(row[0], [])
    return [*row, *(cells[-2:] if len(cells) > 2 else (UNWRITTEN, UNWRITTEN))]


def standing(page: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the table under a heading as they stand, by their first cell."""
    lines = _under(page, heading)[1].splitlines()[2:]
    rows = [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split(" | ")] for line in lines
    ]
    return {row[0]: row for row in rows}
