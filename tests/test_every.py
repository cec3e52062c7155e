"""`every` itself: it must not pass what fails."""

from __future__ import annotations

import pytest

from tests.every import every


@every("number", [1, 2, 3, 4])
def is_odd(number: int) -> None:
    assert number % 2 == 1


@every(("first", "second"), [])
def nothing(first: int, second: int) -> None: ...


def test_each_value_that_fails_is_told() -> None:
    with pytest.raises(ExceptionGroup, match="2 of 4 failed") as failed:
        is_odd()
    assert [error.__notes__ for error in failed.value.exceptions] == [["with number=2"], ["with number=4"]]


def test_no_values_are_no_success() -> None:
    with pytest.raises(AssertionError, match="nothing to try"):
        nothing()
