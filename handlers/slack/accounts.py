"""The bot answers members of this workspace and registered guests, and nobody else.

Contacts of agencies, coordinators and seat holders (a liaison) are registered. Slack is asked only about
people who are not registered, whose request names another workspace, or whose account was deactivated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Refusal, Refused
from handlers.blocks.context import escape
from handlers.delivery.calls import SlackRefused, Undelivered
from handlers.slack.retry import when_open
from handlers.slack.services import Services, Visitor

Next = Callable[[], Awaitable[BoltResponse]]
Middleware = Callable[..., Awaitable[BoltResponse]]


class Account(StrEnum):
    """Kind of a Slack account."""

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDE = "outside"


def account(user: Mapping[str, Any], workspace_id: str) -> Account:
    """Classify a user object of Slack's. A member of the organisation's other workspaces is a member."""
    elsewhere = user.get("team_id") not in (workspace_id, None)
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger"):
        return Account.OUTSIDE
    if elsewhere and not user.get("enterprise_user"):
        return Account.OUTSIDE
    guest = user.get("is_restricted") or user.get("is_ultra_restricted")
    return Account.GUEST if guest else Account.MEMBER


async def admit(services: Services, visitor: Visitor, home: str | None) -> None:
    """Refuse guests who are not registered, and outsiders. `home` is the workspace named by the request."""
    # An account that was deactivated, or now belongs to another workspace, is looked up again first.
    at_home = home in (None, services.workspace_id) and not visitor.person.deactivated
    if at_home and visitor.registered:
        return
    found = await looked_up(
        services.client, visitor.slack_id, services.workspace_id, services.slack_waits / 2
    )
    # If Slack does not tell, unregistered people of this workspace are let in: they see no case.
    if found is None and not at_home:
        raise Refused(Refusal.NOT_LOOKED_UP)
    if found is Account.OUTSIDE or (found is Account.GUEST and not visitor.registered):
        teams = await services.database.read(lambda uow: [escape(team.name) for team in uow.teams()])
        team = visitor.words.either(teams) or visitor.words("modal.title")
        raise Refused(Refusal.FROM_OUTSIDE, team=team)


async def looked_up(
    client: AsyncWebClient, slack_id: str, workspace_id: str, within: float
) -> Account | None:
    """Return the kind of an account; None if Slack does not say `within` so many seconds."""
    try:
        async with asyncio.timeout(within):
            answer = await when_open(lambda: client.users_info(user=slack_id), 0)
    except SlackRefused as refused:
        return Account.OUTSIDE if refused.code in ("user_not_found", "user_not_visible") else None
    except (Undelivered, TimeoutError):
        return None
    return account(answer["user"], workspace_id)


def people_only(workspace_id: str) -> Middleware:
    """Pass on requests of people of this workspace.

    Messages of bots are dropped, so that two bots do not answer each other for ever; in a room they pass,
    because they are only read.
    """

    async def check(body: dict[str, Any], next: Next) -> BoltResponse:
        sender = body.get("team_id") or (body.get("team") or {}).get("id")
        if sender != workspace_id or _by_bot(body.get("event") or {}):
            return BoltResponse(status=200, body="")
        return await next()

    return check


def _by_bot(event: dict[str, Any]) -> bool:
    inner = event.get("message") or {}
    if event.get("type") == "message" and event.get("channel_type") == "group":
        return False
    return bool(event.get("bot_id") or event.get("subtype") == "bot_message" or inner.get("bot_id"))
