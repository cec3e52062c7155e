"""Names of people as Slack shows them, for a list to choose from: fetched as it opens, and not stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.domain.directory.entities import Person
from handlers.slack.requests import Request

#: Seconds that a form waits for names: its trigger lives three. Without names, people may be numbered.
PATIENCE = 1.0


async def names_of(request: Request, people: Iterable[Person]) -> Mapping[str, str]:
    """Return names by person id, as far as Slack returns them in time."""
    asked = {p.id: p.slack_id for p in people if p.slack_id is not None and not p.deactivated}
    names: dict[str, str] = {}

    async def ask(person_id: str, slack_id: str) -> None:
        with contextlib.suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
            user = (await request.client.users_info(user=slack_id)).get("user") or {}
            profile = user.get("profile") or {}
            name = profile.get("display_name") or profile.get("real_name") or user.get("real_name")
            if name:
                names[person_id] = str(name)

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*(ask(*each) for each in asked.items())), PATIENCE)
    return names
