"""Slash commands and start-up against a bare Bolt app, and commands with few and many stored cases."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.apps import BARE, MANIFEST, PATIENCE, TOT_RUN, checkpoint, database_with_partners, running, sqlite
from bench.cases import copy_case, open_case
from bench.figures import Aim, Finding, Part, Sizes, median_ratio, ms, percentile, times
from sandbox import Sandbox

_numbers = itertools.count(1)


async def round_trip(sandbox: Sandbox, text: str, channel: str, user: str) -> float:
    """Type `/tot` with this text; return the seconds until it was acknowledged.

    Raises:
        RuntimeError: it was not acknowledged, or without a text.
    """
    person = sandbox.user(user)
    delivery = await sandbox.sockets.request(
        "slash_commands",
        {
            "team_id": person.team,
            "channel_id": channel,
            "channel_name": "privategroup",
            "user_id": person.id,
            "user_name": person.handle,
            "command": "/tot",
            "text": text,
            "response_url": "http://127.0.0.1:9/none",
            "trigger_id": f"bench.{next(_numbers)}",
        },
        answerable=True,
    )
    took = delivery.attempts[0].acked_after
    if took is None or not (delivery.answer or {}).get("text"):
        raise RuntimeError(f"«/tot {text}» was not answered")
    return took


def general(sandbox: Sandbox) -> str:
    """Return the id of the channel that everyone is in."""
    return next(channel.id for channel in sandbox.workspace.channels.values() if channel.is_general)


ALONE = Aim("≤", 1.3, "×")
#: A command that reads and one that commits → who types it. A contact has no messages to be reworded.
COMMANDS = {"hjelp": "koordinator", "språk nynorsk": "barnevern"}
TOGETHER = {"hjelp": Aim("≥", 0.5, "×"), "språk nynorsk": Aim("≥", 0.4, "×")}


async def round_trips(sizes: Sizes) -> Part:
    """Measure the bot on SQLite and the bare listener, each in its own process."""
    with sqlite() as url:
        async with (
            database_with_partners(url),
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
    async def rate(sandbox: Sandbox, text: str) -> float:
        """Return commands per second with `in_flight` of them running all the time."""
        left, channel = iter(range(sizes.in_round)), general(sandbox)

        async def one_after_another() -> None:
            for _ in left:
                await round_trip(sandbox, text, channel, COMMANDS[text])

        began = time.perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(sizes.in_flight)))
        return sizes.in_round / (time.perf_counter() - began)

    bare: dict[str, list[float]] = {text: [] for text in COMMANDS}
    ours: dict[str, list[float]] = {text: [] for text in COMMANDS}
    for _ in range(sizes.rounds):
        for text in COMMANDS:
            bare[text].append(await rate(of_bare, text))
            ours[text].append(await rate(of_bot, text))
    return [
        times(
            median_ratio(ours[text], bare[text]),
            TOGETHER[text],
            f"{sizes.in_flight} in flight, /tot {text}",
            f"{statistics.median(ours[text]):.0f}/s · bare {statistics.median(bare[text]):.0f}/s",
        )
        for text in COMMANDS
    ]


GROWN = Aim("≤", 1.2, "×")


async def growth(sizes: Sizes) -> Part:
    """Measure two bots on SQLite in turn, each in its own process."""
    async with _town(sizes.few) as few, _town(sizes.many) as many:
        questions = {"/tot in a room": ("", _room), "/tot hjelp": ("hjelp", general)}
        took: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in questions}
        for _ in range(sizes.looks):
            for name, (text, place) in questions.items():
                for sandbox, seconds in zip((few, many), took[name], strict=True):
                    seconds.append(await round_trip(sandbox, text, place(sandbox), "koordinator"))
    return Part(
        f"5. A command with {sizes.many:,} cases stored, against {sizes.few}, on SQLite",
        [
            times(
                statistics.median(with_many) / statistics.median(with_few),
                GROWN,
                name,
                f"p50 {ms(statistics.median(with_many))} · {ms(statistics.median(with_few))}",
            )
            for name, (with_few, with_many) in took.items()
        ],
    )


@asynccontextmanager
async def _town(cases: int) -> AsyncIterator[Sandbox]:
    """Yield a workspace with a bot and this many cases, one of them open."""
    with sqlite() as url:
        async with (
            database_with_partners(url),
            Sandbox(MANIFEST) as sandbox,
            running(sandbox, TOT_RUN, DATABASE_URL=url),
        ):
            await open_case(sandbox)
            if await sandbox.workspace.changes.until(lambda: _has_card(sandbox), PATIENCE) is None:
                raise RuntimeError("the case got no room with a card")
            await asyncio.sleep(1)  # for the direct messages, which are sent last
            await asyncio.to_thread(copy_case, url, cases - 1)
            await asyncio.to_thread(checkpoint, url)
            yield sandbox


def _has_card(sandbox: Sandbox) -> bool:
    rooms = (c for c in sandbox.workspace.channels.values() if c.kind == "private")
    return any(message.by_bot and message.blocks for room in rooms for message in room.messages.values())


def _room(sandbox: Sandbox) -> str:
    return next(c.id for c in sandbox.workspace.channels.values() if c.kind == "private")


SLOWER = Aim("≤", 3.5, "×")
LARGER = Aim("≤", 2.4, "×")
MB = 1024 * 1024


async def starting(sizes: Sizes) -> Part:
    """Start each app in turn until its socket is open, then end it."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    with sqlite() as url:
        async with database_with_partners(url), Sandbox(MANIFEST) as sandbox:
            ends = time.monotonic() + sizes.patience
            for _ in range(sizes.starts + 1):
                if len(ours) > 1 and time.monotonic() > ends:
                    break
                async with running(sandbox, BARE) as app:
                    bare.append((app.started_in, app.peak_memory()))
                async with running(sandbox, TOT_RUN, DATABASE_URL=url) as app:
                    ours.append((app.started_in, app.peak_memory()))
    # Without the first start, which reads the programs from disk.
    (seconds, memory), (reference, least) = zip(*ours[1:], strict=True), zip(*bare[1:], strict=True)
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
