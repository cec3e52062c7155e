"""All of the documents that derives stands there as `make docs` writes it, and has its words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tests.docs import __main__ as docs
from tests.docs import data, papers


@cache
def derived() -> tuple[tuple[Path, str], ...]:
    return tuple(docs.derived())


def test_it_is_as_in_the_code() -> None:
    stale = [file.name for file, text in derived() if file.read_text("utf-8") != text]
    assert not stale, "`make docs` writes them"


def test_everything_that_derives_has_words() -> None:
    lacking = re.findall(rf"^.*\| {data.UNWRITTEN} \|.*$", data.PAGE.read_text("utf-8"), re.M)
    assert not lacking, "write what «…» is for in docs/data.md"
    lacking = [line for _, text in derived() for line in papers.unwritten(text)]
    assert not lacking, "write them in tests/docs/papers_words.py"
