"""All of the documents that derives stands there as `make docs` writes it."""

from __future__ import annotations

from tests.docs.__main__ import derived


def test_it_is_as_in_the_code() -> None:
    stale = [file.name for file, text in derived() if file.read_text("utf-8") != text]
    assert not stale, "`make docs` writes them"
