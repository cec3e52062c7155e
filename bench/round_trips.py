"""1. A command's round trip through Socket Mode, against a bare Bolt listener."""

from __future__ import annotations

import statistics

from bench.commands import general, rate, round_trip
from bench.figures import Aim, Finding, Part, median_ratio, ms, percentile, times
from bench.places import MANIFEST, partners_known, sqlite
from bench.processes import BARE, TOT_RUN, running
from bench.sizes import Sizes
from sandbox import Sandbox

ALONE = Aim("≤", 1.3, "×")
TOGETHER = Aim("≥", 0.5, "×")
#: One that reads and one that commits, and who types it: a contact has no messages that need new words.
COMMANDS = {"hjelp": "koordinator", "språk nynorsk": "barnevern"}


async def measure(sizes: Sizes) -> Part:
    """The bot on SQLite and the bare listener, each in its own process."""
    with sqlite() as url:
        async with (
            partners_known(url),
            Sandbox(MANIFEST) as of_bot,
            Sandbox(MANIFEST) as of_bare,
            running(of_bot, TOT_RUN, DATABASE_URL=url),
            running(of_bare, BARE),
        ):
            findings = [
                *await _alone(of_bot, of_bare, sizes),
                *await _together(of_bot, of_bare, sizes),
            ]
    return Part(
        "1. A command through Socket Mode, envelope to ack; bare = a Bolt listener that only acks", findings
    )


async def _alone(of_bot: Sandbox, of_bare: Sandbox, sizes: Sizes) -> list[Finding]:
    bare: list[float] = []
    ours: dict[str, list[float]] = {text: [] for text in COMMANDS}
    for _ in range(sizes.alone):
        for text, user in COMMANDS.items():
            bare.append(await round_trip(of_bare, text, general(of_bare), user))
            ours[text].append(await round_trip(of_bot, text, general(of_bot), user))
    reference = statistics.median(bare)
    return [
        times(
            statistics.median(took) / reference,
            ALONE,
            f"1 in flight, /tot {text}",
            f"p50 {ms(statistics.median(took))} · p99 {ms(percentile(took, 0.99))} · "
            f"bare p50 {ms(reference)} p99 {ms(percentile(bare, 0.99))}",
        )
        for text, took in ours.items()
    ]


async def _together(of_bot: Sandbox, of_bare: Sandbox, sizes: Sizes) -> list[Finding]:
    async def one(sandbox: Sandbox, text: str) -> float:
        return await rate(
            sandbox,
            text,
            general(sandbox),
            COMMANDS[text],
            commands=sizes.in_round,
            in_flight=sizes.in_flight,
        )

    bare: dict[str, list[float]] = {text: [] for text in COMMANDS}
    ours: dict[str, list[float]] = {text: [] for text in COMMANDS}
    for _ in range(sizes.rounds):
        for text in COMMANDS:
            bare[text].append(await one(of_bare, text))
            ours[text].append(await one(of_bot, text))
    return [
        times(
            median_ratio(ours[text], bare[text]),
            TOGETHER,
            f"{sizes.in_flight} in flight, /tot {text}",
            f"{statistics.median(ours[text]):.0f}/s · bare {statistics.median(bare[text]):.0f}/s",
        )
        for text in COMMANDS
    ]
