"""docs/data.md names every column, scope and event there is, and none that there is not."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Text

from storage.schema import metadata
from tests.docs import data
from tests.docs.data import PAGE, wrong


def page() -> str:
    return PAGE.read_text("utf-8")


def test_everything_stored_and_everything_told_is_named() -> None:
    found = list(wrong(page()))
    assert not found, "\n\n".join(["`make docs` writes what derives.", *found])


def test_a_column_without_its_line_is_told_with_the_line_to_write() -> None:
    column = Column("birthday", Text, nullable=True)
    table = metadata.tables["persons"]
    table.append_column(column)
    try:
        (found,) = wrong(page())
    finally:
        table._columns.remove(column)
    assert "`persons`" in found
    assert "`birthday`" in found


def test_a_line_without_its_column_is_told() -> None:
    (found,) = wrong(page().replace("`slack_id`, `work_mail`", "`slack_id`, `shoe_size`, `work_mail`", 1))
    assert "in place of the line of `persons`" in found
    gone = "| `rumours` | `id` | – | – | everybody | always |\n"
    (found,) = wrong(page().replace("| `teams` |", f"{gone}| `teams` |", 1))
    assert found == "docs/data.md, under Tables: there is no `rumours`: take its line away"


def test_a_new_event_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    known = data.subscribed()
    monkeypatch.setattr(data, "subscribed", lambda: [*known, "reaction_added"])
    (found,) = wrong(page())
    assert found.endswith("| `reaction_added` | … | … |")
