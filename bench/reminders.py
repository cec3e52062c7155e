"""2a. Due → Slack call for reminders, among many rows that are due later, on both databases."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import create_engine, select, type_coerce

from bench.commands import general
from bench.confirmed import confirm
from bench.figures import Aim, Finding, Part, ms, percentile
from bench.places import MANIFEST, fill_outbox, partners_known, postgresql, sqlite
from bench.processes import ROOT, TOT_RUN, environment, running
from bench.sizes import Sizes
from bot.domain.notifications import Kind
from sandbox.box import Sandbox
from sandbox.model import Message
from storage.tables import outbox
from storage.transactions import database_url
from storage.types import Instant

LATE = Aim("≤", 50, " ms")
#: Seconds from writing the reminders to the first that is due, and after the last one.
LEAD, TRAIL = 3.0, 2.0


async def measure(sizes: Sizes) -> Part:
    """One `tot run` after the other, on SQLite and on PostgreSQL."""
    findings: list[Finding] = []
    with sqlite() as url:
        findings += await _on("SQLite", url, sizes)
    with postgresql() as url:
        findings += await _on("PostgreSQL", url, sizes)
    return Part(
        f"2a. Due → chat.postMessage in the sandbox, {sizes.pending:,} other rows pending; "
        "bare = an HTTP post, sent → there",
        findings,
    )


async def _on(name: str, url: str, sizes: Sizes) -> list[Finding]:
    async with partners_known(url) as database, Sandbox(MANIFEST) as box:
        await fill_outbox(database, sizes.pending, url)
        async with running(box, TOT_RUN, DATABASE_URL=url):
            moments = _moments(sizes)
            due = [datetime.fromtimestamp(moment, UTC) for moment in moments]
            between = [moment + sizes.apart / 2 for moment in moments]
            await database.write(lambda uow: confirm(uow, due))
            async with _posting(box, between):
                await asyncio.sleep(moments[-1] + TRAIL - time.time())
    late, (bare, flushes) = _lateness(url, box), _bare(box)
    if len(late) != len(due):
        raise RuntimeError(f"{len(late)} of {len(due)} reminders arrived")
    late = late[sizes.warm_up :]
    p50, p99 = statistics.median(late), percentile(late, 0.99)
    bare50, bare99 = statistics.median(bare), percentile(bare, 0.99)
    flush50, flush99 = statistics.median(flushes), percentile(flushes, 0.99)
    found = f"p50 {ms(p50)} · p99 {ms(p99)} · bare p50 {ms(bare50)} p99 {ms(bare99)}"
    return [
        Finding(f"{name}, p99", found, p99 * 1000, " ms", LATE),
        Finding(
            f"{name}, p50 against bare",
            f"a bare flush to disk: p50 {ms(flush50)} p99 {ms(flush99)}",
            p50 / bare50,
            "×",
        ),
    ]


def _moments(sizes: Sizes) -> list[float]:
    """UNIX seconds, evenly spread with a little of chance, which the poster and the bot cannot follow."""
    draw = random.Random(1)  # noqa: S311
    first = time.time() + LEAD
    reminders = sizes.warm_up + sizes.reminders
    return [first + (n + draw.uniform(-0.2, 0.2)) * sizes.apart for n in range(reminders)]


@asynccontextmanager
async def _posting(box: Sandbox, moments: Sequence[float]) -> AsyncIterator[None]:
    """The bare poster, at work meanwhile."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.poster", general(box)),
        cwd=ROOT,
        env=environment(box),
        stdin=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        process.stdin.write("".join(f"{moment}\n" for moment in moments).encode())
        process.stdin.close()
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _posted(box: Sandbox) -> list[Message]:
    channels = box.workspace.channels.values()
    return [message for channel in channels for message in channel.messages.values() if message.by_bot]


def _lateness(url: str, box: Sandbox) -> list[float]:
    """Seconds from when each reminder was due to its `ts`, which is when the message was stored."""
    engine = create_engine(database_url(url))
    with engine.connect() as connection:
        said = outbox.c.kind == Kind.MEETING_SOON, outbox.c.done_at.is_not(None)
        rows = connection.execute(
            select(outbox.c.op_id, type_coerce(outbox.c.due_at, Instant())).where(*said)
        )
        due = {op_id: due_at.timestamp() for op_id, due_at in rows}
    engine.dispose()
    keys = [((m.metadata or {}).get("event_payload") or {}).get("op_id") for m in _posted(box)]
    return [float(m.ts) - due[key] for m, key in zip(_posted(box), keys, strict=True) if key in due]


def _bare(box: Sandbox) -> tuple[list[float], list[float]]:
    """Seconds from when the poster sent each of its messages to its `ts`, and that a flush to disk took."""
    texts = [(float(m.ts), *map(float, m.text.split())) for m in _posted(box) if m.metadata is None]
    return [ts - sent for ts, sent, _ in texts], [flush for _, _, flush in texts]
