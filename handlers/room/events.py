"""Events in rooms: messages, people who come and go, the room itself; accounts, Home."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Refused
from bot.domain.guard import ForbiddenKind, in_portions
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases import room
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home, see_home, show_open_asks
from handlers.blocks.lock_screen import whispered
from handlers.delivery.calls import SlackRefused, Undelivered, Unusable
from handlers.slack import events
from handlers.slack.accounts import Account, admit
from handlers.slack.accounts import account as account_kind
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.error_replies import in_words
from handlers.slack.retry import when_open
from handlers.slack.services import Services

log = structlog.get_logger(__name__)
#: Mentions and channel references are Slack's own ids, which look like number plates.
_REFERENCE = re.compile(r"<[@#!][^<>]*>")
_NEW = (None, "file_share", "thread_broadcast", "me_message", "bot_message")
#: Slack's own lines that repeat the name, topic or purpose that somebody has given the room.
_NAMED = tuple(f"{noun}_{what}" for noun in ("group", "channel") for what in ("name", "topic", "purpose"))
#: Slack's lines in a room that was made public, or private again; no other event tells of it.
_CONVERTED = ("channel_convert_to_public", "channel_convert_to_private")


async def message(request: EventRequest, event: events.MessageEvent) -> AfterAck | None:
    """To the bot: show what waits for the writer. In a room: apply the guard; notice a change to public."""
    if event.subtype in _CONVERTED:
        await request.once(lambda uow: room.room_changed(uow, event.channel))
        return None
    if event.channel_type == "im":
        return await _answer(request, event)
    if event.channel_type != "group":
        return None
    said = _said(event)
    if said is None or request.bot == said.user or (said.bot_id or "") == request.bot_id:
        return None
    user, services = said.user, request.services
    belongs = await services.database.read(lambda uow: room.belongs(uow, event.channel, user))
    if belongs is None:
        return None
    kinds = await kinds_in(said.pieces, services.clock.now().astimezone(OSLO).date())
    files = said.has_files and event.subtype != "message_changed"
    found = bool(kinds) or files
    if user is None or (said.bot_id and not belongs):
        await request.once(lambda uow: room.app_wrote(uow, event.channel, user, found=found))
        return None
    words = await request.once(lambda uow: services.visitor_in(uow, user).words) if found else None
    if words is None:
        return None
    text = reproach(words, kinds, files, named=event.subtype in _NAMED)
    return _whisper(services, event.channel, user, words, text)


async def _answer(request: EventRequest, event: events.MessageEvent) -> AfterAck | None:
    if event.user is None or event.subtype not in _NEW or event.bot_id:
        return None
    visitor = await request.services.visitor(event.user)
    try:
        await admit(request.services, visitor, event.user_team)
    except Refused as refused:
        text = in_words(visitor.words, refused)
        return _whisper(request.services, event.channel, event.user, visitor.words, text)
    await request.once(lambda uow: show_open_asks(uow, visitor.actor(uow), event.ts))
    return None


def _said(event: events.MessageEvent) -> events.Said | None:
    """Return the new content of the message; None if an edit left the text as it was."""
    if event.subtype in (*_NEW, *_NAMED):
        return event
    before, after = event.previous_message, event.message
    if event.subtype != "message_changed" or after is None:
        return None
    return None if before is not None and before.pieces == after.pieces else after


async def kinds_in(texts: Iterable[str], today: date) -> list[ForbiddenKind]:
    """Return the forbidden kinds in texts as Slack sends them, each once; other tasks run in between."""
    kinds: dict[ForbiddenKind, None] = {}
    for text in texts:
        for found in in_portions(_unescaped(_REFERENCE.sub(" ", text)), today=today):
            kinds |= dict.fromkeys(found)
            await asyncio.sleep(0)
    return list(kinds)


def _unescaped(text: str) -> str:
    """Unescape the three characters that Slack escapes; `html` fails on very long references."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _whisper(services: Services, channel: str, user: str, words: Words, text: str) -> AfterAck:
    """Return what says a text to one person only."""
    said, blocks = whispered(words, text)
    post = partial(services.client.chat_postEphemeral, channel=channel, user=user, text=said, blocks=blocks)

    async def whisper() -> None:
        try:
            await when_open(post)
        except SlackRefused as refused:
            # The writer has left meanwhile, and nobody else may read it.
            if refused.code not in ("user_not_in_channel", "channel_not_found", "not_in_channel"):
                raise

    return whisper


def reproach(words: Words, kinds: list[ForbiddenKind], files: bool, *, named: bool = False) -> str:
    """To the writer only: what kind of thing was seen, without repeating it, and what to do.

    `named`: it was seen in the room's name or topic.
    """
    lines = []
    if kinds:
        where = "guard.in-name" if named else "guard.in-room"
        lines.append(words(where, kinds=words.several(words(f"guard.kind.{k}") for k in kinds)))
    if files:
        lines.append(words("guard.file"))
    return "\n".join([*lines, words("guard.only-a-part")])


async def joined(request: EventRequest, event: events.MemberEvent) -> None:
    """Someone has joined a room. The bot itself is no intruder: it has been let in again."""
    if event.user == request.bot:
        await request.once(lambda uow: room.bot_joined(uow, event.channel))
    else:
        own = event.inviter == request.bot
        await request.once(lambda uow: room.someone_joined(uow, event.channel, event.user, let_in=own))


async def left(request: EventRequest, event: events.MemberEvent) -> None:
    if event.user != request.bot:
        await request.once(lambda uow: room.someone_left(uow, event.channel, event.user))


async def changed(request: EventRequest, event: events.RoomEvent) -> None:
    """A room as a whole has changed. Its state is looked up in Slack, since an event may be old."""
    await request.once(lambda uow: room.room_changed(uow, event.id))


async def account(request: EventRequest, event: events.AccountEvent) -> None:
    """An account was changed; most changes are of no interest, and cost only a read."""
    await _follow(request.services, event.user, request.once)


async def check_accounts(services: Services, client: AsyncWebClient) -> None:
    """Look up the accounts of coordinators and contacts, for changes while the bot did not listen.

    An account that Slack does not know is left to an operator: another workspace's token would know none. If
    Slack gives no answer about one, it is looked up an hour later; the others are looked up all the same.
    """
    for slack_id in await services.database.read(room.registered_accounts):
        try:
            # With many accounts, Slack limits the method for a moment (facts 12).
            answer = await when_open(partial(client.users_info, user=slack_id))
        except Unusable:
            raise
        except Undelivered as error:
            log.warning("account.not_looked_up", error=type(error).__name__)
        else:
            if answer.get("user"):
                await _follow(services, answer["user"], services.database.write)


async def _follow(
    services: Services,
    user: dict[str, Any],
    write: Callable[[Callable[[UnitOfWork], bool]], Awaitable[bool | None]],
) -> None:
    """Apply what Slack says of an account; log for an operator that nobody can run a team from Slack now.

    `tot doctor` says which team.
    """
    slack_id, kind = str(user.get("id")), account_kind(user, services.workspace_id)
    gone, guest = kind is Account.OUTSIDE, kind is Account.GUEST
    if not await services.database.read(lambda uow: room.is_news(uow, slack_id, gone, guest)):
        return
    if await write(lambda uow: room.account_changed(uow, slack_id, gone, guest)):
        log.error("team.without-coordinator")


async def home(request: EventRequest, event: events.HomeEvent) -> None:
    if event.tab in ("", "home"):
        visitor = await request.services.visitor(event.user)
        await admit(request.services, visitor, event.user_team)
        opened = await request.once(lambda uow: open_home(uow, visitor.actor(uow)))
        if opened is not None:
            await request.services.database.read(lambda uow: see_home(uow, opened))
