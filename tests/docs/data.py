"""The generated parts of docs/data.md: what each column holds, and how.

Who sees it and how long it is kept cannot be generated: those cells are written by hand, and new lines have
«…» there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Column, LargeBinary, Table

from bot.cli.manifest import MANIFEST
from bot.domain.case.calendar import MailedEntry
from bot.domain.outside import OutsideItem
from bot.usecases.ports import Posted
from storage.documents.aggregates import KINDS
from storage.ledgers.ledger import Entry
from storage.schema import metadata

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
CLEAR, SEALED, HASH = "in clear", "sealed", "hash"
UNWRITTEN = "…"
#: How byte columns are made; the schema does not say.
MADE = {
    "documents.sealed": SEALED,
    "ledgers.sealed": SEALED,
    "audit.scope_ref": SEALED,
    "audit.body": SEALED,
    "audit.hash": HASH,
    "installation.known": SEALED,
    "receipts.digest": HASH,
}
HEADS = {
    "Tables": ("table", CLEAR, SEALED, HASH, "who sees it", "kept until"),
    "Documents": ("what", "its fields, sealed as one", "who sees it", "kept until"),
}
#: Ids that reveal something: Slack's, and a human's. The others name what an entity belongs to.
TELLING_IDS = ("person_id", "slack_id", "channel_id", "file_id")
#: Base classes of several kinds; their fields are listed once.
SHARED: tuple[type[Any], ...] = (MailedEntry, OutsideItem)


def how(column: Column[object]) -> str:
    """Return how a column is stored in the database."""
    if column.name.endswith("_ix"):
        return HASH
    name = f"{column.table.name}.{column.name}"
    if isinstance(column.type, LargeBinary) or name in MADE:
        assert name in MADE, f"{name}: say in tests/docs/data.py how these bytes are made"
        return MADE[name]
    return CLEAR


def tables() -> dict[str, list[list[str]]]:
    """Return the generated cells by heading: a row for each table, and for each kind in documents."""
    return {
        "Tables": [[f"`{t.name}`", *_columns(t)] for _, t in sorted(metadata.tables.items())],
        "Documents": [
            [f"`{kind.__name__}`", ", ".join(f"`{name}`" for name in _named(kind))]
            for kind in sorted((*KINDS, *SHARED, Posted, Entry), key=lambda each: each.__name__)
        ],
    }


def subscribed() -> list[str]:
    """Return every event of the manifest."""
    manifest = yaml.safe_load(Path(MANIFEST).read_text("utf-8"))
    events: list[str] = manifest["settings"]["event_subscriptions"]["bot_events"]
    return events


def kept_until(heading: str) -> dict[str, str]:
    """Return the last cell of each line under a heading, by the first cell; «» means «as the case»."""
    return {name: cells[-1] for name, cells in standing(PAGE.read_text("utf-8"), heading).items()}


def rewritten(page: str) -> str:
    """Return the page with every table up to date."""
    for heading, rows in tables().items():
        written = standing(page, heading)
        page = with_table(page, heading, table(HEADS[heading], (_filled(row, written) for row in rows)))
    return page


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


def _columns(table: Table) -> list[str]:
    kinds = ([f"`{c.name}`" for c in table.columns if how(c) == kind] for kind in (CLEAR, SEALED, HASH))
    return [", ".join(names) or "–" for names in kinds]


def _filled(row: Sequence[str], written: dict[str, list[str]]) -> list[str]:
    """Return a row with the two handwritten cells."""
    cells = written.get(row[0], [])
    return [*row, *(cells[-2:] if len(cells) > 2 else (UNWRITTEN, UNWRITTEN))]


def standing(page: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the table under a heading as they stand, by their first cell."""
    return rows_of(_under(page, heading)[1])


def rows_of(written: str) -> dict[str, list[str]]:
    """Return a table's rows as they stand, by their first cell."""
    lines = written.splitlines()[2:]
    rows = [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split(" | ")] for line in lines
    ]
    return {row[0]: row for row in rows}
