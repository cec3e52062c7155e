"""Any sequence of acts, by anybody, at any time. `TOT_LONG_SEQUENCES=200` tries more."""

from __future__ import annotations

import os
import re

import pytest

from tests.stories import story
from tests.stories.anything import anything_happens
from tests.stories.town import Town

#: In every run, and in `make test-slow`.
FEW, SOME = 4, 12 + int(os.environ.get("TOT_LONG_SEQUENCES", "0"))
SEEDS = [*range(FEW), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(FEW, FEW + SOME))]


def with_markup(partners: str) -> str:
    """Return the partners file with a mention in the names of agencies and the titles of contacts."""
    return re.sub(r'\b((?:name|title) = "[^"]*)"', r'\1 <!channel>"', partners)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@story(
    *("Politiet <!channel>", "Barneverntjenesten <!channel>", "Sosialtjenesten <!channel>"),
    confirmed=("politi-exit", "vara-koordinator"),
    partners=with_markup,
)
async def test_nothing_goes_wrong(town: Town, seed: int) -> None:
    await anything_happens(town, seed, 60)
