"""4. Start-up time and peak memory of `tot run`, against a bare Bolt app."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from bench.figures import Aim, Part, median_ratio, times
from bench.places import MANIFEST, partners_known, sqlite
from bench.processes import BARE, TOT_RUN, App, running
from bench.sizes import Sizes
from sandbox import Sandbox

SLOWER = Aim("≤", 4, "×")
LARGER = Aim("≤", 3, "×")
MB = 1024 * 1024


async def measure(sizes: Sizes) -> Part:
    """Start and end each, in turn, until its socket is open."""
    ours: list[tuple[float, int]] = []
    bare: list[tuple[float, int]] = []
    with sqlite() as url:
        async with partners_known(url), Sandbox(MANIFEST) as sandbox:
            ends = time.monotonic() + sizes.patience
            for _ in range(sizes.starts + 1):
                if len(ours) > 1 and time.monotonic() > ends:
                    break
                async with running(sandbox, BARE) as app:
                    bare.append(_seen(app))
                async with running(sandbox, TOT_RUN, DATABASE_URL=url) as app:
                    ours.append(_seen(app))
    # The first start reads the programs from disk.
    seconds, reference = _column(ours[1:], 0), _column(bare[1:], 0)
    memory, least = _column(ours[1:], 1), _column(bare[1:], 1)
    return Part(
        "4. `tot run` until its socket is open; bare = a Bolt app in Socket Mode with one listener",
        [
            times(
                median_ratio(seconds, reference),
                SLOWER,
                "start-up time",
                f"{statistics.median(seconds):.2f} s · bare {statistics.median(reference):.2f} s",
            ),
            times(
                median_ratio(memory, least),
                LARGER,
                "peak memory",
                f"{statistics.median(memory) / MB:.0f} MB · bare {statistics.median(least) / MB:.0f} MB",
            ),
        ],
    )


def _seen(app: App) -> tuple[float, int]:
    return app.started_in, app.peak_memory()


def _column(rows: Sequence[tuple[float, int]], number: int) -> list[float]:
    return [float(row[number]) for row in rows]
