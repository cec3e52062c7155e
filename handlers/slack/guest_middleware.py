"""Middleware that lets in members of this workspace and registered guests; the bot answers nobody else.

Contacts of agencies, coordinators and seat holders (a liaison) are registered. Slack is asked only about
people who are not registered, whose request names another workspace, or whose account was deactivated.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

import aiohttp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Refusal, Refused
from bot.texts.words import Words
from bot.usecases.overview import is_registered
from bot.usecases.ports import UnitOfWork
from handlers.blocks.context import escape
from handlers.blocks.lock_screen import whispered
from handlers.slack.error_replies import (
    answer_where_they_are,
    in_words,
    slack_error,
)
from handlers.slack.services import VISITOR, Services, Visitor

Next = Callable[[], Awaitable[BoltResponse]]
Middleware = Callable[..., Awaitable[BoltResponse]]
#: Seconds for which Slack's answer about an account is cached.
KEPT = 600.0
#: Most accounts cached, more than a workspace has; then the cache is cleared.
_MOST = 10_000
#: Events whose sender gets an answer. The other events are about rooms, and pass for any account.
_ANSWERED = frozenset({"message", "app_home_opened"})


class Account(StrEnum):
    """Kind of a Slack account."""

    MEMBER = "member"
    GUEST = "guest"
    OUTSIDE = "outside"


def account(user: Mapping[str, Any], workspace_id: str | None) -> Account:
    """Classify a user object of Slack's. A member of the organisation's other workspaces is a member."""
    elsewhere = workspace_id is not None and user.get("team_id") not in (workspace_id, None)
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger"):
        return Account.OUTSIDE
    if elsewhere and not user.get("enterprise_user"):
        return Account.OUTSIDE
    guest = user.get("is_restricted") or user.get("is_ultra_restricted")
    return Account.GUEST if guest else Account.MEMBER


class Accounts:
    """Cache of `users.info`; a lookup times out after `within` seconds."""

    def __init__(self, workspace_id: str | None, within: float) -> None:
        self._workspace_id = workspace_id
        self._within = within
        self._known: dict[str, tuple[Account, float]] = {}

    async def of(self, client: AsyncWebClient, slack_id: str) -> Account | None:
        """Return the kind of an account; None if Slack does not say."""
        known = self._known.get(slack_id)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        try:
            async with asyncio.timeout(self._within):
                answer = await client.users_info(user=slack_id)
        except SlackApiError as error:
            if slack_error(error) not in ("user_not_found", "user_not_visible"):
                return None
            found = Account.OUTSIDE
        except (TimeoutError, aiohttp.ClientError):
            return None
        else:
            if not (user := answer.get("user")):
                return None
            found = account(user, self._workspace_id)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[slack_id] = found, time.monotonic() + KEPT
        return found


def people_only(workspace_id: str | None) -> Middleware:
    """Pass on requests of people of this workspace; with None, of any workspace.

    Messages of bots are dropped, so that two bots do not answer each other for ever; in a room they pass,
    because they are only read.
    """

    async def check(body: dict[str, Any], next: Next) -> BoltResponse:
        sender = body.get("team_id") or (body.get("team") or {}).get("id")
        if (workspace_id is not None and sender != workspace_id) or _by_bot(body.get("event") or {}):
            return BoltResponse(status=200, body="")
        return await next()

    return check


def _by_bot(event: dict[str, Any]) -> bool:
    inner = event.get("message") or {}
    if event.get("type") == "message" and event.get("channel_type") == "group":
        return False
    return bool(event.get("bot_id") or event.get("subtype") == "bot_message" or inner.get("bot_id"))


def guest_middleware(services: Services) -> Middleware:
    """Allow members and registered guests; of any workspace if none is known."""
    workspace_id = services.workspace_id
    accounts = Accounts(workspace_id, services.slack_waits / 2)

    async def check(
        body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, next: Next
    ) -> BoltResponse:
        slack_id, home = _sender(body)
        if slack_id is None:
            return await next()
        visitor, registered = await services.database.read(lambda uow: _known(uow, slack_id))
        # An account that was deactivated, or now belongs to another workspace, is looked up again first.
        gone = visitor.person.deactivated
        at_home = workspace_id is None or home in (None, workspace_id)
        if not (at_home and registered and not gone):
            what = await accounts.of(client, slack_id)
            # If Slack does not tell, unregistered people of this workspace are let in: they see no case.
            if what is None and not (at_home and not gone):
                text = in_words(visitor.words, Refused(Refusal.NOT_LOOKED_UP))
                return await _refused(text, visitor.words, slack_id, body, context, client)
            if what is Account.OUTSIDE or (what is Account.GUEST and not registered):
                teams = await services.database.read(lambda uow: [escape(team.name) for team in uow.teams()])
                text = in_words(
                    visitor.words,
                    Refused(
                        Refusal.FROM_OUTSIDE, team=visitor.words.either(teams) or visitor.words("modal.title")
                    ),
                )
                return await _refused(text, visitor.words, slack_id, body, context, client)
        context[VISITOR] = visitor
        return await next()

    def _known(uow: UnitOfWork, slack_id: str) -> tuple[Visitor, bool]:
        visitor = services.visitor_in(uow, slack_id)
        return visitor, is_registered(uow, visitor.person)

    return check


def _sender(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the sender who expects an answer and their workspace, each None if the request names none."""
    event = body.get("event")
    if isinstance(event, Mapping):
        asks = event.get("type") in _ANSWERED and event.get("channel_type", "im") == "im"
        user, home = (event.get("user"), event.get("user_team")) if asks else (None, None)
    elif isinstance(body.get("user"), Mapping):
        user, home = body["user"].get("id"), body["user"].get("team_id")
    else:
        user, home = body.get("user_id"), None
    return user if isinstance(user, str) else None, home if isinstance(home, str) else None


async def _refused(
    text: str,
    spoken: Words,
    slack_id: str,
    body: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
) -> BoltResponse:
    event = body.get("event")
    if event is None:
        return await answer_where_they_are(text, spoken, body, context, client) or BoltResponse(status=200)
    if event.get("type") == "message" and event.get("channel"):
        said, blocks = whispered(spoken, text)
        await client.chat_postEphemeral(channel=event["channel"], user=slack_id, text=said, blocks=blocks)
    return BoltResponse(status=200)
