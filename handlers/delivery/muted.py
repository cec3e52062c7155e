"""Until when a person's Slack is muted: asked when needed, and not stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

#: Seconds for all lookups together: a person waits for a form, and has three.
_IN_TIME = 1.0
#: Most people asked about at once; a review of more people covers only these.
_MOST = 12


async def muted_until(
    client: AsyncWebClient, slack_ids: Iterable[str], now: datetime
) -> Mapping[str, datetime | None]:
    """Return until when muted people are muted, by Slack id; aware UTC datetimes. None: Slack does not tell.

    Meanwhile Slack notifies neither desktop nor phone. A phone's own silent mode is not visible to Slack.
    Source: docs.slack.dev/reference/methods/dnd.info (`dnd:read`); Slack shows the `snooze_*` fields only to
    the person.
    """
    asked = list(dict.fromkeys(slack_ids))[:_MOST]
    try:
        async with asyncio.timeout(_IN_TIME):
            ends = await asyncio.gather(*(_ends(client, each, now) for each in asked))
    except TimeoutError:
        return dict.fromkeys(asked)
    return {each: end for each, end in zip(asked, ends, strict=True) if end != now}


async def _ends(client: AsyncWebClient, slack_id: str, now: datetime) -> datetime | None:
    """Return until when a person is muted: `now` if they are not, None if Slack does not tell."""
    try:
        answer = await client.dnd_info(user=slack_id)
    except (SlackClientError, aiohttp.ClientError):
        return None
    begins, ends = (_moment(answer.get(f"next_dnd_{which}_ts")) for which in ("start", "end"))
    if not answer.get("dnd_enabled") or begins is None or ends is None:
        return now
    return ends if begins <= now < ends else now


def _moment(seconds: object) -> datetime | None:
    """Return the time, or None: Slack sends 1 if there is none."""
    if not isinstance(seconds, int | float) or seconds <= 1:
        return None
    return datetime.fromtimestamp(seconds, UTC)
