"""Over any sequence of use cases: what always holds of a case. `TOT_LONG_SEQUENCES=2000` tries more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.usecases.any_sequence import AnySequence
from tests.bot.usecases.attempts import LONG, PHASES


@pytest.mark.long
@pytest.mark.parametrize("plays", [6, pytest.param(12, marks=pytest.mark.slow)])
def test_any_sequence(migrated_sqlite: Path, plays: int) -> None:
    AnySequence.play(migrated_sqlite, plays, 60 if LONG else 40, phases=PHASES)
