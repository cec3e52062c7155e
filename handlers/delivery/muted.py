"""Until when somebody's Slack is muted: asked at the moment, and kept nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

#: Seconds for all of them together: a person waits for a form, who has three.
_IN_TIME = 1.0
#: So many are asked about at once; a review of more people says it of these.
_MOST = 12


async def muted_until(
    client: AsyncWebClient, slack_ids: Iterable[str], now: datetime
) -> Mapping[str, datetime | None]:
    """Return until when those are muted who are, by Slack id; aware UTC datetimes. None: Slack does not tell.

    While it lasts, Slack notifies neither desktop nor phone. A phone that is silent by itself is not seen.
    Source: docs.slack.dev/reference/methods/dnd.info (`dnd:read`); the fields `snooze_*` are told to the
    person alone.
    """
    asked = list(dict.fromkeys(slack_ids))[:_MOST]
    try:
        async with asyncio.timeout(_IN_TIME):
            ends = await asyncio.gather(*(_ends(client, each, now) for each in asked))
    except TimeoutError:
        return dict.fromkeys(asked)
    return {each: end for each, end in zip(asked, ends, strict=True) if end != now}


async def _ends(client: AsyncWebClient, slack_id: str, now: datetime) -> datetime | None:
    """Return until when they are muted: `now` if they are not, None where Slack does not tell."""
    try:
        answer = await client.dnd_info(user=slack_id)
    except (SlackClientError, aiohttp.ClientError):
        return None
    begins, ends = (_moment(answer.get(f"next_dnd_{which}_ts")) for which in ("start", "end"))
    if not answer.get("dnd_enabled") or begins is None or ends is None:
        return now
    return ends if begins <= now < ends else now


def _moment(seconds: object) -> datetime | None:
    """Slack says 1 where there is none."""
    if not isinstance(seconds, int | float) or seconds <= 1:
        return None
    return datetime.fromtimestamp(seconds, UTC)
