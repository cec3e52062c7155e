"""Slash commands, sent as the sandbox sends them and timed from the envelope to its acknowledgement."""

from __future__ import annotations

import asyncio
import itertools
import time

from sandbox import Sandbox

_numbers = itertools.count(1)


async def round_trip(sandbox: Sandbox, text: str, channel: str, user: str) -> float:
    """Type `/tot` with this text; seconds until it was acknowledged.

    Raises:
        RuntimeError: it was not, or by an error.
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


async def rate(
    sandbox: Sandbox, text: str, channel: str, user: str, *, commands: int, in_flight: int
) -> float:
    """Commands a second with this many in flight all the time."""
    left = iter(range(commands))

    async def one_after_another() -> None:
        for _ in left:
            await round_trip(sandbox, text, channel, user)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(in_flight)))
    return commands / (time.perf_counter() - began)


def general(sandbox: Sandbox) -> str:
    """The id of the channel that everyone is in."""
    return next(channel.id for channel in sandbox.workspace.channels.values() if channel.is_general)
