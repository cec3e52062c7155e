"""The operator's `tot`, as the tests of the command line have it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from tests.bot.cli.conftest import no_settings, tot

__all__ = ["logs_end_with_the_test", "no_settings", "tot"]


@pytest.fixture(autouse=True)
def logs_end_with_the_test() -> Iterator[None]:
    """`tot` logs to the standard error of the test that called it, which is closed at its end."""
    yield
    structlog.reset_defaults()
