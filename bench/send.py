"""The cost of «Send» for a new case: its Web API calls, and the time to acknowledgement, room, messages."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from datetime import datetime

from bench.apps import (
    DATABASES,
    MANIFEST,
    PARTNERS,
    PATIENCE,
    TOT_RUN,
    database_with_partners,
    running,
    sqlite,
)
from bench.cases import AGENCIES, fill_in_case, open_case, submit
from bench.figures import Aim, Finding, Part, Sizes, ms, percentile
from bot.cli.demo import rehearse
from sandbox import Sandbox
from sandbox.exercises.runner import ZONE
from sandbox.faults import Fault
from sandbox.model import Change

NONE_TOO_MANY = Aim("≤", 0, "")
#: A Monday, so that two days ahead is no weekend.
STARTS = datetime(2026, 11, 30, 9, 0, tzinfo=ZONE)


async def calls(_sizes: Sizes) -> Part:
    """3. Count the calls against what Slack shows afterwards; bot and sandbox are in this process."""
    changes: list[Change] = []
    with sqlite() as url:
        async with rehearse(url, starts=STARTS, partners=PARTNERS, manifest=MANIFEST) as rehearsal:
            runner = rehearsal.runner
            await runner.until_idle()
            before = len(runner.sandbox.workspace.calls)
            runner.sandbox.workspace.on_change(changes.append)
            await open_case(runner.sandbox)
            await runner.until_idle()
            made: Counter[str] = Counter(call.method for call in runner.sandbox.workspace.calls[before:])
            required = _required(runner.sandbox, changes)
    methods = sorted({*made, *(method for method, (times, _) in required.items() if times)})
    return Part(
        f"3. Web API calls to open a case with {len(AGENCIES)} agencies (one on mail alone), by method",
        [_finding(method, made[method], required.get(method, (0, ""))[0]) for method in methods],
        [f"{method}: {required.get(method, (0, 'nothing in Slack needs it'))[1]}" for method in methods],
    )


def _finding(method: str, made: int, required: int) -> Finding:
    found = f"{made} made · {required} that Slack requires"
    return Finding(method, found, made - required, " more", NONE_TOO_MANY)


def _required(sandbox: Sandbox, changes: list[Change]) -> dict[str, tuple[int, str]]:
    """Return how often each method has to be called for what Slack shows now, and why."""
    ws = sandbox.workspace
    rooms = [c for c in ws.channels.values() if c.kind == "private"]
    posted = [c.message for c in changes if c.kind == "message_posted" and c.message is not None]
    standing = [m for m in posted if m.ts in ws.channels[m.channel].messages and m.user == ws.bot.id]
    written = [m for m in standing if not getattr(m, "files", []) and not getattr(m, "subtype", "")]
    shared = [m for m in standing if getattr(m, "files", [])]
    opened = [c for c in changes if c.kind == "modal_shown" and c.view is not None]
    roots = {c.view.id for c in opened if c.view is not None and c.view.root_view_id == c.view.id}
    guests = [room for room in rooms if set(room.members) - {ws.bot.id}]
    in_room = sum(ws.channels[m.channel] in rooms for m in written)
    return {
        "auth.test": (1, "who the bot is, before its first message of all; once in its life"),
        "views.open": (len(roots), "a form can be shown by nothing else; the review comes in its ack"),
        "conversations.create": (len(rooms), "the room"),
        "conversations.invite": (len(guests), "everyone who belongs in it so far, in one call"),
        "chat.postMessage": (
            len(written),
            f"{in_room} card in the room, {len(written) - in_room} direct messages: one a person who is told",
        ),
        "files.getUploadURLExternal": (len(shared), "a file's address"),
        "files.completeUploadExternal": (len(shared), "a file's share"),
        "views.update": (1, "the receipt leads to the room as soon as it is there; not required"),
        "pins.add": (len(guests), "the card stays at hand; not required"),
        "dnd.info": (len(AGENCIES) - 1, "who of those about to be told cannot hear it; not required"),
        "views.publish": (len(ws.homes), "Home of everyone who has looked at it"),
    }


async def latency(sizes: Sizes) -> Part:
    """6. Measure from «Send» under the review to its acknowledgement, the room and the last message."""
    findings: list[Finding] = []
    for name, place in DATABASES.items():
        with place() as url:
            sent = await _sent(url, sizes)
        for what, took in zip(("ack", "room exists", "last message"), zip(*sent, strict=True), strict=True):
            found = f"p50 {ms(statistics.median(took))} · p95 {ms(percentile(took, 0.95))}"
            findings.append(Finding(f"{name}, Send → {what}", found, statistics.median(took) * 1000, " ms"))
    far = f"; {ms(sizes.slack)} added to each call" if sizes.slack else ""
    return Part(
        "6. «Send» of a case with six agencies: view_submission sent → acknowledged, → invited into its room,"
        " → last message" + far,
        findings,
    )


async def _sent(url: str, sizes: Sizes) -> list[tuple[float, float, float]]:
    """Return the seconds to the acknowledgement, the room and the last message, for each case."""
    found: list[tuple[float, float, float]] = []
    async with (
        database_with_partners(url),
        Sandbox(MANIFEST) as sandbox,
        running(sandbox, TOT_RUN, DATABASE_URL=url),
    ):
        invited: list[float] = []
        posted: list[float] = []
        ws = sandbox.workspace

        def note(change: Change) -> None:
            if change.kind == "member_joined" and change.by == ws.bot.id:
                invited.append(time.monotonic())
            elif change.kind == "message_posted" and not getattr(change.message, "subtype", ""):
                posted.append(time.monotonic())

        ws.on_change(note)
        if sizes.slack:
            sandbox.faults.add(Fault("delayed", times=-1, seconds=sizes.slack))
        for _ in range(sizes.warm_up_sends + sizes.sends):
            await fill_in_case(sandbox)
            invited.clear()
            (attempt,) = (await submit(sandbox)).attempts
            if attempt.acked_after is None or not await ws.changes.until(lambda: bool(invited), PATIENCE):
                raise RuntimeError("the case got no room")
            await _quiet(sandbox)
            found.append((attempt.acked_after, invited[0] - attempt.sent, posted[-1] - attempt.sent))
    return found[sizes.warm_up_sends :]


async def _quiet(sandbox: Sandbox) -> None:
    """Wait until the bot makes no more calls, so that one case does not disturb the next."""
    calls = -1
    while calls != len(sandbox.workspace.calls):
        calls = len(sandbox.workspace.calls)
        await asyncio.sleep(0.5)
